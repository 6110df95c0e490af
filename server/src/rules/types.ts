/**
 * What a rule is and what it reports. One rule is one file: `eco100-….ts` exports
 * `defineRule({...})`; the registry is generated from the file names.
 */
import type * as z from 'zod';
import type { Stmt } from '../syntax/ast.js';
import type { FactSource } from './facts.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Node } from './semantic/walk.js';
import type { Suppression } from './suppressions.js';
import type { Visits } from './visits.js';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** As in ruff: `safe` computes the same and belongs to fix-all; `unsafe` may change behaviour; `suggestion` is shown as a diff. */
export type FixSafety = 'safe' | 'unsafe' | 'suggestion';

/** One text with `{name}` placeholders, in the languages we speak. */
export interface Message {
  readonly en: string;
  readonly zh: string;
}

export interface Evidence {
  readonly claim: string;
  readonly source: string;
}

/** How the saving of a finding is worked out. */
export type SavingKind =
  /** Re-estimate the edited text: energy before minus after. */
  | 'energy'
  /** Re-estimate the edited text: peak memory; energy where the trace shows one. */
  | 'memory'
  /** The trace cannot show it. */
  | 'formula'
  /** A defect: the energy of the run is at risk, nothing is saved. */
  | 'at-risk';

export interface RuleMeta<MessageId extends string = string> {
  readonly code: string;
  readonly name: string;
  readonly family: string;
  readonly severity: Severity;
  /** On without any configuration. */
  readonly recommended: boolean;
  /** Safety of the fix when every guard is proven; null for rules without a fix. */
  readonly fixSafety: FixSafety | null;
  readonly saving: SavingKind;
  /** Version of ours that introduced it. */
  readonly since: string;
  /** Oldest PyTorch whose behaviour the fix relies on. */
  readonly minTorch: string;
  readonly aliases: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly messages: Readonly<Record<MessageId, Message>>;
  readonly options: z.ZodType;
  /** Page in docs/rules/. */
  readonly docs: string;
}

/** One replacement, in absolute UTF-16 offsets of the text that was checked. */
export interface OffsetEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

export interface FindingFix {
  readonly safety: FixSafety;
  readonly messageId: string;
  readonly title: string;
  readonly titleZh: string;
  readonly edits: readonly OffsetEdit[];
}

export interface RelatedRange {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly messageZh: string;
}

export interface RuleFinding {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly messageId: string;
  readonly data: Readonly<Record<string, string>>;
  readonly message: string;
  readonly messageZh: string;
  /** Absolute UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  readonly related: readonly RelatedRange[];
  readonly fix: FindingFix | null;
  /** Code of the rule whose fix must be applied first; then this rule has a fix of its own. */
  readonly requires: string | null;
  readonly saving: SavingKind;
  readonly docs: string;
}

/** One guard of the catalogue: `unknown` demotes the fix to a suggestion and the finding one level. */
export type Guard = true | false | 'unknown';

/** What fills a placeholder; a `Message` where the text depends on the language. */
export type Datum = string | number | Message;

/** A place that the trace knows by its absolute UTF-16 offsets. */
export interface TracedRange {
  readonly at: { readonly start: number; readonly end: number };
}

export interface Report<MessageId extends string> {
  readonly messageId: MessageId;
  readonly node: Node | TracedRange;
  /** When the finding covers more than one node: from `node` to here. */
  readonly endNode?: Node;
  readonly data?: Readonly<Record<string, Datum>>;
  readonly related?: readonly {
    readonly node: Node | TracedRange;
    readonly messageId: MessageId;
    readonly data?: Readonly<Record<string, Datum>>;
  }[];
  readonly fix?: {
    readonly messageId: MessageId;
    readonly data?: Readonly<Record<string, Datum>>;
    readonly safety: FixSafety;
    readonly edits: readonly OffsetEdit[];
  } | null;
  readonly requires?: string | null;
  /** True when a guard could not be decided. */
  readonly undecided?: boolean;
  /** Overrides the rule's severity before demotion. */
  readonly severity?: Severity;
}

export interface RuleContext<MessageId extends string = string, Options = unknown> extends Visits {
  readonly file: string;
  readonly text: string;
  readonly index: ModuleIndex;
  readonly facts: FactSource;
  readonly options: Options;
  /** The file's suppression comments; the rule about them runs last and sees what they silenced. */
  readonly suppressions: readonly Suppression[];
  /** Kernels seen at a node. */
  kernelsAt(node: Node): ReturnType<FactSource['kernelsIn']>;
  /** Module calls seen at a node. */
  modulesAt(node: Node): ReturnType<FactSource['modulesIn']>;
  /** Statement of a node. */
  statement(node: Node): Stmt;
  report(report: Report<MessageId>): void;
}

export interface Rule<MessageId extends string = string, Options = unknown> {
  readonly meta: RuleMeta<MessageId>;
  /** Words of which at least one must stand in the file: a cheap gate before any look-up. */
  readonly gate: readonly string[];
  check(context: RuleContext<MessageId, Options>): void;
}
