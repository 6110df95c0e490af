/** Holds what an answer proposes against the engine: edits, equivalents of operators, input shapes. */

import { defaultTarget } from '../../analysis/createEngine.js';
import { DocumentAnalysis, programOptions, requestOf } from '../../analysis/documentAnalysis.js';
import type { Target } from '../../analysis/engine.js';
import { wholeReport } from '../../analysis/estimateReport.js';
import { parseInputSpec } from '../../trace/inputSpec.js';
import { Program } from '../../trace/program.js';
import { run } from '../../trace/run.js';
import { EditedSources, Sources } from '../../trace/sources.js';
import { factsOfEstimate } from '../context.js';
import type { AnswerCheck, AnswerChecker } from '../services.js';
import type { Answers, Proposal } from '../tasks/tasks.js';
import type { ExecuteInput } from '../types.js';
import { EditChecker, type EditCheckerOptions, type EditVerdict } from './edit.js';
import { withStandIn } from './standIn.js';

/** What is known of a proposal that passed. `energy` and the figures are the engine's. */
export interface CheckedProposal extends Proposal {
  readonly verdict: EditVerdict;
  readonly status: 'verified' | 'checked';
  /** Why it is not verified, or what the numeric comparison saw. */
  readonly numeric: string;
}

export interface NumericAgreement {
  readonly agrees: boolean | null;
  /** A sentence: what was seen, or why nothing was run. */
  readonly detail: string;
}

/** Runs both texts on equal weights and inputs in a sandbox. `agrees` null: it could not be run. */
export type NumericCheck = (
  question: {
    readonly file: string;
    readonly before: string;
    readonly after: string;
    readonly entry: string;
    readonly inputs: readonly { readonly shape: readonly number[]; readonly dtype: string }[];
  },
  signal: AbortSignal,
) => Promise<NumericAgreement>;

export interface AnswerCheckOptions extends EditCheckerOptions {
  readonly file: string;
  readonly text: string;
  readonly target?: Target;
  /** null: the person did not allow running Python. */
  readonly numeric: NumericCheck | null;
}

const fuel = 5_000_000;

