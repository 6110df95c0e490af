/** What `execute` found, as the client shows it: text, edits as ranges of the document, savings in a year. */
import type { AiProposal, AskResult } from '../../../shared/ai.js';
import { notWorthIt } from '../llm/budget.js';
import type { ExecuteResult } from '../llm/execute.js';
import type { Answers } from '../llm/tasks/tasks.js';
import type { CheckedProposal } from '../llm/verify/checkAnswer.js';

export function resultOf(
  result: ExecuteResult,
  version: number,
  text: string,
  yearlySaving: AskResult['yearlySaving'],
  callsPerMonth: number | undefined,
): AskResult {
  const proposals = (result.data as { proposals?: readonly CheckedProposal[] } | null)?.proposals ?? [];
  const { data, trace } = result;
  return {
    version,
    outcome: result.outcome,
    text: result.local ?? textOf(result),
    proposals: proposals.filter((p) => p.verdict !== undefined).map((p) => proposalOf(p, text, callsPerMonth, trace)),
    rejected: result.rejected,
    corrections: result.corrections.length,
    citations: result.citations,
    assumptions: data?.assumptions ?? [],
    answeredBy: result.answeredBy,
    reason: result.decision.reason,
    problem: result.problem,
    warning: result.warning,
    costUsd: trace.costUsd,
    carbon_g: trace.carbon_g,
    yearlySaving,
    traceId: trace.id,
    data: trace.task === 'infer_inputs' || trace.task === 'resolve_operator' ? data : null,
  };
}

function textOf({ data, trace }: ExecuteResult): string {
  if (data === null) return '';
  const parts = [data.summary];
  if (trace.task === 'explain_finding') parts.push((data as Answers['explain_finding']).explanation);
  if (trace.task === 'report_narrative') parts.push(...(data as Answers['report_narrative']).paragraphs);
  if (trace.task === 'architecture_review')
    parts.push(
      ...(data as Answers['architecture_review']).recommendations.map(
        (r) => `**${r.title}** (effort ${r.effort}). ${r.why} Risk: ${r.risk}`,
      ),
    );
  if (trace.task === 'analyse_profile')
    parts.push(
      ...(data as Answers['analyse_profile']).hotspots.map(
        (h) => `**${h.name}**: ${(100 * h.share).toFixed(0)} %. ${h.why}`,
      ),
    );
  return parts.join('\n\n');
}

function proposalOf(
  p: CheckedProposal,
  text: string,
  callsPerMonth: number | undefined,
  call: { readonly costUsd: number; readonly carbon_g: number },
): AiProposal {
  const yearly = yearlyOf(p, callsPerMonth);
  const at = (offset: number): { line: number; character: number } => {
    const before = text.slice(0, offset);
    const start = before.lastIndexOf('\n') + 1;
    return { line: before.split('\n').length - 1, character: offset - start };
  };
  return {
    title: p.title,
    reasoning: p.reasoning,
    edits: p.verdict.edits.map((e) => ({ range: { start: at(e.start), end: at(e.end) }, newText: e.newText })),
    status: p.status,
    verification: p.numeric,
    energy: p.verdict.energy,
    yearlySaving: yearly,
    warning: notWorthIt(call, yearly ?? undefined),
  };
}

/** Of all models of the file together, each called so often. */
function yearlyOf(p: CheckedProposal, callsPerMonth: number | undefined): AiProposal['yearlySaving'] {
  const savings = p.verdict.energy.map((one) => one.savedPerMillion);
  if (callsPerMonth === undefined || savings.length === 0 || savings.some((one) => one === null)) return null;
  const millions = (callsPerMonth * 12) / 1e6;
  const sum = (of: 'usd' | 'gCO2e'): number => savings.reduce((all, one) => all + (one?.[of] ?? 0), 0) * millions;
  return { usd: sum('usd'), gCO2e: sum('gCO2e') };
}
