/**
 * The gate for edits from outside. In order: the text (textEdit.ts); every model of the file
 * keeps its outputs and parameters and still uses each parameter with the same work; the
 * predicted energy goes down and nowhere up; the rule engine finds nothing new. Then it is
 * "checked"; numeric agreement in a sandbox makes it "verified" (sandbox.ts).
 */

import { type AnalysedEntry, DocumentAnalysis } from '../../analysis/documentAnalysis.js';
import type { EnvironmentOptions, FilePort, Target } from '../../analysis/engine.js';
import type { EstimateReport } from '../../analysis/model.js';
import type { RuleFinding } from '../../rules/types.js';
import type { Parser } from '../../syntax/parser.js';
import { EditedSources, Sources } from '../../trace/sources.js';
import type { Proposal } from '../tasks/tasks.js';
import { bufferNames, type Use, useOf } from './reach.js';
import { withStandIn } from './standIn.js';
import { applyProposal, type LineRange } from './textEdit.js';

/** Relative change of energy that counts as one. */
const noise = 1e-4;
const fuel = 5_000_000;

export interface EditCheckRequest {
  readonly file: string;
  readonly text: string;
  readonly target: Target;
  readonly range: LineRange;
  readonly proposal: Proposal;
}

export interface EntryEnergy {
  readonly entry: string;
  readonly before_J: number;
  readonly after_J: number;
  /** What a million calls save; null: not known. */
  readonly savedPerMillion: { readonly usd: number; readonly gCO2e: number } | null;
}

export interface EditVerdict {
  readonly accepted: boolean;
  /** Sentences; empty when accepted. */
  readonly reasons: readonly string[];
  readonly text: string | null;
  readonly edits: readonly { readonly start: number; readonly end: number; readonly newText: string }[];
  readonly energy: readonly EntryEnergy[];
  /** Work without parameters that is gone: accepted only when the numbers agree. null: none is gone. */
  readonly needsNumbers: string | null;
  /** Lines an operator the engine does not know was assumed to be; null when there was none. */
  readonly standIn: string | null;
}

export interface EditCheckerOptions {
  readonly parser: Parser;
  readonly files: FilePort;
  readonly environment: EnvironmentOptions;
  readonly cancelled: () => boolean;
}

interface Analysed {
  readonly entries: readonly AnalysedEntry[];
  readonly uses: ReadonlyMap<string, Use>;
  readonly buffers: ReadonlyMap<string, string>;
  readonly findings: readonly RuleFinding[];
}

export class EditChecker {
  private readonly sources: Sources;

  constructor(private readonly options: EditCheckerOptions) {
    this.sources = new Sources(options.parser, options.files);
  }

  /** Never throws: what goes wrong is a reason. */
  check(request: EditCheckRequest): EditVerdict {
    try {
      return this.run(request);
    } catch (error) {
      return refused([`it could not be checked: ${error instanceof Error ? error.message : String(error)}`]);
    }
  }

  private run({ file, text, target, range, proposal }: EditCheckRequest): EditVerdict {
    const applied = applyProposal(this.options.parser, text, range, proposal);
    if (!applied.ok) return refused(applied.reasons);
    let before = this.analyse(file, text, target);
    let afterText = applied.text;
    let standIn: string | null = null;
    if (before.entries.every((e) => e.report.energy_J === null) && proposal.equivalent !== null) {
      // what the operator costs is the cost of the plain PyTorch that the answer says it equals
      const stood = withStandIn(this.options.parser, text, proposal.equivalent);
      if (!stood.ok) return refused([stood.reason]);
      standIn = proposal.equivalent.source;
      before = this.analyse(file, stood.text, target);
      const after = withStandIn(this.options.parser, applied.text, proposal.equivalent);
      if (after.ok) afterText = after.text;
    }
    const after = this.analyse(file, afterText, target);
    const reasons: string[] = [];
    const energy: EntryEnergy[] = [];
    for (const entry of before.entries) {
      const name = entry.trace.entry;
      if (entry.trace.error !== null || entry.trace.missing !== null) continue;
      const now = after.entries.find((e) => e.trace.entry === name);
      if (now === undefined) {
        reasons.push(`${name} cannot be built any more`);
        continue;
      }
      reasons.push(...compare(name, entry, now, before, after));
      const was = entry.report.energy_J;
      const is = now.report.energy_J;
      if (was !== null && is !== null)
        energy.push({
          entry: name,
          before_J: was.value,
          after_J: is.value,
          savedPerMillion: saved(entry.report.per_million, now.report.per_million),
        });
      else if (was !== null) reasons.push(`the energy of ${name} is not known any more`);
    }
    if (energy.length === 0) reasons.push('no model of the file could be priced before and after it');
    else {
      const dearer = energy.find((e) => e.after_J > e.before_J * (1 + noise));
      if (dearer !== undefined)
        reasons.push(
          `${dearer.entry} would use more energy: ${joules(dearer.before_J)} now, ${joules(dearer.after_J)} then`,
        );
      else if (!energy.some((e) => e.after_J < e.before_J * (1 - noise)))
        reasons.push('it saves no energy that can be predicted');
    }
    reasons.push(...newFindings(before.findings, after.findings));
    if (reasons.length > 0) return { ...refused(reasons.slice(0, 8)), energy, standIn };
    const needsNumbers =
      energy
        .map(({ entry }) => workGone(entry, before.uses.get(entry), after.uses.get(entry)))
        .find((why) => why !== null) ?? null;
    return { accepted: true, reasons: [], text: applied.text, edits: applied.edits, energy, needsNumbers, standIn };
  }

