/** Attributes that share their names behave as a map each, and alike instances have the same names. */
import { expect, it } from 'vitest';
import { Attributes, KeyTable } from '../../server/src/python/instanceAttributes.js';
import { random } from '../robustness/mutate.js';

it('whatever is set and deleted, in whatever order, each is as a Map would be', () => {
  const next = random(20261120);
  const below = (n: number): number => Math.floor(next() * n);
  for (let round = 0; round < 200; round++) {
    const table = new KeyTable();
    const pairs = Array.from({ length: 4 }, () => [new Attributes(table), new Map<string, number>()] as const);
    for (let step = 0; step < 60; step++) {
      const [attributes, map] = pairs[below(4)]!;
      const name = `name_${below(9)}`;
      if (below(4) > 0) {
        attributes.set(name, step);
        map.set(name, step);
      } else expect(attributes.delete(name)).toBe(map.delete(name));
      for (const [a, m] of pairs) {
        expect([...a]).toEqual([...m]);
        expect([a.size, a.get(name), a.has(name)]).toEqual([m.size, m.get(name), m.has(name)]);
      }
    }
    const copy = pairs[0]![0].copy();
    copy.set('another', 1);
    expect([...pairs[0]![0]]).toEqual([...pairs[0]![1]]);
  }
});

it('instances that went the same way share their names, deletions included', () => {
  const table = new KeyTable();
  const make = (last: string): Attributes => {
    const a = new Attributes(table).set('norm', null).set('width', 4);
    a.delete('norm');
    return a.set(last, 8);
  };
  const [a, b, other] = [make('depth'), make('depth'), make('height')];
  expect(a.namesId).toBe(b.namesId);
  expect([...other.keys()]).toEqual(['width', 'height']);
  expect(other.namesId).not.toBe(a.namesId);
  // a name that looks like a deletion is a name
  new Attributes(table).set('norm', null).set('width', 4).set('more', 1);
  const strange = new Attributes(table).set('norm', null).set('width', 4).set('-0', 1);
  expect([...strange]).toEqual([
    ['norm', null],
    ['width', 4],
    ['-0', 1],
  ]);
});
