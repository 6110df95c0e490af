/** Replays recorded module cases through our machine and compares with what real PyTorch gave. */
import { PyTuple } from '../../../server/src/python/values.js';
import { openSession } from './engine.js';

export interface RecordedCase {
  readonly ctor: string;
  readonly args: string;
  readonly options: {
    readonly train?: boolean;
    readonly call?: string;
    readonly edit?: string;
    readonly let?: Readonly<Record<string, string>>;
    readonly ops?: boolean;
    readonly data?: boolean;
  };
  readonly real: {
    readonly facts?: string;
    readonly output?: string;
    readonly flops?: number;
    readonly ops?: readonly (readonly [string, readonly (readonly number[])[]])[];
    readonly error?: string;
    readonly message?: string;
  };
}

export interface Mismatch {
  readonly index: number;
  readonly what: 'facts' | 'output' | 'flops' | 'error' | 'gap' | 'ops';
  readonly real: string;
  readonly ours: string;
}

/** One case as two functions: `build_n` gives the module, its facts and the call; `call_n` runs it. */
function textOf(c: RecordedCase, n: number): string {
  const call = c.options.call ?? 'm(*args, **kwargs)';
  const lets = Object.entries(c.options.let ?? {}).map(([name, text]) => `    ${name} = ${text}\n`);
  const edits = (c.options.edit ?? '')
    .split('; ')
    .filter((s) => s !== '')
    .map((s) => `    ${s}\n`);
  return [
    `def build_${n}():\n    m = ${c.ctor}\n`,
    ...edits,
    `    m.train(${c.options.train === true ? 'True' : 'False'})\n`,
    ...lets,
    `    args, kwargs = (lambda *a, **k: (a, k))(${c.args})\n`,
    c.ctor.includes('nn.Lazy') ? `    ${call}\n` : '',
    `    return facts(m), lambda: ${call}\n`,
  ].join('');
}

/** Views and allocations are left out on both sides; real PyTorch's list holds them by name. */
const viewOps = new Set([
  'view',
  '_unsafe_view',
  't',
  'transpose',
  'permute',
  'expand',
  'squeeze',
  'unsqueeze',
  'select',
  'slice',
  'split',
  'split_with_sizes',
  'unbind',
  'unsafe_split',
  'chunk',
  'unflatten',
  'as_strided',
  'diagonal',
  'unfold',
  '_reshape_alias',
  'reshape',
  'movedim',
  'detach',
  'alias',
  'narrow',
]);

export async function replay(prelude: string, cases: readonly RecordedCase[], compareOps = false): Promise<Mismatch[]> {
  const body = prelude.replace(/^"""[\s\S]*?"""\n/, '');
  const session = await openSession(`${body}\n\n${cases.map(textOf).join('\n')}`);
  const found: Mismatch[] = [];
  for (const [index, c] of cases.entries()) {
    const wrong = (what: Mismatch['what'], real: unknown, ours: unknown) =>
      found.push({ index, what, real: String(real), ours: String(ours) });
    const built = session.run(`build_${index}()`);
    const ran = built.error === null ? session.run(`describe(build_${index}()[1]())`) : built;
    // kernels of the call alone: those of a build plus call, less those of the build
    const kernels = ran.kernels.slice(built.kernels.length).filter((k) => !k.isView);
    if (c.real.error !== undefined) {
      if (ran.error === null)
        wrong('error', `${c.real.error}: ${c.real.message}`, ran.gaps.length > 0 ? `gap ${ran.gaps[0]}` : 'no error');
      continue;
    }
    if (ran.error !== null) {
      wrong('error', 'no error', `${ran.error.type}: ${ran.error.message}`);
      continue;
    }
    if (c.options.data === true) continue;
    if (ran.gaps.length > 0) {
      wrong('gap', '', ran.gaps[0]);
      continue;
    }
    const facts = built.value instanceof PyTuple ? session.str(built.value.items[0]!) : '';
    if (facts !== c.real.facts) wrong('facts', c.real.facts, facts);
    const output = session.str(ran.value);
    if (output !== c.real.output) wrong('output', c.real.output, output);
    if (c.real.flops !== undefined) {
      const flops = kernels.reduce((n, k) => n + k.flops, 0);
      if (flops !== c.real.flops) wrong('flops', c.real.flops, flops);
    }
    if (compareOps && c.real.ops !== undefined) {
      const real = c.real.ops
        .map(([name]) => name)
        .filter((name) => !viewOps.has(name))
        .join(' ');
      const ours = kernels.map((k) => k.name).join(' ');
      if (real !== ours) wrong('ops', real, ours);
    }
  }
  return found;
}
