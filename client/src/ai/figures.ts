/** Figures of calls and savings in a few words, and the words of an answer while it still arrives. No editor here. */

/** `$0.0012, 0.34 g CO2e`. */
export function figuresOfCall(usd: number, grams: number): string {
  return `${dollars(usd)}, ${mass(grams)} CO2e`;
}

export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0) return `-${dollars(-usd)}`;
  return usd >= 0.1 ? `$${usd.toFixed(2)}` : `$${Number(usd.toPrecision(2))}`;
}

export function mass(grams: number): string {
  if (grams === 0) return '0 g';
  if (grams < 0) return `-${mass(-grams)}`;
  if (grams >= 1000) return `${Number((grams / 1000).toPrecision(3))} kg`;
  return `${Number(grams.toPrecision(2))} g`;
}

export interface EnergyChange {
  readonly before_J: number;
  readonly after_J: number;
}

/** Over all entries of the file: joules and percent of one call of each. null when nothing is known. */
export function savingOf(
  energy: readonly EnergyChange[],
): { readonly joules: number; readonly percent: number } | null {
  const before = energy.reduce((sum, one) => sum + one.before_J, 0);
  const after = energy.reduce((sum, one) => sum + one.after_J, 0);
  if (!(before > 0) || !Number.isFinite(after)) return null;
  return { joules: before - after, percent: (100 * (before - after)) / before };
}

/** `0.12 J`, `3.4 mJ`. */
export function joules(value: number): string {
  const units: readonly (readonly [number, string])[] = [
    [1e3, 'kJ'],
    [1, 'J'],
    [1e-3, 'mJ'],
    [1e-6, 'µJ'],
  ];
  const [factor, unit] = units.find(([one]) => Math.abs(value) >= one) ?? units[3];
  return `${Number((value / factor).toPrecision(3))} ${unit}`;
}

/**
 * Answers arrive as JSON. What a person can read of an unfinished one: the texts of its
 * telling fields, in order, the last one as far as it has come.
 */
export function readable(json: string): string {
  const texts: string[] = [];
  const fields = /"(?:summary|explanation|title|reasoning|why|risk)"\s*:\s*"((?:[^"\\]|\\.)*)/g;
  for (const [, body = ''] of json.matchAll(fields)) texts.push(unescaped(body));
  return texts.filter((one) => one !== '').join('\n\n');
}

function unescaped(body: string): string {
  const whole = body.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, '');
  try {
    return JSON.parse(`"${whole.replace(/\n/g, '\\n').replace(/\t/g, '\\t')}"`) as string;
  } catch {
    return whole;
  }
}

/** Whether the month's budget is used up; null: no budget. */
export function budgetUsed(spentUsd: number, budgetUsd: number | null): boolean {
  return budgetUsd !== null && spentUsd >= budgetUsd;
}
