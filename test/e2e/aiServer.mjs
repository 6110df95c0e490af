/** The loopback service of the unit tests (test/llm/server.ts), for scenarios: bundled, because Node does not load its imports as they are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

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
  server.answer = ({ format }) => script(format, answerText, 'none');
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
