/** What `estimate` says beside one call: `--steps`, `--serve`, `--gpus`, `--runs-per-month`, and the loops of the code. */
import type { WorkloadAsked } from '../analysis/engine.js';
import type { Interval, WorkloadReport } from '../analysis/model.js';
import { dollars, energyOfRun, grams, grouped, quantity, unknown, withInterval } from '../audit/figures.js';
import type { TextOptions } from './estimateText.js';
import { type Flags, oneOf, targetOf, textFlag } from './flags.js';
import { UsageError } from './io.js';
import { table, wrap } from './terminal.js';

const serveKeys = ['prompt', 'generate', 'batch', 'gpus', 'weights'] as const;
const weightNames: Readonly<Record<string, number>> = {
  fp16: 16,
  bf16: 16,
  fp8: 8,
  int8: 8,
  int4: 4,
  nf4: 4.5,
  awq: 4.25,
  gptq: 4.25,
};

/** @throws UsageError */
export function workloadOf(flags: Flags): WorkloadAsked {
  const devices = whole(flags, 'gpus');
  const mode =
    flags['parallel'] === undefined ? null : oneOf(flags, 'parallel', ['data', 'fsdp', 'tensor', 'pipeline'], 'data');
  if (mode !== null && devices === null)
    throw new UsageError(`--parallel ${mode}: say over how many accelerators with --gpus N.`);
  return {
    steps: whole(flags, 'steps'),
    epochs: whole(flags, 'epochs'),
    serve: serveOf(flags),
    parallel: devices === null ? null : { mode, devices },
    runsPerMonth: whole(flags, 'runs-per-month'),
  };
}

function whole(flags: Flags, name: string): number | null {
  const text = textFlag(flags, name);
  if (text === null) return null;
  const value = Number(text.replaceAll('_', ''));
  if (Number.isInteger(value) && value >= 1 && value <= 1e12) return value;
  throw new UsageError(`--${name} ${text}: not a whole number of at least 1.`);
}

/** `prompt=2048,generate=256,batch=8,gpus=2,weights=int4`; what is not given is 512, 256, 1, 1 and the dtype's. */
function serveOf(flags: Flags): WorkloadAsked['serve'] {
  const text = textFlag(flags, 'serve');
  if (text === null) return null;
  const values: Record<string, string> = {};
  for (const part of text.split(',')) {
    const [key, value, ...more] = part.split('=').map((one) => one.trim());
    if (!serveKeys.includes(key as 'prompt') || value === undefined || value === '' || more.length > 0)
      throw new UsageError(
        `--serve ${text}: "${part}" is not one of ${serveKeys.join('=, ')}=, e.g. prompt=2048,generate=256,batch=8.`,
      );
    values[key as string] = value;
  }
  const number = (name: string, byDefault: number): number => {
    const value = values[name] === undefined ? byDefault : Number(values[name]);
    if (Number.isInteger(value) && value >= 1 && value <= 1e7) return value;
    throw new UsageError(`--serve ${name}=${values[name]}: not a whole number of at least 1.`);
  };
  const weights = values['weights'];
  if (weights !== undefined && weightNames[weights] === undefined)
    throw new UsageError(`--serve weights=${weights}: not one of ${Object.keys(weightNames).join(', ')}.`);
  return {
    prompt: number('prompt', 512),
    generate: number('generate', 256),
    batch: number('batch', 1),
    gpus: number('gpus', 1),
    dtype: targetOf(flags).dtype,
    weightBits: weights === undefined ? null : (weightNames[weights] ?? null),
  };
}

/** Fields of the JSON that only stand there when there is something to say. */
export function publicWorkload(workload: WorkloadReport | undefined): object {
  if (workload === undefined) return {};
  const { loops, ...rest } = workload;
  const some = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  return loops.length > 0 ? { ...some, loops } : some;
}

export function workloadText(workload: WorkloadReport | undefined, options: TextOptions): string {
  if (workload === undefined) return '';
  const sections = [
    runText(workload),
    loopText(workload),
    servingText(workload),
    parallelText(workload),
    monthlyText(workload),
  ].filter((lines) => lines.length > 0);
  return sections.map((lines) => `${lines.flatMap((line) => indented(line, options)).join('\n')}\n\n`).join('');
}

/** Tables stay, sentences are wrapped. */
function indented(line: string, options: TextOptions): string[] {
  return line.startsWith('~') ? wrap(line.slice(1), options.width, '    ').map(options.style.dim) : [`  ${line}`];
}

const money = (x: Interval | null): string => dollars(x?.value);
const carbon = (x: Interval | null): string => `${grams(x?.value)} CO2e`;
const run = (x: Interval | null): string => (x === null ? unknown : energyOfRun(x.value));

function runText({ run: one }: WorkloadReport): string[] {
  if (one === null) return [];
  if (one.why !== null) return [`Run: ${one.why}`];
  const many = `${grouped(one.epochs)} epoch${one.epochs === 1 ? '' : 's'} × ${grouped(one.stepsPerEpoch ?? 0)} steps`;
  return table([
    [
      `Whole run`,
      `${many}: ${run(one.energy_J)}, ${withInterval(one.time_s, 's')}, ${money(one.usd)}, ${carbon(one.gCO2e)}`,
    ],
  ]);
}

