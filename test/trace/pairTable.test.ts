/** Numbers of pairs: equal for equal pairs, and for no others, however many there are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairTable } from '../../server/src/trace/pairTable.js';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('numbers of pairs', () => {
  it('tells pairs apart as a map of texts does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(fc.nat(50), int32), fc.oneof(fc.nat(50), int32)), {
          maxLength: 5_000,
          size: 'large',
        }),
        (all) => {
          const table = new PairTable(1);
          const oracle = new Map<string, number>();
          for (const [a, b] of [...all, ...all]) {
            const id = table.pair(a, b);
            const known = oracle.get(`${a} ${b}`);
            if (known === undefined) oracle.set(`${a} ${b}`, id);
            else expect(id).toBe(known);
          }
          expect(new Set(oracle.values()).size).toBe(oracle.size);
        },
      ),
    );
  });

  it('gives no number twice when it has let everything go', () => {
    const table = new PairTable(1);
    const given = new Set<number>();
    const wanted = 600_000;
    for (let i = 0; i < wanted; i++) given.add(table.pair(i, i >> 3));
    expect(given.size).toBe(wanted);
    // the first are long gone, the last is still known
    const again = table.pair(0, 0);
    expect(given.has(again)).toBe(false);
    expect(table.pair(wanted - 1, (wanted - 1) >> 3)).toBe(again - 1);
  });

  it('gives texts numbers that no pair has', () => {
    const table = new PairTable(1);
    const word = table.text('conv1');
    expect(table.text('conv1')).toBe(word);
    expect(table.pair(0, 0)).not.toBe(word);
  });
});