  private analyse(file: string, text: string, target: Target): Analysed {
    const analysis = new DocumentAnalysis({
      file,
      sources: new EditedSources(this.sources, file, text),
      environment: this.options.environment,
      target,
      fuel,
      // remembered calls share tensors: the way of a parameter could not be followed
      memoise: false,
      cancelled: this.options.cancelled,
    });
    const uses = new Map<string, Use>();
    const buffers = new Map<string, string>();
    for (const [key, built] of analysis.program?.built ?? []) {
      const entry = (JSON.parse(key) as [string])[0];
      const found = analysis.entries.find((e) => e.trace.entry === entry);
      if (found === undefined || built.module === null) continue;
      uses.set(entry, useOf(built.module, found.trace));
      buffers.set(entry, bufferNames(built.module).join(' '));
    }
    return { entries: analysis.entries, uses, buffers, findings: analysis.findings() };
  }
}

function refused(reasons: readonly string[]): EditVerdict {
  return { accepted: false, reasons, text: null, edits: [], energy: [], needsNumbers: null, standIn: null };
}

function compare(name: string, was: AnalysedEntry, is: AnalysedEntry, before: Analysed, after: Analysed): string[] {
  if (is.trace.missing !== null || is.trace.error !== null)
    return [
      `${name} fails: ${is.trace.error === null ? is.trace.missing : `${is.trace.error.type}: ${is.trace.error.message}`}`,
    ];
  const reasons: string[] = [];
  const oldUnknown = was.report.coverage.unknownOps;
  const newUnknown = is.report.coverage.unknownOps;
  if (newUnknown > oldUnknown)
    reasons.push(`${name} then holds ${newUnknown - oldUnknown} more operators that are not understood`);
  const shapes = (e: AnalysedEntry): string =>
    e.trace.outputs.map((o) => `${o.shape === null ? '?' : `(${o.shape.join(', ')})`} ${o.dtype}`).join(', ');
  // an output behind an unknown operator has no shape to compare
  if (oldUnknown === 0 && shapes(was) !== shapes(is))
    reasons.push(`the outputs of ${name} change from ${shapes(was)} to ${shapes(is)}`);
  const old = before.uses.get(name);
  const now = after.uses.get(name);
  if (old === undefined || now === undefined) return reasons;
  if (before.buffers.get(name) !== after.buffers.get(name)) reasons.push(`the buffers of ${name} change`);
  for (const [parameter, use] of old.parameters) {
    const other = now.parameters.get(parameter);
    if (other === undefined) reasons.push(`parameter ${parameter} of ${name} is gone`);
    else if (use.shape.join() !== other.shape.join() || use.dtype !== other.dtype)
      reasons.push(
        `parameter ${parameter} of ${name} changes from (${use.shape.join(', ')}) ${use.dtype} to (${other.shape.join(', ')}) ${other.dtype}`,
      );
    else if (use.reaches && !other.reaches && oldUnknown === 0)
      reasons.push(`parameter ${parameter} of ${name} no longer reaches the output`);
    // a bias is part of the product or added after it, as the input's layout has it
    else if (use.flops !== other.flops && use.shape.length > 1 && oldUnknown === 0)
      reasons.push(`the work with parameter ${parameter} of ${name} changes from ${use.flops} to ${other.flops} FLOPs`);
  }
  for (const parameter of now.parameters.keys())
    if (!old.parameters.has(parameter)) reasons.push(`parameter ${parameter} of ${name} is new`);
  return reasons.slice(0, 4);
}

/** Products between activations, softmaxes, norms, activation functions: nothing but the numbers shows whether they were needed. */
function workGone(name: string, before: Use | undefined, after: Use | undefined): string | null {
  if (before === undefined || after === undefined) return null;
  if (after.activationFlops < before.activationFlops)
    return `it leaves out ${before.activationFlops - after.activationFlops} FLOPs of products between activations of ${name}`;
  for (const [kind, count] of before.nonlinear) {
    const left = after.nonlinear.get(kind) ?? 0;
    if (left < count) return `it leaves out ${count - left} of ${count} calls of ${kind} in ${name}`;
  }
  return null;
}

/** Findings the edit would bring, by rule. Hints do not count. */
function newFindings(before: readonly RuleFinding[], after: readonly RuleFinding[]): string[] {
  const serious = (list: readonly RuleFinding[]): RuleFinding[] =>
    list.filter((f) => f.severity === 'error' || f.severity === 'warning');
  const count = (list: readonly RuleFinding[], code: string): number => list.filter((f) => f.code === code).length;
  const [old, now] = [serious(before), serious(after)];
  const codes = [...new Set(now.map((f) => f.code))].filter((code) => count(now, code) > count(old, code));
  return codes.map((code) => `it brings a finding of ${code}: ${now.find((f) => f.code === code)!.message}`);
}

function joules(x: number): string {
  return `${x.toPrecision(3)} J`;
}

type PerMillion = EstimateReport['per_million'];
function saved(before: PerMillion, after: PerMillion): EntryEnergy['savedPerMillion'] {
  if (before.usd === null || after.usd === null || before.gCO2e === null || after.gCO2e === null) return null;
  return { usd: before.usd.value - after.usd.value, gCO2e: before.gCO2e.value - after.gCO2e.value };
}
