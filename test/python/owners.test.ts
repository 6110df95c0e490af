/** Which modules an object is in the description of: all of those that live are told of a write to it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { objectClass } from '../../server/src/python/classes.js';
import { Owners } from '../../server/src/python/owners.js';
import { PyInstance } from '../../server/src/python/values.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const some = (count: number): PyInstance[] => Array.from({ length: count }, () => new PyInstance(objectClass));

function told(owners: Owners): Set<PyInstance> {
  const all = new Set<PyInstance>();
  owners.each((owner) => all.add(owner));
  return all;
}

it.each([2, 8, 9, 500])('tells each of %i owners, however often it was added', (count) => {
  const all = some(count);
  const owners = new Owners(all[0] as PyInstance);
  for (let again = 0; again < 2; again++) for (const owner of all) owners.add(owner);
  expect(told(owners)).toEqual(new Set(all));
});

it('does not keep those alive that nobody else holds', async () => {
  const [first, ...kept] = some(20);
  const owners = new Owners(first as PyInstance);
  for (const owner of kept) owners.add(owner);
  for (const owner of some(1_000)) owners.add(owner);
  // references that were looked at hold what they name until the task ends
  await nextTask();
  collect();
  const left = told(owners);
  expect(left.size).toBeLessThan(40);
  for (const owner of kept) expect(left.has(owner)).toBe(true);
});
