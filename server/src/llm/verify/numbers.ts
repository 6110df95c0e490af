/**
 * Figures in an answer against the engine's. A claimed figure that differs is struck out and
 * corrected in the text; one that the engine does not know is marked as not confirmed.
 */

import { figureText } from '../safety/facts.js';
import type { AnswerBase } from '../tasks/task.js';
import type { Fact, FactUnit } from '../types.js';

export interface Correction {
  readonly claimed: string;
  /** null: the engine has no such figure. */
  readonly engine: string | null;
  readonly fact: string | null;
}

/** Models round; more than this relative difference is another number. */
const tolerance = 0.02;

const scales: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  m: 1e-3,
  µ: 1e-6,
  μ: 1e-6,
  u: 1e-6,
};
const words: Readonly<Record<string, number>> = { thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12 };

interface Figure {
  readonly value: number;
  readonly unit: FactUnit | null;
}

/** `8.2`, `GFLOPs` → 8.2e9 FLOP. Unit null: not one of ours. */
export function figureOf(number: string, unitText: string): Figure {
  const value = Number(number.replace(/[, _\u00a0\u202f]/g, ''));
  const unit = unitText.trim();
  const flop = /^([kKMGTP]?)(?:FLOPs?|flops?|Flops?)$/.exec(unit);
  if (flop !== null) return { value: value * scales[flop[1]!]!, unit: 'FLOP' };
  const binary = /^([KMGT])iB$/.exec(unit);
  if (binary !== null) return { value: value * 1024 ** ('KMGT'.indexOf(binary[1]!) + 1), unit: 'B' };
  const bytes = /^([kKMGTP]?)B(?:ytes)?$/.exec(unit) ?? /^()bytes?$/.exec(unit);
  if (bytes !== null) return { value: value * scales[bytes[1]!]!, unit: 'B' };
  const hours = /^([kKMmG]?)Wh$/.exec(unit);
  if (hours !== null) return { value: value * scales[hours[1]!]! * 3600, unit: 'J' };
  const plain = /^([kKMGTmµμu]?)(J|W|s)$/.exec(unit);
  if (plain !== null) return { value: value * scales[plain[1]!]!, unit: plain[2] as FactUnit };
  if (/^(joules?)$/i.test(unit)) return { value, unit: 'J' };
  if (/^(seconds?)$/i.test(unit)) return { value, unit: 's' };
  if (/^(watts?)$/i.test(unit)) return { value, unit: 'W' };
  if (unit === '%' || unit === 'percent') return { value, unit: 'percent' };
  const grams = /^(k?)g\s*CO[2₂]e?q?$/i.exec(unit);
  if (grams !== null) return { value: value * (grams[1] === '' ? 1 : 1000), unit: 'gCO2e' };
  const parameters = /^(thousand|million|billion|trillion|[kKMBT])?\s*(?:parameters|params)$/.exec(unit);
  if (parameters !== null) {
    const p = parameters[1];
    return { value: value * (p === undefined ? 1 : (words[p] ?? (p === 'B' ? 1e9 : scales[p]!))), unit: 'count' };
  }
  if (unit === 'USD' || unit === '$') return { value, unit: 'USD' };
  if (unit === 'count' || unit === '') return { value, unit: 'count' };
  if (unit === 'USD/1M calls' || unit === 'gCO2e/1M calls') return { value, unit };
  return { value, unit: null };
}

const figurePattern =
  /(?<money>\$\s?(?<usd>\d[\d,]*(?:\.\d+)?))|(?<![\w.])(?<number>\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\s?(?<unit>[kKMGTP]?(?:FLOPs?|flops)\b|[KMGT]iB\b|[kKMGTP]?B\b|bytes\b|[kKMmG]?Wh\b|[kKMGTmµμu]?[JWs]\b|joules?\b|seconds?\b|watts?\b|k?g\s?CO[2₂]e?q?|%|percent\b|(?:thousand |million |billion |[kKMBT] ?)?(?:parameters|params)\b)/g;

export interface NumbersResult<T> {
  readonly data: T;
  readonly corrections: readonly Correction[];
}

/** Checks claims and every string of the answer; strings under `skip` keys are code. */
export function checkNumbers<T extends AnswerBase>(
  data: T,
  facts: readonly Fact[],
  skip: readonly string[],
): NumbersResult<T> {
  const corrections: Correction[] = [];
  const claims = data.claims.map((claim) => {
    const fact = facts.find((one) => one.id === claim.fact);
    const figure = figureOf(String(claim.value), claim.unit);
    if (fact === undefined || fact.value === null) {
      corrections.push({ claimed: `${claim.value} ${claim.unit}`, engine: null, fact: claim.fact });
      return claim;
    }
    // a claim in a unit of another kind is a wrong claim as well
    if (figure.unit === fact.unit && close(figure.value, fact.value)) return claim;
    corrections.push({
      claimed: `${claim.value} ${claim.unit}`,
      engine: figureText(fact.value, fact.unit),
      fact: fact.id,
    });
    return { ...claim, value: fact.value, unit: fact.unit };
  });
  // what a wrong claim says is wrong wherever the text repeats it
  const wrong = new Map(
    data.claims.flatMap((claim, i) => {
      const fact = facts.find((one) => one.id === claim.fact);
      return fact?.value != null && claims[i] !== claim ? [[claim, fact] as const] : [];
    }),
  );
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return skip.includes(key) ? value : correct(value, facts, wrong, corrections);
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === 'claims' ? v : walk(v, k)]));
    return value;
  };
  return { data: { ...(walk(data, '') as T), claims }, corrections };
}

