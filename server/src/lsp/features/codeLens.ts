/**
 * Code lenses above model classes and factories: what one call costs, and which inputs that
 * assumes, so that a guess can be corrected where it is seen.
 */
import * as l10n from '@vscode/l10n';
import type { CodeLens, Command } from 'vscode-languageserver/node';
import { clientCommands, serverCommands } from '../../../../shared/protocol.js';
import type { CallReport, TrainingReport } from '../../analysis/model.js';
import type { ServerContext } from '../context.js';
import { toRange } from '../convert.js';
import { CallCancelled } from '../engineClient.js';
import { count, energyOfRun, quantity, shape } from '../figures.js';
import { missingText, notUnderstood } from '../fileStatus.js';
import { inputSpec, isGuessed } from '../inputSpec.js';

export function registerCodeLens(context: ServerContext): void {
  context.connection.onCodeLens(async (params, token): Promise<CodeLens[]> => {
    const { uri } = params.textDocument;
    try {
      const finished = await context.reports.current(uri, token);
      if (!finished) return [];
      const { settings, hardwareName } = finished.settings;
      return finished.report.estimates.flatMap((estimate) => {
        const lenses: CodeLens[] = [];
        const range = toRange(estimate.range);
        if (settings.codeLens) lenses.push({ range, command: figuresCommand(estimate, uri, hardwareName, context) });
        if (settings.assumptionLens && estimate.inputs.length > 0) {
          lenses.push({ range, command: assumptionCommand(estimate, uri, context) });
        }
        return lenses;
      });
    } catch (error) {
      if (!(error instanceof CallCancelled)) context.log(`code lens: ${(error as Error).message}`);
      return [];
    }
  });
}

function figuresCommand(estimate: CallReport, uri: string, hardware: string, context: ServerContext): Command {
  const title = figuresTitle(estimate, hardware);
  return context.client.commands
    ? { title, command: clientCommands.audit, arguments: [uri] }
    : { title, command: serverCommands.applyInputs, arguments: [uri, estimate.entry, inputSpec(estimate)] };
}

/** `8.03 B params · 33.9 TFLOP · 38 J per call · H100 SXM` */
export function figuresTitle(estimate: CallReport, hardware: string): string {
  const parts = [estimate.params ? l10n.t('{0} params', count(estimate.params.total)) : ''];
  const missing = missingText(estimate);
  if (missing) {
    parts.push(shortened(missing));
  } else {
    const { forward, backward } = estimate.flops;
    const work = forward === null ? null : forward + (backward ?? 0);
    parts.push(work === null ? l10n.t('FLOPs unknown') : quantity(work, 'FLOP', 3));
    if (estimate.training && estimate.energy_J)
      parts.push(...trainingParts(estimate.training, estimate.energy_J.value));
    else if (!estimate.energy_J) parts.push(l10n.t('energy unknown'));
    else if (estimate.phase === 'training')
      parts.push(l10n.t('{0} per training step', quantity(estimate.energy_J.value, 'J')));
    else parts.push(l10n.t('{0} per call', quantity(estimate.energy_J.value, 'J')));
    parts.push(hardware);
    const gaps = notUnderstood(estimate);
    if (gaps !== '') parts.push(l10n.t('without {0}, not understood', gaps));
  }
  return parts.filter((part) => part !== '').join(' · ');
}

/** `0.10 J per step`, `5 epochs × 120 steps = 61 J`, `4 batches per step`. */
function trainingParts(training: TrainingReport, joules: number): string[] {
  const { stepsPerEpoch, epochs, iterationsPerStep, run } = training;
  const parts = [l10n.t('{0} per step', quantity(joules, 'J'))];
  if (iterationsPerStep > 1) parts.push(l10n.t('{0} batches per step', iterationsPerStep));
  if (stepsPerEpoch !== null && run.energy_J) {
    const whole = energyOfRun(run.energy_J.value);
    parts.push(
      epochs === null
        ? l10n.t('{0} steps = {1}', stepsPerEpoch, whole)
        : l10n.t('{0} epochs × {1} steps = {2}', epochs, stepsPerEpoch, whole),
    );
  }
  return parts;
}

/** One line has little room; the status item has the rest. */
const MAX_REASON = 72;
function shortened(text: string): string {
  return text.length <= MAX_REASON ? text : `${text.slice(0, MAX_REASON - 1).trimEnd()}…`;
}

function assumptionCommand(estimate: CallReport, uri: string, context: ServerContext): Command {
  const title = assumptionTitle(estimate);
  const args = [uri, estimate.entry, inputSpec(estimate)];
  return {
    title,
    command: context.client.commands ? clientCommands.setInputs : serverCommands.applyInputs,
    arguments: args,
  };
}

/** `x: 1×3×224×224 float32 (guessed) — change` */
export function assumptionTitle(estimate: CallReport): string {
  const inputs = estimate.inputs.map((input) => `${input.name}: ${shape(input.shape)} ${input.dtype}`).join(', ');
  return isGuessed(estimate) ? l10n.t('{0} (guessed) — change', inputs) : l10n.t('{0} — change', inputs);
}
