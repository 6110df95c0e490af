/**
 * The whole way, through the language server and the real engine: an operator nobody knows,
 * the question, consent, the loopback service with one good and one bad edit, only the good
 * one back, with its saving, and the trace with its cost and the person's judgement.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { esbuildPythonText } from '../../server/build/pylib.mjs';
import {
  type AiPreview,
  type AiProgress,
  type AskParams,
  type AskResult,
  aiClientRequests,
  aiNotifications,
  aiRequests,
} from '../../shared/ai.js';
import { pullClient, root, Session } from '../lsp/harness.js';
import { FaultServer } from './server.js';
import { script } from './wire.js';

const source = `import torch
from torch import nn
from my_kernels import fused_scores


# eco: x=(4,1024,64) float32
class Net(nn.Module):
    def __init__(self, dim: int = 64):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        y = fused_scores(q, k).softmax(-1) @ v
        return self.out(y)
`;
const line = source.split('\n').findIndex((l) => l.includes('y = fused_scores'));
const equivalent = {
  operator: 'fused_scores',
  source: 'def fused_scores(q, k):\n    return (q @ k.transpose(-2, -1)) * q.shape[-1] ** -0.5',
};
const edit = (newText: string) => [{ startLine: line + 1, endLine: line + 1, newText }];
const answer = JSON.stringify({
  summary: 'The product can be fused.',
  assumptions: ['fused_scores scales by the square root of the width'],
  claims: [],
  proposals: [
    {
      title: 'Fuse',
      reasoning: 'No score tensor is kept.',
      edits: edit('        y = torch.nn.functional.scaled_dot_product_attention(q, k, v)'),
      imports: [],
      equivalent,
    },
    { title: 'Skip', reasoning: 'Faster still.', edits: edit('        return x'), imports: [], equivalent },
  ],
});

const server = new FaultServer();
const state = mkdtempSync(join(tmpdir(), 'ecocompute-ai-'));
let url = '';
let session: Session;

beforeAll(async () => {
  url = await server.start();
  server.answer = ({ format }) => script(format, answer, 'none');
  const folder = join(root, 'node_modules', '.cache', 'ecocompute-tests', 'ai', 'dist');
  mkdirSync(folder, { recursive: true });
  const require = createRequire(import.meta.url);
  const webTreeSitter = dirname(require.resolve('web-tree-sitter'));
  for (const [entry, out] of [
    ['program', 'server'],
    ['engineWorker', 'worker'],
  ]) {
    await esbuild.build({
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      mainFields: ['module', 'main'],
      logLevel: 'error',
      external: ['tree-sitter', 'tree-sitter-python'],
      alias: { 'web-tree-sitter': join(webTreeSitter, 'tree-sitter.cjs') },
      define: { 'import.meta.url': '""', 'import.meta.dirname': '__dirname' },
      plugins: [esbuildPythonText()],
      entryPoints: [join(root, `server/src/lsp/${entry}.ts`)],
      outfile: join(folder, `${out}.js`),
    });
  }
  cpSync(join(webTreeSitter, 'tree-sitter.wasm'), join(folder, 'web-tree-sitter.wasm'));
  cpSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm'), join(folder, 'tree-sitter-python.wasm'));
  process.env['ECOCOMPUTE_AI_FOLDER'] = state;
  session = await Session.start({
    command: [process.execPath, join(folder, 'server.js'), '--stdio'],
    capabilities: pullClient,
  });
});
afterAll(async () => {
  await session.stop();
  await server.stop();
  rmSync(state, { recursive: true, force: true });
  delete process.env['ECOCOMPUTE_AI_FOLDER'];
});

it('unknown operator: asked with consent, checked, only the good edit comes back, the trace has it all', async () => {
  const uri = 'file:///project/net.py';
  await session.open(uri, source);
  let consents = 0;
  let agree = false;
  const previews: AiPreview[] = [];
  const progress: AiProgress[] = [];
  session.connection.onRequest(aiClientRequests.key, ({ provider }: { provider: string }) =>
    provider === 'gemini' ? 'key-from-secret-storage' : null,
  );
  session.connection.onRequest(aiClientRequests.consent, (preview: AiPreview) => {
    consents++;
    previews.push(preview);
    return agree;
  });
  session.connection.onNotification(aiNotifications.progress, (p: AiProgress) => void progress.push(p));
  const params: AskParams = {
    uri,
    id: '1',
    task: 'propose_fix',
    line,
    prompt: '',
    asked: 'person',
    settings: { baseUrls: { gemini: url }, callsPerMonth: 1e6 },
  };

  const refused = await session.connection.sendRequest<AskResult>(aiRequests.ask, params);
  expect([refused.outcome, server.seen.length, consents]).toEqual(['refused', 0, 1]);
  expect(previews[0]!.text).toContain('fused_scores(q, k)');

  agree = true;
  const result = await session.connection.sendRequest<AskResult>(aiRequests.ask, params);
  expect([result.problem, result.outcome]).toEqual([null, 'answered']);
  expect(result.answeredBy).toMatch(/^gemini\//);
  expect(result.proposals.map((p) => [p.title, p.status])).toEqual([['Fuse', 'checked']]);
  const [proposal] = result.proposals;
  expect(proposal!.energy[0]!.after_J).toBeLessThan(proposal!.energy[0]!.before_J);
  expect(proposal!.edits[0]!.range.start.line).toBe(line);
  expect(result.rejected.map((r) => r.what)).toEqual(['Skip']);
  expect(result.costUsd).toBeGreaterThan(0);
  expect(progress.some((p) => p.kind === 'text')).toBe(true);
  expect(server.seen[0]!.headers['x-goog-api-key']).toBe('key-from-secret-storage');

  await session.connection.sendRequest(aiRequests.feedback, { traceId: result.traceId, feedback: 'accepted' });
  const exported = JSON.parse(await session.connection.sendRequest<string>(aiRequests.exportTraces, {}));
  expect(exported.records.at(-1)).toMatchObject({
    id: result.traceId,
    user_feedback: 'accepted',
    verification: { accepted: 1, rejected: 1 },
  });
  expect(readFileSync(join(state, 'traces.jsonl'), 'utf8')).not.toContain('fused_scores(q, k)');
});

it('without keys the demo answers, and says so', async () => {
  session.connection.onRequest(aiClientRequests.key, () => null);
  const result = await session.connection.sendRequest<AskResult>(aiRequests.ask, {
    uri: 'file:///project/net.py',
    id: '2',
    task: 'report_narrative',
    line: null,
    prompt: '',
    asked: 'person',
    settings: {},
  } satisfies AskParams);
  expect([result.answeredBy, result.text.startsWith('Demo answer')]).toEqual(['demo/facts', true]);
});
