/**
 * A tiny engine for tests of the language server alone. It obeys the Engine interface and
 * the text: every `waste()` is a finding with a fix, `class M(nn.Module)` is a model, and
 * some words make it slow, fail, or take its thread down.
 */
import type { Engine, EnginePorts, EnvironmentOptions, Target } from '../../server/src/analysis/engine.js';
import type { EstimateReport, FileReport, FindingReport, Interval, Range } from '../../server/src/analysis/model.js';
import type { TextEdit } from '../../server/src/syntax/parser.js';

const about = (value: number): Interval => ({ value, low: value * 0.8, high: value * 1.2 });

export function scriptedEngine(ports: EnginePorts): Engine {
  const texts = new Map<string, { text: string; version: number }>();
  let environment: EnvironmentOptions = { pythonPath: [], sitePackages: [] };

  const lines = (file: string) => (texts.get(file)?.text ?? ports.files.read(file) ?? '').split(/\r?\n/);
  const obey = (file: string, savings = false) => {
    const text = lines(file).join('\n');
    if (text.includes('DIE')) process.exit(7);
    if (text.includes('FAIL')) throw new Error('told to fail');
    // Slow until told to stop: what a long estimate does between fuel checks.
    if (text.includes('SLOW') || (savings && text.includes('IDLE')))
      while (!ports.cancelled()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  };

  const findings = (file: string, target: Target, savings: boolean): FindingReport[] =>
    lines(file).flatMap((text, line): FindingReport[] => {
      const column = text.indexOf('waste()');
      if (column < 0 || text.includes('eco: ignore[ECO999]')) return [];
      const range: Range = { start: { line, column }, end: { line, column: column + 7 } };
      const energy_J = about(target.hardware.startsWith('h200') ? 1 : 2);
      return [
        {
          rule: 'ECO999',
          name: 'waste',
          severity: (target.rules?.savingsThreshold_percent ?? 1) > 25 ? 'hint' : 'warning',
          file,
          range,
          message: 'This wastes.',
          messageZh: '这里有浪费。',
          related: [],
          saving: savings
            ? {
                entry: 'M',
                per: 'call',
                energy_J,
                percent: 25,
                time_s: null,
                peakMemory_bytes: null,
                usd_per_million: null,
                gCO2e_per_million: null,
              }
            : null,
          atRisk: null,
          fix: text.includes('review')
            ? {
                safety: 'unsafe',
                title: 'Use thrift()',
                titleZh: '使用 thrift()',
                edits: [{ range, newText: 'thrift()' }],
              }
            : {
                safety: 'safe',
                title: 'Use thrift()',
                titleZh: '使用 thrift()',
                edits: [{ range, newText: 'thrift()' }],
              },
          requires: null,
          docs: 'https://example.org/ECO999',
        },
      ];
    });

  const estimates = (file: string, target: Target): EstimateReport[] =>
    lines(file).flatMap((text, line): EstimateReport[] => {
      const found = /^class (\w+)\(nn\.Module\)/.exec(text);
      if (!found) return [];
      const needs = text.includes('# needs');
      return [
        {
          entry: found[1],
          kind: 'model',
          training: null,
          file,
          line: line + 1,
          phase: 'inference',
          hardware: target.hardware,
          dtype: 'float32',
          inputs: [{ name: 'x', shape: [1, 3, 8, 8], dtype: 'float32', source: 'inferred' }],
          outputs: [{ shape: [1, 10], dtype: 'float32' }],
          params: { total: 25_557_032, trainable: 25_557_032 },
          flops: { forward: needs ? null : 8_178_368_512, backward: null, elementwise: 0 },
          bytes: { forward: 0, backward: null },
          peakMemory_bytes: null,
          memory: null,
          time_s: needs ? null : about(0.001),
          energy_J: needs ? null : about(target.hardware.startsWith('h200') ? 4 : 8),
          power_W: null,
          per_million: { usd: null, gCO2e: null },
          coverage: { ops: 1, unknownOps: 0, knownFlopShare: 1, unknown: [] },
          assumptions: [{ text: 'batch = 1', source: 'default' }],
          modules: [],
          missing: needs ? 'needs argument cfg' : null,
          range: { start: { line, column: 6 }, end: { line, column: 6 + found[1].length } },
        },
      ];
    });

  const report = (file: string, target: Target, savings: boolean): FileReport<EstimateReport> => {
    obey(file, savings);
    return {
      file,
      version: texts.get(file)?.version ?? 0,
      estimates: estimates(file, target),
      findings: findings(file, target, savings),
      problems: [],
      entriesPending: 0,
      savingsReady: savings,
    };
  };

  return {
    parserBackend: 'wasm',
    configure(next) {
      environment = next;
      ports.log(`configured ${environment.sitePackages.length}`);
    },
    open(file, text, version) {
      texts.set(file, { text, version });
    },
    change(file, edits: readonly TextEdit[], version) {
      let text = texts.get(file)?.text ?? '';
      for (const edit of edits) text = text.slice(0, edit.start) + edit.newText + text.slice(edit.oldEnd);
      texts.set(file, { text, version });
    },
    close: (file) => texts.delete(file),
    invalidate: () => {},
    analyse: (file, target) => report(file, target, false),
    withSavings: (file, target) => report(file, target, true),
    hover(file, line, column) {
      obey(file);
      const text = lines(file)[line] ?? '';
      const at = text.indexOf('layer');
      if (at < 0 || column < at || column > at + 5) return null;
      return {
        range: { start: { line, column: at }, end: { line, column: at + 5 } },
        title: 'Conv2d  [x](command:evil) <b>',
        kind: 'module',
        entry: 'M',
        inputs: [{ shape: [1, 3, null, 8], dtype: 'float32' }],
        outputs: [{ shape: [1, 10], dtype: 'float32' }],
        calls: 3,
        params: 9408,
        flops: 236_027_904,
        bytes: 3_000_000,
        intensity: 78.7,
        bound: 'memory',
        time_s: about(0.000123),
        energy_J: about(0.0345),
        usdPerMillion: about(0.42),
        gCO2ePerMillion: about(1234),
        energyShare: 0.123,
        assumptions: ['batch = 1'],
        unknown: [],
        basis: 'fitted on measured kernels',
      };
    },
    problems: () => [],
    estimate: (request) => ({ estimates: estimates(request.file, request.target) }),
    workload: () => ({ estimates: [], workloads: [] }),
    explain: () => ({ explanations: [] }),
    explainAt: (file, line, _column, figure, target) => ({
      entry: 'M',
      file,
      line: line + 1,
      title: 'Conv2d  [x](command:evil)',
      figure,
      unit: 'J',
      hardware: target.hardware,
      value: about(0.0345),
      why: null,
      formula: 'energy = power x time',
      inputs: [{ name: 'FLOPs', value: 236_027_904, unit: 'FLOP' }],
      constants: [{ name: 'TDP', value: 700, unit: 'W', from: 'data sheet', verified: true }],
      steps: [],
      classes: [{ class: 'conv', time_s: 0.000123, share: 1 }],
      interval: 'x0.8 to x1.3',
      sources: ['data sheet'],
    }),
    compare: () => ({ comparisons: [], problems: [] }),
    audit(): never {
      throw new Error('not scripted');
    },
    fixAll(file) {
      const text = texts.get(file)?.text ?? '';
      return { text: text.replaceAll('waste()', 'thrift()'), applied: text.split('waste()').length - 1 };
    },
    setInputs(file, entry, spec) {
      const line = lines(file).findIndex((text) => text.startsWith(`class ${entry}(`));
      const start = { line, column: 0 };
      return [{ range: { start, end: start }, newText: `# eco: ${spec}\n` }];
    },
    hardware: () => [],
    dispose: () => texts.clear(),
  };
}
