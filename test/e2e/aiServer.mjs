/** The loopback service of the unit tests (test/llm/server.ts), for scenarios: bundled, because Node does not load its imports as they are. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { openEditor } from './editor.mjs';
import { startServer } from './vscodeServer.mjs';

/** @param {string | ((request: string) => string)} answerText */
export async function startAiServer(answerText) {
  const folder = mkdtempSync(join(tmpdir(), 'eco-ai-server-'));
  const outfile = join(folder, 'server.mjs');
  await esbuild.build({
    stdin: {
      contents: "export { FaultServer } from './server.js'; export { script } from './wire.js';",
      resolveDir: join(import.meta.dirname, '..', 'llm'),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  const { FaultServer, script } = await import(pathToFileURL(outfile).href);
  const server = new FaultServer();
  server.answer = ({ format, body }) =>
    script(format, typeof answerText === 'function' ? answerText(JSON.stringify(body)) : answerText, 'none');
  const url = await server.start();
  return {
    url,
    seen: server.seen,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A scenario in an editor whose Gemini is the loopback service and whose traces have a folder of their own.
 * @param {{ browser: object, vscode: string, vsix: string, folder: string, file: string, answer: Parameters<typeof startAiServer>[0], environment?: object, settings?: object }} options
 * @param {(given: { editor: object, service: object, server: object, traces: string }) => Promise<void>} scenario
 */
export async function withAiEditor(options, scenario) {
  const { browser, vscode, vsix, folder, file, answer, environment = {}, settings = {} } = options;
  const traces = mkdtempSync(join(tmpdir(), 'eco-traces-'));
  const service = await startAiServer(answer);
  const leave = withEnvironment({ ECOCOMPUTE_AI_FOLDER: traces, ...environment });
  const server = await startServer({
    vscode,
    vsix,
    settings: {
      'workbench.colorTheme': 'Default Dark Modern',
      'ecocompute.ai.baseUrls': { gemini: service.url },
      ...settings,
    },
  });
  try {
    const editor = await openEditor({ browser, port: server.port, folder, file });
    await scenario({ editor, service, server, traces });
    await editor.close();
  } finally {
    leave();
    await server.stop();
    await service.stop();
    rmSync(traces, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The editor under test gets this environment and no keys. Answers what puts it back. */
export function withEnvironment(more) {
  const saved = { ...process.env };
  for (const name of Object.keys(process.env)) if (/_API_KEY$|^ECOCOMPUTE_LLM/.test(name)) delete process.env[name];
  Object.assign(process.env, more);
  return () => {
    for (const name of Object.keys(more)) delete process.env[name];
    Object.assign(process.env, saved);
  };
}

/** Records of a trace folder, oldest first; feedback lines are not among them. */
export function tracesIn(folder) {
  return recordsIn(join(folder, 'traces.jsonl')).filter((one) => one.feedbackFor === undefined);
}

/** Lines of a JSONL file that are whole: another process may be in the middle of writing the last one. */
export function recordsIn(path) {
  if (!existsSync(path)) return [];
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return whole.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** Clicks a row of the picker that is open. */
export async function choose(editor, label) {
  const row = editor.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first();
  await row.waitFor();
  await row.click();
}
