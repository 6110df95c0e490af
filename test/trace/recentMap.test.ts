/** What is remembered of models: what was used last stays, what no text has needed for a while goes. */
import { expect, it } from 'vitest';
import { RecentMap } from '../../server/src/trace/recentMap.js';

it('keeps what was used last, and at most twice as many as it must', () => {
  const map = new RecentMap<number, string>(100);
  for (let i = 0; i < 1_000; i++) {
    map.set(i, String(i));
    expect(map.get(0)).toBe('0');
  }
  for (let i = 900; i < 1_000; i++) expect(map.get(i)).toBe(String(i));
  expect(
    Array.from({ length: 1_000 }, (_, i) => map.get(i)).filter((value) => value !== undefined).length,
  ).toBeLessThan(201);
});

it('lets go what no text has asked for', () => {
  const map = new RecentMap<string, number>(100);
  map.set('used', 1);
  map.set('idle', 2);
  for (let text = 0; text < 64; text++) {
    map.nextText();
    expect(map.get('used')).toBe(1);
  }
  expect(map.get('idle')).toBeUndefined();
});

it('drops what a test says, wherever it is', () => {
  const map = new RecentMap<number, number>(2);
  for (let i = 0; i < 4; i++) map.set(i, i);
  map.dropIf((value) => value % 2 === 0);
  expect([0, 1, 2, 3].map((i) => map.get(i))).toEqual([undefined, 1, undefined, 3]);
});
