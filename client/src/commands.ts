/**
 * Every command of the extension as a table. A command always answers: when the server is
 * down it says so and offers a restart.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  analyseProfile,
  askAi,
  clearTraces,
  explainWithAi,
  exportTraces,
  inferInputs,
  narrateReport,
  proposeFixWithAi,
  resolveOperator,
  reviewArchitecture,
} from './ai/commands.js';
import { deleteApiKey, setApiKey } from './ai/keys.js';
import { selectModel } from './ai/modelPicker.js';
import { showUsage } from './ai/usage.js';
import { auditFile } from './auditPanel.js';
import { compareHardware } from './compareHardware.js';
import type { ClientContext } from './context.js';
import { explainFigure } from './explainFigure.js';
import { selectHardware, selectRegion } from './pickers.js';
import { setInputs } from './setInputs.js';

type Command = (context: ClientContext, ...args: unknown[]) => Promise<unknown>;
type ServerCommand = (context: ClientContext, client: LanguageClient, ...args: unknown[]) => Promise<unknown>;

const commands: Readonly<Record<string, Command>> = {
  'ecocompute.selectHardware': needsServer(selectHardware),
  'ecocompute.selectRegion': needsServer(selectRegion),
  'ecocompute.auditFile': needsServer(auditFile),
  'ecocompute.setInputs': needsServer(setInputs),
  'ecocompute.compareHardware': needsServer(compareHardware),
  'ecocompute.explainFigure': needsServer(explainFigure),
  'ecocompute.askAi': needsServer(askAi),
  'ecocompute.explainWithAi': needsServer(explainWithAi),
  'ecocompute.proposeFixWithAi': needsServer(proposeFixWithAi),
  'ecocompute.resolveOperator': needsServer(resolveOperator),
  'ecocompute.reviewArchitecture': needsServer(reviewArchitecture),
  'ecocompute.selectModel': needsServer(selectModel),
  'ecocompute.applyAiEdit': async ({ assistant }, uri) => assistant.proposals.apply(uri),
  'ecocompute.rejectAiEdit': async ({ assistant }, uri) => assistant.proposals.reject(uri),
  'ecocompute.rateAiEditUp': async ({ assistant }, uri) => assistant.proposals.rate('up', uri),
  'ecocompute.rateAiEditDown': async ({ assistant }, uri) => assistant.proposals.rate('down', uri),
  'ecocompute.setApiKey': setApiKey,
  'ecocompute.deleteApiKey': deleteApiKey,
  'ecocompute.forgetConsent': async ({ assistant }) => assistant.session.consent.forget(),
  'ecocompute.inferInputs': needsServer(inferInputs),
  'ecocompute.narrateReport': needsServer(narrateReport),
  'ecocompute.analyseProfile': needsServer(analyseProfile),
  'ecocompute.showUsage': needsServer(showUsage),
  'ecocompute.exportTraces': needsServer(exportTraces),
  'ecocompute.clearTraces': needsServer(clearTraces),
  'ecocompute.showLog': async (context) => context.log.show(),
  'ecocompute.restartServer': restart,
  'ecocompute.openSettings': async () =>
    vscode.commands.executeCommand('workbench.action.openSettings', '@ext:ecocompute.ecocompute-energy-lint'),
};

export function registerCommands(context: ClientContext): void {
  for (const [id, run] of Object.entries(commands)) {
    context.extension.subscriptions.push(
      vscode.commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          return await run(context, ...args);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          context.log.error(`${id}: ${reason}`);
          void vscode.window.showErrorMessage(vscode.l10n.t('EcoCompute: {0}', reason));
          return undefined;
        }
      }),
    );
  }
}

function needsServer(run: ServerCommand): Command {
  return async (context, ...args) => {
    let client: LanguageClient;
    try {
      client = await context.server();
      if (!client.isRunning()) throw new Error(vscode.l10n.t('it is starting or has stopped'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const again = vscode.l10n.t('Restart');
      const chosen = await vscode.window.showWarningMessage(
        vscode.l10n.t("EcoCompute's language server is not running: {0}.", reason),
        again,
      );
      if (chosen === again) await restart(context);
      return undefined;
    }
    return run(context, client, ...args);
  };
}

async function restart(context: ClientContext): Promise<void> {
  const title = vscode.l10n.t('Restarting the EcoCompute language server');
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => context.restart());
}
