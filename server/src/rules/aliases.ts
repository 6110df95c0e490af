/** Other tools' names for our rules (TorchFix's `TOR…`): accepted wherever a code is. */
import { allRules } from './registry.js';

let byName: Map<string, string[]> | null = null;

/** The codes that a code, a rule's name or an alias stands for, in any case of letters; empty when there is no such rule. */
export function codesNamed(name: string): readonly string[] {
  if (byName === null) {
    byName = new Map();
    for (const { meta } of allRules)
      for (const one of [meta.code, meta.name.toUpperCase(), ...meta.aliases])
        byName.set(one, [...(byName.get(one) ?? []), meta.code]);
  }
  return byName.get(name.trim().toUpperCase()) ?? [];
}
