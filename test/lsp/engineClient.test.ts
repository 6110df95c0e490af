/** The queue in front of the engine's worker: urgency, interruption, and what happens to calls when the worker dies. */
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Target } from '../../server/src/analysis/engine.js';
import { CallCancelled, CallFailed, EngineClient } from '../../server/src/lsp/engineClient.js';
import type { OpenMessage } from '../../server/src/lsp/engineProtocol.js';
import { buildScriptedServer } from './harness.js';

const environment = { pythonPath: [], sitePackages: [] };
const target = { hardware: 'h100-sxm' } as Target;
const background = { priority: 2, environment, file: 'a.py' } as const;
const urgent = { priority: 0, environment } as const;

let workerFile: string;
let client: EngineClient;
let crashes: { reason: string; again: boolean }[];
let documents: OpenMessage[];

beforeAll(async () => {
  workerFile = join(dirname(await buildScriptedServer('client')), 'worker.js');
});
beforeEach(() => {
  crashes = [];
  documents = [];
  client = new EngineClient({
    workerFile,
    documents: () => documents,
    log: () => {},
    onReady: () => {},
    onCrash: (reason, again) => crashes.push({ reason, again }),
  });
});
afterEach(() => client.dispose());

function open(file: string, text: string): void {
  documents.push({ kind: 'open', file, text, version: 1 });
}

it('lets urgent calls through idle work, which is taken up again and can be dropped', async () => {
  open('a.py', 'IDLE waste()');
  open('b.py', 'layer');
  const idle = client.call('withSavings', ['a.py', target], background);
  const hover = await client.call('hover', ['b.py', 0, 2, target], urgent);
  expect(hover?.kind).toBe('module');
  // It is at work again and would not end by itself.
  client.cancelFile('a.py');
  await expect(idle).rejects.toBeInstanceOf(CallCancelled);
  expect(crashes).toEqual([]);
});

it('takes the most urgent first', async () => {
  open('a.py', 'layer');
  const order: string[] = [];
  const note = (name: string) => () => order.push(name);
  await Promise.all([
    client.call('analyse', ['a.py', target], { priority: 1, environment }).then(note('first')),
    client.call('withSavings', ['a.py', target], { priority: 2, environment }).then(note('idle')),
    client.call('analyse', ['a.py', target], { priority: 1, environment }).then(note('diagnostics')),
    client.call('hover', ['a.py', 0, 0, target], urgent).then(note('hover')),
  ]);
  expect(order).toEqual(['first', 'hover', 'diagnostics', 'idle']);
});

it('is not asked when the asker has already gone, and stops when they go', async () => {
  open('a.py', 'SLOW');
  const gone = { isCancellationRequested: true, onCancellationRequested: () => ({ dispose() {} }) };
  await expect(client.call('analyse', ['a.py', target], { ...urgent, token: gone })).rejects.toBeInstanceOf(
    CallCancelled,
  );
  let fire = () => {};
  const token = {
    isCancellationRequested: false,
    onCancellationRequested(listener: () => void) {
      fire = listener;
      return { dispose() {} };
    },
  };
  const slow = client.call('analyse', ['a.py', target], { ...urgent, token });
  fire();
  await expect(slow).rejects.toBeInstanceOf(CallCancelled);
});

it('fails the call that killed the worker, answers the others, and gives up after four deaths in a row', async () => {
  open('dead.py', 'DIE');
  open('a.py', 'waste()');
  const deadly = client.call('analyse', ['dead.py', target], urgent);
  const other = client.call('analyse', ['a.py', target], { priority: 1, environment });
  await expect(deadly).rejects.toMatchObject({ name: 'CallFailed', fatal: true });
  expect((await other).findings).toHaveLength(1);
  expect(crashes).toEqual([{ reason: 'exit code 7', again: true }]);
  for (let death = 0; death < 4; death += 1) {
    await expect(client.call('analyse', ['dead.py', target], urgent)).rejects.toBeInstanceOf(CallFailed);
  }
  expect(crashes.at(-1)?.again).toBe(false);
  await expect(client.call('analyse', ['a.py', target], urgent)).rejects.toThrow(/waits for the next edit/);
  // An edit is a reason to try again.
  documents.splice(0, documents.length, { kind: 'open', file: 'a.py', text: 'waste()', version: 2 });
  client.tell({ kind: 'change', file: 'a.py', edits: [], version: 2 });
  expect((await client.call('analyse', ['a.py', target], urgent)).findings).toHaveLength(1);
});
