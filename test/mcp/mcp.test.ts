/** The MCP server over its own protocol, line by line. */
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngine } from '../../server/src/analysis/createEngine.js';
import { makeAnswerChecker } from '../../server/src/llm/verify/checkAnswer.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { serveMcp } from '../../server/src/mcp/server.js';
import { createParser } from '../../server/src/syntax/createParser.js';
import { netSource, services } from '../llm/harness.js';

const file = '/project/net.py';
const input = new PassThrough();
const output = new PassThrough();
let served: Promise<void>;
const waiting = new Map<number, (message: Reply) => void>();
interface Reply {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the protocol says
  readonly result: any;
}
let next = 1;

function send(method: string, params: object): Promise<Reply> {
  const id = next++;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    input.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
  });
}
const call = async (name: string, args: object) => (await send('tools/call', { name, arguments: args })).result;

beforeAll(async () => {
  let buffer = '';
  output.on('data', (chunk) => {
    buffer += String(chunk);
    for (let end = buffer.indexOf('\n'); end >= 0; end = buffer.indexOf('\n')) {
      const message = JSON.parse(buffer.slice(0, end));
      buffer = buffer.slice(end + 1);
      waiting.get(message.id)?.(message);
    }
  });
  served = serveMcp({
    version: '1.2.3',
    input,
    output,
    ports: {
      resolve: (name) => {
        if (name !== 'net.py') throw new Error(`${name}: no such file`);
        return { path: file, text: netSource };
      },
      engine: async () => {
        const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
        engine.open(file, netSource, 1);
        return engine;
      },
      services: async (path, text, target) =>
        services({
          key: () => null,
          checkAnswer: makeAnswerChecker({
            parser: await createParser({}),
            files: nodeFiles,
            environment: { pythonPath: [], sitePackages: [] },
            cancelled: () => false,
            file: path,
            text,
            target,
            numeric: null,
          }),
        }),
    },
  });
  const { result } = await send('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
  expect(result.serverInfo).toMatchObject({ name: 'ecocompute', version: '1.2.3' });
  input.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
});
afterAll(async () => {
  input.end();
  await served;
});

it('lists its tools with schemas', async () => {
  const { result } = await send('tools/list', {});
  expect(result.tools.map((t: { name: string }) => t.name)).toEqual([
    'estimate',
    'audit',
    'explain',
    'compare_hardware',
    'propose_fix',
  ]);
  expect(
    result.tools.every(
      (t: { annotations: object; inputSchema: { type: string } }) => t.inputSchema.type === 'object' && t.annotations,
    ),
  ).toBe(true);
});

it('estimates, audits, explains, compares', async () => {
  const estimate = await call('estimate', { file: 'net.py', entry: 'Net()', inputs: ['2x128x64:float32'] });
  expect(estimate.structuredContent.estimates[0]).toMatchObject({
    entry: 'Net()',
    hardware: 'h100-sxm',
    coverage: { unknownOps: 0 },
  });
  expect(estimate.content[0].text).toContain('Energy of one call');
  const audit = await call('audit', { file: 'net.py', hardware: 'l4' });
  expect(audit.structuredContent.findings.map((f: { rule: string }) => f.rule)).toContain('ECO100');
  expect((await call('explain', { rule: 'eco100' })).content[0].text).toContain('ECO100');
  const compare = await call('compare_hardware', { file: 'net.py', hardware: ['l4', 'h100-sxm'] });
  expect(compare.structuredContent.rows.map((r: { energy_J: number }) => r.energy_J > 0)).toEqual([true, true]);
});

it('proposes what passes the checks, and changes nothing', async () => {
  const line = netSource.split('\n').findIndex((l) => l.includes('softmax')) + 1;
  const { structuredContent } = await call('propose_fix', { file: 'net.py', line });
  expect(structuredContent.proposals[0]).toMatchObject({
    status: 'checked',
    title: 'Use scaled_dot_product_attention',
  });
  expect(structuredContent.answeredBy).toBe('demo/facts');
});

it('answers bad input with one sentence', async () => {
  expect(await call('estimate', { file: 'no.py' })).toMatchObject({
    isError: true,
    content: [{ text: 'no.py: no such file' }],
  });
  expect(await call('audit', { file: 'net.py', hardware: 'h10' })).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining('Unknown hardware') }],
  });
  expect(await call('explain', { rule: 'ECO9' })).toMatchObject({ isError: true });
});
