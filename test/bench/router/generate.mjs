/**
 * Makes the router benchmark's open set: tasks with their features, and what synthetic models
 * of stated skill answered, recorded once. `node test/bench/router/generate.mjs [--seed N]
 * [--count N] [--out FOLDER]`. The true difficulty follows its own formula with noise of its
 * own; the router sees features only.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, count: { type: 'string' }, out: { type: 'string' } },
});
const seed = Number(values.seed ?? 20261120);
const count = Number(values.count ?? 1200);
const out = values.out ?? join(import.meta.dirname, 'data');

let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Prices, speed and energy as such models have them; skill is stated, and the recorded answers follow it. */
const models = [
  { name: 'local-7b', skill: 0.36, usd: [0, 0], latency: [0.5, 40], joules: [0.2, 2], local: true },
  { name: 'nano', skill: 0.32, usd: [0.05, 0.2], latency: [0.3, 300], joules: [0.02, 0.2] },
  { name: 'small', skill: 0.48, usd: [0.1, 0.4], latency: [0.4, 220], joules: [0.03, 0.3] },
  { name: 'medium', skill: 0.64, usd: [0.3, 2.5], latency: [0.6, 150], joules: [0.08, 0.8] },
  { name: 'overpriced', skill: 0.6, usd: [3, 15], latency: [1.2, 70], joules: [0.2, 2] },
  { name: 'large', skill: 0.8, usd: [2, 12], latency: [1.5, 90], joules: [0.18, 1.8] },
  { name: 'frontier', skill: 0.87, usd: [5, 25], latency: [2, 60], joules: [0.25, 2.5] },
].map((m) => ({
  ref: `synthetic/${m.name}`,
  provider: 'synthetic',
  model: m.name,
  contextTokens: 200000,
  maxOutputTokens: 16000,
  vision: true,
  structured: true,
  tools: [],
  usdPerMInput: m.usd[0],
  usdPerMOutput: m.usd[1],
  firstTokenS: m.latency[0],
  tokensPerS: m.latency[1],
  joulesPerInputToken: m.joules[0],
  joulesPerOutputToken: m.joules[1],
  skill: m.skill,
  reasoning: false,
  local: m.local === true,
  regions: [],
  source: 'synthetic',
  inferred: false,
}));

/** How often each task comes, how hard it truly is, tokens out, how often local analysis has all or part of the answer. */
const kinds = [
  { task: 'explain_finding', share: 0.42, hard: 0.22, out: 500, all: 0.93, part: 0.05 },
  { task: 'propose_fix', share: 0.27, hard: 0.43, out: 1500, all: 0.8, part: 0.12 },
  { task: 'report_narrative', share: 0.14, hard: 0.12, out: 600, all: 0.9, part: 0.1 },
  { task: 'infer_inputs', share: 0.09, hard: 0.33, out: 300, all: 0.8, part: 0.1 },
  { task: 'resolve_operator', share: 0.04, hard: 0.52, out: 700, all: 0, part: 0.2 },
  { task: 'architecture_review', share: 0.03, hard: 0.68, out: 2500, all: 0, part: 0.3 },
  { task: 'analyse_profile', share: 0.01, hard: 0.58, out: 900, all: 0, part: 0 },
];

const short = (x) => Number(x.toPrecision(3));

const tasks = [];
const answers = {};
for (let i = 0; i < count; i++) {
  const u = random();
  let below = 0;
  const kind =
    kinds.find((k) => {
      below += k.share;
      return u < below;
    }) ?? kinds[0];
  const codeLines = Math.round(10 ** (1 + 2.2 * random()));
  const unknowns = random() < 0.7 ? 0 : Math.floor(random() * 8);
  const l = random();
  const localCoverage = l < kind.all ? 1 : l < kind.all + kind.part ? 0.5 : 0;
  const features = {
    task: kind.task,
    inputTokens: Math.round(900 + codeLines * (9 + 4 * random())),
    outputTokens: kind.out,
    codeLines,
    unknowns,
    facts: 10,
    hasImage: kind.task === 'analyse_profile',
    localCoverage,
  };
  const size = Math.min(1, Math.max(0, Math.log10(codeLines / 20) / 2));
  const difficulty =
    kind.hard + 0.25 * size ** 1.2 + 0.11 * Math.sqrt(unknowns / 7) - 0.08 * localCoverage + 0.07 * normal();
  const id = `t${String(i).padStart(4, '0')}`;
  tasks.push({ id, split: i % 2 === 0 ? 'calibration' : 'report', features });
  const recorded = {};
  for (const m of models) {
    const p = 1 / (1 + Math.exp(-(8.5 * (m.skill - difficulty) + 1.5)));
    // judged on eight points, each right with the same probability
    let points = 0;
    for (let k = 0; k < 8; k++) if (random() < p) points++;
    const outputTokens = Math.round(kind.out * Math.exp(0.35 * normal()));
    const joules = features.inputTokens * m.joulesPerInputToken + outputTokens * m.joulesPerOutputToken;
    recorded[m.ref] = {
      quality: points / 8,
      outputTokens,
      costUsd: short((features.inputTokens * m.usdPerMInput + outputTokens * m.usdPerMOutput) / 1e6),
      latencyS: short(m.firstTokenS + outputTokens / m.tokensPerS),
      carbon_g: short((joules / 3.6e6) * 475),
    };
  }
  // the engine's own answer where it has one: right but for what it did not see coming
  if (localCoverage === 1)
    recorded.local = { quality: random() < 0.98 ? 1 : 0.4, outputTokens: 0, costUsd: 0, latencyS: 0.01, carbon_g: 0 };
  answers[id] = recorded;
}

const line = (value) => JSON.stringify(value);
writeFileSync(
  join(out, 'tasks.json'),
  `{"schemaVersion": 1, "seed": ${seed},\n"models": [\n${models.map(line).join(',\n')}\n],\n"tasks": [\n${tasks.map(line).join(',\n')}\n]}\n`,
);
writeFileSync(
  join(out, 'answers.json'),
  `{"schemaVersion": 1, "seed": ${seed},\n"answers": {\n${Object.entries(answers)
    .map(([id, a]) => `"${id}": ${line(a)}`)
    .join(',\n')}\n}}\n`,
);