function correct(
  text: string,
  facts: readonly Fact[],
  wrong: ReadonlyMap<AnswerBase['claims'][number], Fact>,
  corrections: Correction[],
): string {
  return text.replace(figurePattern, (...args) => {
    const whole = args[0] as string;
    const groups = args[args.length - 1] as Record<string, string | undefined>;
    const offset = args[args.length - 3] as number;
    const figure =
      groups['usd'] === undefined ? figureOf(groups['number']!, groups['unit']!) : figureOf(groups['usd'], '$');
    if (figure.unit === null || !Number.isFinite(figure.value)) return whole;
    const same = facts.filter((fact) => fact.value !== null && sameKind(fact.unit, figure.unit!));
    if (same.some((fact) => close(figure.value, fact.value!, shownDigits(groups['usd'] ?? groups['number']!))))
      return whole;
    const claimed = [...wrong].find(([claim]) => {
      const f = figureOf(String(claim.value), claim.unit);
      return f.unit === figure.unit && close(f.value, figure.value);
    });
    const fact = claimed?.[1] ?? named(text, offset, same);
    if (fact === undefined) {
      // percentages and plain counts are often arithmetic or settings; only figures the engine measures are marked
      if (figure.unit === 'percent' || figure.unit === 'count' || figure.unit === 's') return whole;
      corrections.push({ claimed: whole, engine: null, fact: null });
      return `${whole} (not confirmed by the engine)`;
    }
    const right = figureText(fact.value!, fact.unit);
    corrections.push({ claimed: whole, engine: right, fact: fact.id });
    return `~~${whole}~~ ${right}`;
  });
}

function sameKind(fact: FactUnit, figure: FactUnit): boolean {
  return (
    fact === figure ||
    (figure === 'USD' && fact === 'USD/1M calls') ||
    (figure === 'gCO2e' && fact === 'gCO2e/1M calls')
  );
}

/** The fact that the sentence around a figure speaks of: all telling words of its label stand there, or there is only one of its kind. */
function named(text: string, offset: number, same: readonly Fact[]): Fact | undefined {
  const from = Math.max(text.lastIndexOf('. ', offset), text.lastIndexOf('\n', offset)) + 1;
  const end = text.slice(offset).search(/[.;]\s|\n/);
  const sentence = text.slice(from, end < 0 ? undefined : offset + end).toLowerCase();
  const scored = same
    .map((fact) => {
      const telling = fact.label
        .toLowerCase()
        .split(/\W+/)
        .filter((word) => word.length > 3);
      return {
        fact,
        hits: telling.filter((word) => sentence.includes(word.replace(/s$/, ''))).length,
        of: telling.length,
      };
    })
    .sort((a, b) => b.hits / (b.of || 1) - a.hits / (a.of || 1));
  const [best, next] = scored;
  if (best === undefined) return undefined;
  if (scored.length === 1 && (best.hits > 0 || same[0]!.unit === 'FLOP')) return best.fact;
  return best.hits > 0 && best.hits / best.of > (next === undefined ? 0 : next.hits / (next.of || 1))
    ? best.fact
    : undefined;
}

function shownDigits(number: string): number {
  const digits = number
    .replace(/[eE].*$/, '')
    .replace(/[^\d]/g, '')
    .replace(/^0+/, '');
  return Math.max(1, digits.length);
}

/** Within the tolerance, or equal when rounded to the digits that were shown. */
function close(a: number, b: number, digits?: number): boolean {
  if (a === b) return true;
  if (Math.abs(a - b) <= tolerance * Math.abs(b)) return true;
  return digits !== undefined && digits >= 2 && Number(b.toPrecision(digits)) === Number(a.toPrecision(digits));
}
