/** Manifest, schema and server agree on every setting: names, defaults, and what is accepted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientCommands, serverCommands } from '../../shared/protocol.js';
import { defaultSettings, readSettings, settingKeys } from '../../shared/settings.js';

const root = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const properties: Record<
  string,
  { default: unknown; type: string | string[]; enum?: (string | null)[]; scope: string; order: number }
> = manifest.contributes.configuration.properties;
/** Read by the client library, not by the server. */
const ofTheClient = ['trace.server'];
/** Go with each question to a language model (client/src/ai/settings.ts); the schema of the server does not know them. */
const ofQuestions = [
  'allow',
  'automatic',
  'baseUrls',
  'callsPerMonth',
  'dataRegion',
  'deny',
  'excludedProviders',
  'enable',
  'fallbacks',
  'hedgeAfter',
  'localOnly',
  'maxCostPerCall',
  'model',
  'monthlyBudget',
  'objective',
  'preferredProviders',
  'runPython',
].map((name) => `ai.${name}`);

describe('settings', () => {
  it('have the same names in manifest and schema', () => {
    const names = Object.keys(properties).map((name) => name.replace(/^ecocompute\./, ''));
    expect(names.sort()).toEqual([...settingKeys, ...ofTheClient, ...ofQuestions].sort());
  });

  it('have the same defaults', () => {
    for (const key of settingKeys)
      expect({ key, is: properties[`ecocompute.${key}`].default }).toEqual({ key, is: defaultSettings[key] });
  });

  it('accept each choice that the manifest offers', () => {
    for (const key of settingKeys) {
      for (const choice of properties[`ecocompute.${key}`].enum ?? []) {
        expect(readSettings({ [key]: choice })).toMatchObject({ settings: { [key]: choice }, problems: [] });
      }
    }
  });

  it('replace what does not fit by the default, and say which', () => {
    const { settings, problems } = readSettings({ run: 'sometimes', batch: 0, enable: false, other: 1 });
    expect(settings).toEqual({ ...defaultSettings, enable: false });
    expect(problems.map(({ key, value }) => [key, value])).toEqual([
      ['batch', '0'],
      ['run', '"sometimes"'],
    ]);
    for (const nothing of [undefined, null, 3, 'x', []])
      expect(readSettings(nothing)).toEqual({ settings: defaultSettings, problems: [] });
  });

  it('of a path are not taken from a workspace that is not trusted', () => {
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual([
      'ecocompute.pythonPath',
      'ecocompute.extraPaths',
      'ecocompute.ai.model',
      'ecocompute.ai.fallbacks',
      'ecocompute.ai.monthlyBudget',
      'ecocompute.ai.automatic',
      'ecocompute.ai.allow',
      'ecocompute.ai.deny',
    ]);
    // Where keys go to and what is run is never a workspace's business.
    for (const name of ['ai.baseUrls', 'ai.runPython'])
      expect(properties[`ecocompute.${name}`].scope, name).toBe('machine');
    expect(properties['ecocompute.pythonPath'].scope).toBe('machine-overridable');
  });
});

describe('commands', () => {
  const contributed: string[] = manifest.contributes.commands.map((one: { command: string }) => one.command);
  const registered = [
    ...readFileSync(join(root, 'client/src/commands.ts'), 'utf8').matchAll(/^ {2}'(ecocompute\.\w+)':/gm),
  ].map((found) => found[1]);

  it('of the manifest are those that the client registers', () => {
    expect(contributed.sort()).toEqual(registered.sort());
  });

  it('that lenses name exist, and those of the server do not collide with them', () => {
    for (const command of Object.values(clientCommands)) expect(contributed).toContain(command);
    for (const command of Object.values(serverCommands)) expect(contributed).not.toContain(command);
  });
});
