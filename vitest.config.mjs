/**
 * Unit and differential tests. Two workers: the machine's cores are shared. Processes, not threads: V8's record of
 * code pages is one for all threads of a process and aborts it ("jit_page.has_value()") when many load and drop wasm.
 */
import { defineConfig } from 'vitest/config';
import { vitePythonText } from './server/build/pylib.mjs';

export default defineConfig({
  plugins: [vitePythonText()],
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
