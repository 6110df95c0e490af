/**
 * Numeric agreement: the file as it is and as edited run in PyTorch on equal weights and
 * inputs, in a bubblewrap sandbox without network, with a read-only file system, an empty
 * environment and limits of time and memory. Without a sandbox nothing is run.
 */
import type { NumericAgreement, NumericCheck } from './checkAnswer.js';
import script from './compareScript.json' with { type: 'json' };

/** Starts processes; the shell has the real one. */
export interface ProcessPort {
  /** Full path of a program, null when it is not there. */
  find(program: string): string | null;
  /** Resolves symbolic links; the path itself when there are none. */
  realPath(path: string): string;
  exists(path: string): boolean;
  /** A folder of its own with these files; `dispose` removes it. */
  folderWith(files: Readonly<Record<string, string>>): { readonly path: string; dispose(): void };
  /** Ends the process and its children when the signal aborts or the time is over. */
  run(
    program: string,
    args: readonly string[],
    limits: { readonly timeMs: number; readonly outputBytes: number },
    signal: AbortSignal,
  ): Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
    readonly timedOut: boolean;
  }>;
}

export interface SandboxOptions {
  /** Python with PyTorch. */
  readonly python: string;
  readonly processes: ProcessPort;
  readonly timeMs?: number;
  readonly memoryBytes?: number;
}

const defaultTimeMs = 60_000;
/** Address space, not resident memory: PyTorch alone maps a few gigabytes. */
const defaultMemoryBytes = 12e9;
/** Relative to the largest output, by the least precise float among the inputs and outputs. */
const agreement: Readonly<Record<string, number>> = { float64: 1e-9, float32: 1e-4, bfloat16: 3e-2, float16: 5e-3 };

export function makeNumericCheck(options: SandboxOptions): NumericCheck {
  return async (question, signal): Promise<NumericAgreement> => {
    const { processes, python } = options;
    const bwrap = processes.find('bwrap');
    if (bwrap === null) return notRun('there is no sandbox here (bubblewrap, `bwrap`)');
    if (!processes.exists(python)) return notRun(`there is no Python at ${python}`);
    const slash = Math.max(question.file.lastIndexOf('/'), question.file.lastIndexOf('\\'));
    const folder = slash <= 0 ? null : question.file.slice(0, slash);
    const files = processes.folderWith({
      'before.py': question.before,
      'after.py': question.after,
      'compare.py': script.lines.join('\n'),
      'question.json': JSON.stringify({
        entry: question.entry,
        inputs: question.inputs,
        folder,
        memory: options.memoryBytes ?? defaultMemoryBytes,
        seconds: Math.ceil((options.timeMs ?? defaultTimeMs) / 1000),
      }),
    });
    try {
      const args = [
        ...sandboxArguments(processes, python, files.path, folder),
        python,
        '-I',
        '-B',
        '/check/compare.py',
      ];
      const result = await processes.run(
        bwrap,
        args,
        { timeMs: options.timeMs ?? defaultTimeMs, outputBytes: 200_000 },
        signal,
      );
      if (signal.aborted) return notRun('stopped');
      if (result.timedOut) return notRun(`no result within ${(options.timeMs ?? defaultTimeMs) / 1000} s`);
      return judge(result.stdout, result.stderr);
    } finally {
      files.dispose();
    }
  };
}

/** Everything read-only, and only what Python needs: system libraries, Python's own folders, the file's folder. */
export function sandboxArguments(
  processes: ProcessPort,
  python: string,
  check: string,
  folder: string | null,
): string[] {
  const prefix = (path: string): string => path.replace(/\/bin\/[^/]*$/, '');
  const wanted = [
    '/usr',
    '/bin',
    '/lib',
    '/lib64',
    '/etc/alternatives',
    '/etc/ld.so.cache',
    prefix(python),
    prefix(processes.realPath(python)),
    ...(folder === null ? [] : [folder]),
  ];
  const binds = [...new Set(wanted)].filter((path) => path !== '' && path !== '/' && processes.exists(path));
  return [
    '--unshare-all',
    '--die-with-parent',
    '--new-session',
    '--clearenv',
    '--setenv',
    'PATH',
    '/usr/bin:/bin',
    '--setenv',
    'OMP_NUM_THREADS',
    '2',
    '--setenv',
    'HOME',
    '/nonexistent',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--size',
    '67108864',
    '--tmpfs',
    '/tmp',
    ...binds.flatMap((path) => ['--ro-bind', path, path]),
    '--ro-bind',
    check,
    '/check',
    '--chdir',
    '/check',
    // nothing but the bound paths and a small /tmp is there; the root itself cannot be written to
    '--remount-ro',
    '/',
  ];
}

function notRun(why: string): NumericAgreement {
  return { agrees: null, detail: `not run: ${why}` };
}

function judge(stdout: string, stderr: string): NumericAgreement {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  let answer: {
    error?: string;
    difference?: number;
    dtype?: string;
    same_parameters?: boolean;
    same_shapes?: boolean;
    broke?: string;
  };
  try {
    answer = JSON.parse(line) as typeof answer;
  } catch {
    return notRun(
      `Python ended without an answer${stderr === '' ? '' : `: ${stderr.trim().split('\n').at(-1)?.slice(0, 200)}`}`,
    );
  }
  if (answer.error !== undefined) return notRun(answer.error.slice(0, 300));
  if (answer.broke !== undefined)
    return { agrees: false, detail: `in PyTorch the edited code fails: ${answer.broke.slice(0, 300)}` };
  if (answer.same_parameters === false)
    return { agrees: false, detail: 'in PyTorch its parameters have other names or shapes' };
  if (answer.same_shapes === false)
    return { agrees: false, detail: 'in PyTorch its outputs have another shape or dtype' };
  const limit = agreement[answer.dtype ?? 'float32'] ?? 1e-4;
  const difference = answer.difference ?? Number.NaN;
  // NaN is no agreement
  if (difference <= limit)
    return {
      agrees: true,
      detail: `outputs agree in PyTorch to ${difference.toExponential(1)} of the largest (${answer.dtype})`,
    };
  return {
    agrees: false,
    detail: `outputs differ in PyTorch by ${difference.toExponential(1)} of the largest (${answer.dtype}; at most ${limit} is agreement)`,
  };
}
