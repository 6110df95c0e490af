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
  const choices: Choice[] = [];
  for (const vendor of [...new Set(accelerators.map((one) => one.vendor))]) {
    choices.push({ label: vendor, kind: vscode.QuickPickItemKind.Separator });
    for (const one of accelerators.filter((candidate) => candidate.vendor === vendor)) {
      choices.push({
        id: one.id,
        label: one.id === current ? `$(check) ${one.name}` : one.name,
        description: one.id,
        detail: figuresOf(one),
      });
    }
  }
  const title = vscode.l10n.t('Accelerator to price code on');
  await choose(choices, title, vscode.l10n.t('Name, vendor or id'), 'hardware', resource);
}

/** `989 TFLOPS · 80 GB at 3.4 TB/s · 700 W · $2.49/h` */
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
  const current = vscode.workspace.getConfiguration('ecocompute', resource).get<string>('region');
  const choices: Choice[] = regions.map((region) => ({
    id: region.id,
    label: region.id === current ? `$(check) ${region.name}` : region.name,
    description: `${Math.round(region.gCO2ePerKWh)} gCO2e/kWh`,
    detail: region.id,
  }));
  const title = vscode.l10n.t('Region whose electricity counts');
  await choose(choices, title, vscode.l10n.t('Country, cloud region or code'), 'region', resource);
}

async function choose(
  choices: Choice[],
  title: string,
  placeHolder: string,
  key: string,
  resource: vscode.Uri | undefined,
): Promise<void> {
  const chosen = await vscode.window.showQuickPick(choices, {
    title,
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen?.id !== undefined) await updateSetting(key, chosen.id, resource);
}
