/** Unit and differential tests. Two workers: the machine's cores are shared. */
import { defineConfig } from 'vitest/config';
import { vitePythonText } from './server/build/pylib.mjs';

export default defineConfig({
  plugins: [vitePythonText()],
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
