/**
 * Rule fixtures: Python files that hold violations and their legal neighbours.
 * `#  ^^^^ ECO100: text` under a line expects a finding whose range starts at the first
 * caret's column (`#^`: at the column of the `#`) and whose message holds the text; `[information]` before the colon
 * expects a severity, `[no fix]` no fix. `# seen: <kernel> <dtype> <AxBxC>` behind a line
 * is what the trace saw there (`mm float32 64x32@32x8` with both operands),
 * `# memory: 1e9 parameters, 2e9 activations` what it would keep,
 * `# module: <class> <AxBxC>` what a module called there returned. A first line `# facts: none` leaves the trace out.
 * The fixtures of ECO800 to ECO807 are run: what they find is in the trace itself.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultTarget } from '../../server/src/analysis/createEngine.js';
import { DocumentAnalysis } from '../../server/src/analysis/documentAnalysis.js';
import { latestTorch } from '../../server/src/analysis/environment.js';
import { checkModule } from '../../server/src/rules/checkModule.js';
import {
  type FactSource,
  type KernelFact,
  type ModuleFact,
  noFacts,
  type TensorFact,
} from '../../server/src/rules/facts.js';
import { factsFromTraces } from '../../server/src/rules/traceFacts.js';
import type { RuleFinding } from '../../server/src/rules/types.js';
import { createParser } from '../../server/src/syntax/createParser.js';
import type { Parser } from '../../server/src/syntax/parser.js';
import { Sources } from '../../server/src/trace/sources.js';

export const fixtures = fileURLToPath(new URL('../fixtures/rules/', import.meta.url));

let parser: Parser | null = null;

export async function sharedParser(): Promise<Parser> {
  parser ??= await createParser({ backend: 'wasm' });
  return parser;
}

export function readFixture(name: string): string {
  return readFileSync(join(fixtures, name), 'utf8');
}

/** Facts written into the source. */
export function factsOf(text: string): FactSource {
  if (text.startsWith('# facts: none')) return noFacts;
  const kernels: KernelFact[] = [];
  const modules: ModuleFact[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    for (const [, typeName, shape] of line.matchAll(/# module: (\w+) ([\dx]+)/g)) {
      // A module's fact stands at its call: the whole expression behind the `=` or `return` here
      const call = /(?:=|return|print\()\s*(self\.[\w.]+\()/.exec(line);
      const start = offset + (call === null ? 0 : line.indexOf(call[1] as string));
      const outputs = [{ shape: (shape as string).split('x').map(Number), dtype: 'float32' }];
      modules.push({
        typeName: typeName as string,
        inputs: [],
        outputs,
        start,
        end: start + callLength(text, start),
        calls: 1,
        entry: 'fixture',
      });
    }
    const match = /# seen: (.+)$/.exec(line);
    for (const seen of match?.[1]?.split(', ') ?? []) {
      const [name, dtype, shape] = seen.split(' ') as [string, string, string];
      // `64x32@32x8`: the operands of a product
      const operands = shape.split('@').map((one) => ({ shape: one.split('x').map(Number), dtype }));
      const first = operands[0] as TensorFact;
      const second: TensorFact | undefined = operands[1];
      const tensor =
        second === undefined
          ? first
          : { shape: [...(first.shape ?? []).slice(0, -1), ...(second.shape ?? []).slice(1)], dtype };
      const inputs = name.includes('attention') ? [tensor, tensor, tensor] : operands;
      kernels.push({
        name,
        inputs,
        outputs: [tensor],
        start: offset,
        end: offset + line.length,
        calls: 1,
        phase: 'inference',
        recorded: false,
        entry: 'fixture',
      });
    }
    offset += line.length + 1;
  }
  // `# memory: 1e9 parameters, 2e9 activations`: on an accelerator of 80 GB, inputs given
  const memory = /^# memory: (\S+) parameters, (\S+) activations/m.exec(text);
  return {
    available: true,
    memory: () =>
      memory === null
        ? null
        : { parameters: Number(memory[1]), activationBytes: Number(memory[2]), capacityBytes: 80e9, inputsGiven: true },
    torchVersion: [2, 13],
    hardware: { vendor: 'NVIDIA', computeCapability: 9 },
    kernelsIn: (start, end) => kernels.filter((kernel) => kernel.start < end && kernel.end > start),
    modulesIn: (start, end) => modules.filter((module) => module.start >= start && module.end <= end),
  };
}

/** Characters up to the parenthesis that closes the first one. */
function callLength(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return at + 1 - start;
  }
  return 0;
}

/** What running the text gives: for the rules on shape errors, which know nothing but the trace. */
export async function tracedFacts(text: string): Promise<FactSource> {
  const nothing = { read: () => null, isDirectory: () => false, list: () => [] };
  const sources = new Sources(await sharedParser(), nothing);
  sources.openDocument('/model.py', text, 1);
  const analysis = new DocumentAnalysis({
    file: '/model.py',
    sources,
    environment: { pythonPath: [], sitePackages: [] },
    target: defaultTarget,
    fuel: 5_000_000,
    cancelled: () => false,
  });
  return factsFromTraces(
    analysis.entries.map((entry) => entry.trace),
    '/model.py',
    { torchVersion: latestTorch, accelerator: null },
  );
}

export async function check(text: string, file = 'model.py', only?: string): Promise<RuleFinding[]> {
  const tree = (await sharedParser()).parse(text);
  const options = {
    ...(only === undefined ? {} : { select: [only] }),
    onFailure: (code: string, error: unknown) => {
      throw new Error(`${code} failed on ${file}`, { cause: error });
    },
  };
  const facts = only?.startsWith('ECO8') ? await tracedFacts(text) : factsOf(text);
  return checkModule({ tree, text, file, facts, options });
}

export interface Expectation {
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly flags: readonly string[];
  readonly text: string;
}

/** What the caret comments of a fixture ask for; `line` is 0-based. */
export function expectationsOf(text: string): Expectation[] {
  const found: Expectation[] = [];
  let codeLine = -1;
  text.split('\n').forEach((line, number) => {
    const match = /^(\s*#\s*)\^+ (ECO\d{3})((?: \[[^\]]+\])*): (.*)$/.exec(line);
    if (match === null) {
      codeLine = number;
      return;
    }
    const [, before, code, flags, message] = match as unknown as [string, string, string, string, string];
    found.push({
      line: codeLine,
      // `#^` points at the column of the `#` itself
      column: before.endsWith('#') ? before.length - 1 : before.length,
      code,
      flags: [...flags.matchAll(/\[([^\]]+)\]/g)].map((flag) => flag[1] as string),
      text: message,
    });
  });
  return found;
}

export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length - 1, column: offset - start };
}
