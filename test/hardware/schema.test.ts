/** The schema that editors complete `ecocompute.hardware.json` by is the one that reads it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { overridesFileName, overridesSchema } from '../../server/src/hardware/overrides.js';

const root = join(import.meta.dirname, '..', '..');
const path = join(root, 'media', 'ecocompute.hardware.schema.json');

it('is contributed as it is checked (UPDATE=1 writes it)', () => {
  const schema = JSON.parse(JSON.stringify(overridesSchema()));
  if (process.env['UPDATE'] !== undefined) writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(schema);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(manifest.contributes.jsonValidation).toContainEqual({
    fileMatch: overridesFileName,
    url: './media/ecocompute.hardware.schema.json',
  });
});
