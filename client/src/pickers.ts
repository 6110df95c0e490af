/** Pickers for the accelerator and the region, with the figures that tell them apart. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type Accelerator, type Region, requests } from '../../shared/protocol.js';
import type { ClientContext } from './context.js';
import { updateSetting } from './target.js';

interface Choice extends vscode.QuickPickItem {
  readonly id?: string;
}

export async function selectHardware(_context: ClientContext, client: LanguageClient): Promise<void> {
  const accelerators = await client.sendRequest<Accelerator[]>(requests.hardware);
  const resource = vscode.window.activeTextEditor?.document.uri;
  const current = vscode.workspace.getConfiguration('ecocompute', resource).get<string>('hardware');
  const choice = (one: Accelerator): Choice => ({
    id: one.id,
    label: one.name,
    description: one.id,
    detail: figuresOf(one),
  });
  const choices: Choice[] = [];
  const group = (label: string, ones: readonly Accelerator[]) => {
    if (ones.length > 0) choices.push({ label, kind: vscode.QuickPickItemKind.Separator }, ...ones.map(choice));
  };
  group(
    vscode.l10n.t('in use'),
    accelerators.filter((one) => one.id === current),
  );
  for (const vendor of new Set(accelerators.map((one) => one.vendor))) {
    // The newest first: that is what is rented today.
    const others = accelerators.filter((one) => one.vendor === vendor && one.id !== current);
    group(
      vendor,
      others.sort((a, b) => (b.releaseYear ?? 0) - (a.releaseYear ?? 0)),
    );
  }
  const title = vscode.l10n.t('Accelerator to price code on');
  await choose(choices, {
    title,
    placeholder: vscode.l10n.t('Name, vendor or id'),
    key: 'hardware',
    current,
    resource,
  });
}

/** `989 TFLOPS (16 bit, dense) · 80 GB at 3350 GB/s · 700 W · $2.49 per hour` */
function figuresOf(one: Accelerator): string {
  const parts = [
    one.peak16_tflops === null ? '' : vscode.l10n.t('{0} TFLOPS (16 bit, dense)', Math.round(one.peak16_tflops)),
    vscode.l10n.t('{0} GB at {1} GB/s', one.memory_GB, Math.round(one.bandwidth_GBps)),
    one.tdp_W === null ? '' : `${one.tdp_W} W`,
    one.usdPerHour === null ? '' : vscode.l10n.t('{0} per hour', `$${one.usdPerHour.toFixed(2)}`),
    one.verified ? '' : vscode.l10n.t('figures not verified'),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

export async function selectRegion(_context: ClientContext, client: LanguageClient): Promise<void> {
  const regions = await client.sendRequest<Region[]>(requests.regions);
  const resource = vscode.window.activeTextEditor?.document.uri;
  const current = vscode.workspace.getConfiguration('ecocompute', resource).get<string>('region') || 'world';
  const choices: Choice[] = regions.map((region) => ({
    id: region.id,
    label: region.name,
    description: `${Math.round(region.gCO2ePerKWh)} gCO2e/kWh`,
    detail: region.id,
  }));
  const title = vscode.l10n.t('Region whose electricity counts');
  await choose(choices, {
    title,
    placeholder: vscode.l10n.t('Country, cloud region or code'),
    key: 'region',
    current,
    resource,
  });
}

interface Question {
  readonly title: string;
  readonly placeholder: string;
  /** The setting that the answer goes to. */
  readonly key: string;
  readonly current: string | undefined;
  readonly resource: vscode.Uri | undefined;
}

/** A quick pick that opens on the present choice. */
async function choose(choices: Choice[], question: Question): Promise<void> {
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = question.title;
  pick.placeholder = question.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = choices.map((one) =>
    one.id !== undefined && one.id === question.current ? { ...one, label: `$(check) ${one.label}` } : one,
  );
  pick.activeItems = pick.items.filter((one) => one.id !== undefined && one.id === question.current);
  const chosen = await new Promise<string | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]?.id));
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  pick.dispose();
  if (chosen !== undefined) await updateSetting(question.key, chosen, question.resource);
}