function loopText({ loops }: WorkloadReport): string[] {
  if (loops.length === 0) return [];
  return [
    'Loops of the code',
    ...table(
      loops.map((one) => [
        `  line ${one.line}`,
        one.kind === 'generate'
          ? `generate(), ${one.turns} tokens`
          : `${one.turns} turns${one.calls > 1 ? ` × ${one.calls} calls` : ''}`,
        withInterval(one.energy_J, 'J'),
        withInterval(one.time_s, 's'),
      ]),
    ),
    ...loops.flatMap((one) => (one.time_s === null ? [`~line ${one.line}: ${one.note}`] : [])),
  ];
}

function servingText({ serving }: WorkloadReport): string[] {
  if (serving === null) return [];
  if (serving.why !== null) return [`Serving: not known, ${serving.why}`];
  const s = serving;
  const rows = [
    [
      'Prefill',
      `${quantity(s.prefill.energy_J, 'J')}, ${quantity(s.prefill.time_s, 's')} for one prompt of ${grouped(s.prompt)} tokens`,
    ],
    [
      'Decode step',
      `${quantity(s.decodeStep.energy_J, 'J')}, ${quantity(s.decodeStep.time_s, 's')} for a token of each of ${grouped(s.batch)}; reads ${quantity(s.decodeStep.kvRead_bytes, 'B')} of KV cache`,
    ],
    ['Per output token', `${withInterval(s.joulesPerToken, 'J')}, prefill included`],
    ['Output', withInterval(s.tokensPerSecond, 'tokens/s')],
    ['Power', withInterval(s.power_W, 'W')],
    [
      'Memory',
      `${quantity(s.weights_bytes, 'B')} weights + ${quantity(s.kvCache_bytes, 'B')} KV cache: ${s.fits ? 'fits' : 'does not fit'}${s.gpus > 1 ? ` on ${s.gpus}` : ''}`,
    ],
    ['A million tokens', `${money(s.perMillionTokens.usd)}, ${carbon(s.perMillionTokens.gCO2e)}`],
  ];
  const points = [...s.byBatch, ...s.byContext.filter((one) => one.prompt !== s.prompt)].map((one) => [
    grouped(one.batch),
    grouped(one.prompt),
    withInterval(one.joulesPerToken, 'J'),
    quantity(one.tokensPerSecond.value, ''),
    one.fits ? 'fits' : 'does not fit',
  ]);
  const scale = s.gpus > 1 ? ` on ${s.gpus} accelerators` : '';
  return [
    `Serving, ${s.dtype}, ${s.weightBytes} B a weight${scale}`,
    ...table(rows).map((line) => `  ${line}`),
    '',
    ...table(
      [['batch', 'prompt', 'J / token', 'tokens/s', ''], ...points],
      ['right', 'right', 'right', 'right', 'left'],
    ).map((line) => `  ${line}`),
    `~${s.basis}. ${s.notes.join('; ')}.`,
  ];
}

const modeNames = {
  data: 'data parallel',
  fsdp: 'sharded data parallel (FSDP)',
  tensor: 'tensor parallel',
  pipeline: 'layers spread over accelerators',
};

function parallelText({ parallel, parallelInCode }: WorkloadReport): string[] {
  if (parallel === null) return [];
  if ('why' in parallel)
    return [
      `Several accelerators${parallelInCode === null ? '' : ` (line ${parallelInCode.line}: ${parallelInCode.what})`}: ${parallel.why}`,
    ];
  const p = parallel;
  return [
    `On ${p.devices} accelerators, ${modeNames[p.mode]}`,
    ...table([
      [
        'Time',
        `${withInterval(p.time_s, 's')} for ${p.samplesFactor === 1 ? 'the same batch' : `${p.samplesFactor} times the batch`}`,
      ],
      ['Energy of all', withInterval(p.energy_J, 'J')],
      [
        'Link traffic',
        `${quantity(p.link_bytes, 'B')} each, ${quantity(p.link_s, 's')}, of it ${quantity(p.exposed_s, 's')} not hidden`,
      ],
      ['Peak memory each', withInterval(p.peakMemory_bytes, 'B')],
    ]).map((line) => `  ${line}`),
    `~link ${p.link_GBps} GB/s both directions (${p.linkSource}). ${p.notes.join('; ')}.`,
  ];
}

function monthlyText({ monthly }: WorkloadReport): string[] {
  if (monthly === null) return [];
  const m = monthly;
  return [
    `A month of ${grouped(m.runs)} runs`,
    ...table([
      ['Electricity', m.kWh === null ? unknown : `${energyOfRun(m.kWh.value * 3.6e6)} at the wall`],
      ['Cost', money(m.usd)],
      ['Carbon', carbon(m.gCO2e)],
      [
        'Embodied share',
        m.embodied_gCO2e === null ? `unknown: ${m.embodiedBasis}` : `${carbon(m.embodied_gCO2e)}: ${m.embodiedBasis}`,
      ],
    ]).map((line) => `  ${line}`),
  ];
}
