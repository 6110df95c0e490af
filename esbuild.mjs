/**
 * Bundles the four programs (extension, language server, engine worker, CLI) into dist/
 * and copies the two wasm files beside them. `--production` minifies, `--watch` rebuilds,
 * `--outdir FOLDER` writes elsewhere.
 */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { esbuildPythonText } from './server/build/pylib.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const outdir = process.argv.includes('--outdir') ? process.argv[process.argv.indexOf('--outdir') + 1] : 'dist';
const require = createRequire(import.meta.url);
const webTreeSitter = dirname(require.resolve('web-tree-sitter'));

/**
 * Entry, output, Node target, modules left outside. The CLI and the server also run on Node 20. `cached`: Node keeps the
 * compiled code between runs (where it can, from 22.1), which takes a starter of two lines that then loads the program.
 */
const programs = [
  { entry: 'client/src/extension.ts', out: 'extension.js', target: 'node22', external: ['vscode'] },
  { entry: 'server/src/lsp/program.ts', out: 'server.js', target: 'node20', external: [], cached: true },
  { entry: 'server/src/lsp/engineWorker.ts', out: 'worker.js', target: 'node20', external: [], cached: true },
  { entry: 'server/src/cli/main.ts', out: 'cli.js', target: 'node20', external: [], cached: true, executable: true },
];

/** SDKs that only some commands need, each in a file of its own that is loaded on demand: the rest stays quick to start. */
const onDemand = {
  '@google/genai': 'sdk-gemini.js',
  openai: 'sdk-openai.js',
  '@anthropic-ai/sdk': 'sdk-anthropic.js',
};

const esbuildOnDemand = {
  name: 'on-demand',
  setup(build) {
    const names = new RegExp(`^(?:${Object.keys(onDemand).join('|')})$`);
    build.onResolve({ filter: names }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${onDemand[path]}`, external: true } : undefined,
    );
  },
};

/**
 * What esbuild leaves as it is (regular expressions, tagged templates) is escaped too: V8 holds a whole source at two
 * bytes a character when one of them is not Latin.
 */
const esbuildAscii = {
  name: 'ascii',
  setup(build) {
    build.onEnd(({ errors }) => {
      if (errors.length > 0) return;
      const path = build.initialOptions.outfile;
      const text = readFileSync(path, 'utf8');
      const escaped = text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
      if (escaped !== text) writeFileSync(path, escaped);
    });
  },
};

/** Loaded when they are there, never bundled: native code cannot be. */
const native = ['tree-sitter', 'tree-sitter-python'];

/** @returns {import('esbuild').BuildOptions} */
function optionsOf(program) {
  return {
    entryPoints: [program.entry],
    outfile: join(outdir, bodyOf(program)),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: program.target,
    external: [...program.external, ...native],
    // The ES module build calls createRequire(import.meta.url), which a CommonJS bundle does not have.
    alias: { 'web-tree-sitter': join(webTreeSitter, 'tree-sitter.cjs') },
    // Code that runs both as an ES module (tests) and bundled asks for `__filename` first.
    define: { 'import.meta.url': '""', 'import.meta.dirname': '__dirname' },
    mainFields: ['module', 'main'],
    plugins: [esbuildPythonText(), esbuildOnDemand, esbuildAscii],
    minify: production,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/** The file that holds the program itself. */
function bodyOf({ out, cached }) {
  return cached ? out.replace('.js', '.main.js') : out;
}

function writeStarter(program) {
  const path = join(outdir, program.out);
  const first = program.executable ? '#!/usr/bin/env node\n' : '';
  writeFileSync(path, `${first}require('node:module').enableCompileCache?.();\nrequire('./${bodyOf(program)}');\n`);
  if (program.executable) chmodSync(path, 0o755);
}

function copyWasm() {
  let python;
  try {
    python = require.resolve('tree-sitter-python/tree-sitter-python.wasm');
  } catch {
    console.error(
      'tree-sitter-python is not installed: its wasm file is the parser. Run "npm ci" without --omit=optional.',
    );
    process.exit(1);
  }
  copyFileSync(join(webTreeSitter, 'tree-sitter.wasm'), join(outdir, 'web-tree-sitter.wasm'));
  copyFileSync(python, join(outdir, 'tree-sitter-python.wasm'));
}

// What is packaged is built from nothing; while developing, programs in use stay in place.
if (production) rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
copyWasm();
// "ecocompute calibrate" runs it in the user's Python.
copyFileSync('calibration/measure/measure.py', join(outdir, 'measure.py'));
for (const [name, out] of Object.entries(onDemand)) {
  await esbuild.build({
    ...optionsOf({ target: 'node20', external: [], out }),
    plugins: [],
    entryPoints: undefined,
    stdin: { contents: `export * from '${name}';`, resolveDir: import.meta.dirname },
    sourcemap: false,
  });
}
for (const program of programs) {
  if (program.cached) writeStarter(program);
  if (watch) {
    await (await esbuild.context(optionsOf(program))).watch();
    continue;
  }
  await esbuild.build(optionsOf(program));
  const path = join(outdir, bodyOf(program));
  const { size } = statSync(path);
  console.log(`${path}: ${(size / 1024).toFixed(0)} kB`);
}