export function makeAnswerChecker(options: AnswerCheckOptions): AnswerChecker {
  const target = options.target ?? defaultTarget;
  const edits = new EditChecker(options);
  return async (input, data, signal): Promise<AnswerCheck> => {
    switch (input.task) {
      case 'propose_fix':
        return checkProposals(data as Answers['propose_fix'], input, signal);
      case 'resolve_operator':
        return checkOperator(data as Answers['resolve_operator']);
      case 'infer_inputs':
        return checkInputs(data as Answers['infer_inputs']);
      default:
        return { data, status: 'unchecked', accepted: 0, rejected: [] };
    }
  };

  async function checkProposals(
    data: Answers['propose_fix'],
    input: ExecuteInput,
    signal: AbortSignal,
  ): Promise<AnswerCheck> {
    const range = input.context.range ?? { startLine: 1, endLine: options.text.split('\n').length };
    const proposals: CheckedProposal[] = [];
    const rejected: { what: string; reasons: readonly string[] }[] = [];
    for (const proposal of data.proposals) {
      if (signal.aborted) break;
      const verdict = edits.check({ file: options.file, text: options.text, target, range, proposal });
      if (!verdict.accepted) {
        rejected.push({ what: proposal.title, reasons: verdict.reasons });
        continue;
      }
      const numeric = await agreement(verdict, signal);
      if (verdict.needsNumbers !== null && numeric.agrees === null)
        rejected.push({
          what: proposal.title,
          reasons: [
            `${verdict.needsNumbers}; only a comparison of numbers could show that nothing is lost (${numeric.detail})`,
          ],
        });
      else if (numeric.agrees === false) rejected.push({ what: proposal.title, reasons: [numeric.detail] });
      else
        proposals.push({
          ...proposal,
          verdict,
          status: numeric.agrees === true ? 'verified' : 'checked',
          numeric: numeric.detail,
        });
    }
    const isVerified = proposals.length > 0 && proposals.every((p) => p.status === 'verified');
    return {
      data: { ...data, proposals },
      status: isVerified ? 'verified' : proposals.length > 0 ? 'checked' : 'unchecked',
      accepted: proposals.length,
      rejected,
    };
  }

  async function agreement(verdict: EditVerdict, signal: AbortSignal): Promise<NumericAgreement> {
    if (options.numeric === null) return { agrees: null, detail: 'not run: running Python was not allowed' };
    const entry = verdict.energy[0]!.entry;
    const analysis = analyse(options.text);
    const inputs = analysis.entries.find((e) => e.trace.entry === entry)?.trace.inputs ?? [];
    if (inputs.some((i) => i.shape === null || i.shape.some((n) => Number.isNaN(n))))
      return { agrees: null, detail: 'not run: the inputs are not known' };
    return options.numeric(
      {
        file: options.file,
        before: options.text,
        after: verdict.text!,
        entry,
        inputs: inputs.map((i) => ({ shape: i.shape!, dtype: i.dtype })),
      },
      signal,
    );
  }

  function analyse(text: string): DocumentAnalysis {
    return new DocumentAnalysis({
      file: options.file,
      sources: new EditedSources(new Sources(options.parser, options.files), options.file, text),
      environment: options.environment,
      target,
      fuel,
      cancelled: options.cancelled,
    });
  }

  function checkOperator(data: Answers['resolve_operator']): AnswerCheck {
    const reject = (reason: string): AnswerCheck => ({
      data,
      status: 'unchecked',
      accepted: 0,
      rejected: [{ what: data.operator, reasons: [reason] }],
    });
    const stood = withStandIn(options.parser, options.text, { operator: data.operator, source: data.equivalent });
    if (!stood.ok) return reject(stood.reason);
    const before = analyse(options.text).entries.reduce((n, e) => n + e.report.coverage.unknownOps, 0);
    const after = analyse(stood.text);
    const unknown = after.entries.reduce((n, e) => n + e.report.coverage.unknownOps, 0);
    if (unknown >= before) {
      const why = after.entries.flatMap((e) => e.report.coverage.unknown)[0];
      return reject(
        `with this in its place the engine understands no more than before${why === undefined ? '' : `: ${why.why}`}`,
      );
    }
    const best = [...after.entries].sort(
      (a, b) => (b.report.energy_J?.value ?? 0) - (a.report.energy_J?.value ?? 0),
    )[0];
    const estimate = best === undefined ? [] : factsOfEstimate(wholeReport(best));
    return { data: { ...data, estimate }, status: 'checked', accepted: 1, rejected: [] };
  }

  function checkInputs(data: Answers['infer_inputs']): AnswerCheck {
    const what = `${data.entry} with ${data.inputs.map((i) => `${i.name}=(${i.shape.join(',')}) ${i.dtype}`).join(', ')}`;
    const reject = (reason: string): AnswerCheck => ({
      data,
      status: 'unchecked',
      accepted: 0,
      rejected: [{ what, reasons: [reason] }],
    });
    const entry = analyse(options.text).entries.find(
      (e) => e.trace.entry === data.entry || e.point.name === data.entry,
    );
    if (entry === undefined) return reject(`the file has no model ${data.entry}`);
    const specs = data.inputs.map((i) => parseInputSpec(`${i.shape.join('x') || '1'}:${i.dtype}`));
    const base = {
      file: options.file,
      sources: new EditedSources(new Sources(options.parser, options.files), options.file, options.text),
      environment: options.environment,
      target,
      fuel,
      cancelled: options.cancelled,
    };
    const trace = run(
      new Program(options.file, programOptions(base)),
      requestOf(entry.trace.entry, specs, 'flag', target),
    );
    if (trace.error !== null)
      return reject(`the model does not take them: ${trace.error.type}: ${trace.error.message}`);
    if (trace.missing !== null) return reject(trace.missing);
    return { data: { ...data, entry: entry.trace.entry }, status: 'checked', accepted: 1, rejected: [] };
  }
}
