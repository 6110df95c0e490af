/** Presets from the rules' metadata: which rules run, and how loud they are. */
import { allRules } from './registry.js';
import type { RuleMeta, Severity } from './types.js';

export const presets = ['recommended', 'all', 'strict'] as const;
export type Preset = (typeof presets)[number];

/** One level louder; errors stay errors. */
const louder: Record<Severity, Severity> = {
  hint: 'information',
  information: 'warning',
  warning: 'error',
  error: 'error',
};

/** `recommended` leaves out rules that are not for everyone; `all` has every rule; `strict` too, each one level louder. */
export function isInPreset(meta: RuleMeta, preset: Preset): boolean {
  return preset !== 'recommended' || meta.recommended;
}

export function severityIn(meta: RuleMeta, preset: Preset): Severity {
  return preset === 'strict' ? louder[meta.severity] : meta.severity;
}

export function rulesOf(preset: Preset): readonly RuleMeta[] {
  return allRules.map((rule) => rule.meta).filter((meta) => isInPreset(meta, preset));
}
