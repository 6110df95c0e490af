/** The model picker: price, latency, carbon and health of each model; the choice goes into the settings. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type AiModel, type AiOverview, aiRequests, type ProviderHealth } from '../../../shared/ai.js';
import type { ClientContext } from '../context.js';
import { updateSetting } from '../target.js';
import { dollars, figuresOfCall, mass } from './figures.js';
import { keyProviders, setApiKey } from './keys.js';
import { aiSettings, whyOff } from './settings.js';

type Item = vscode.QuickPickItem & { readonly ref?: string; readonly provider?: string };

export async function selectModel(context: ClientContext, client: LanguageClient): Promise<void> {
  const off = whyOff();
  if (off !== null) {
    void vscode.window.showWarningMessage(off);
    return;
  }
  const overview = await client.sendRequest<AiOverview>(aiRequests.overview, {});
  const current = vscode.workspace.getConfiguration('ecocompute.ai').get<string>('model') ?? '';
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = vscode.l10n.t(
    'Language model; this month: {0}',
    figuresOfCall(overview.month.costUsd, overview.month.carbon_g),
  );
  pick.placeholder = vscode.l10n.t('Name or provider');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  const show = (health: readonly ProviderHealth[]) => {
    const [active] = pick.activeItems;
    pick.items = itemsOf(overview.models, health, current);
    pick.activeItems = pick.items.filter((item) => item.ref !== undefined && item.ref === (active?.ref ?? current));
  };
  show([]);
  // Health asks the services whose key or address is there, so it comes later.
  pick.busy = true;
  let isOpen = true;
  const { baseUrls } = await aiSettings(context, undefined);
  void client
    .sendRequest<ProviderHealth[]>(aiRequests.health, { baseUrls })
    .then((health) => {
      if (isOpen) show(health);
    })
    .catch((error) => context.log.warn(`ai health: ${String(error)}`))
    .finally(() => {
      if (isOpen) pick.busy = false;
    });
  const chosen = await new Promise<Item | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]));
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  isOpen = false;
  pick.dispose();
  if (chosen?.ref === undefined) return;
  await updateSetting('ai.model', chosen.ref, undefined);
  const needsKey = chosen.detail?.includes('$(key)') && keyProviders.some(({ id }) => id === chosen.provider);
  if (needsKey) await setApiKey(context, chosen.provider);
}

/** The automatic choice first, then what can be asked, then what lacks a key. */
export function itemsOf(models: readonly AiModel[], health: readonly ProviderHealth[], current: string): Item[] {
  const stateOf = (provider: string) => health.find(({ id }) => id === provider);
  const rank = { ready: 0, failing: 1, off: 2 } as const;
  const order = (model: AiModel) => rank[stateOf(model.provider)?.state ?? 'ready'];
  const tick = (label: string, ref: string) => (ref === current ? `$(check) ${label}` : label);
  const automatic: Item = {
    ref: '',
    label: tick(vscode.l10n.t('Automatic'), ''),
    detail: vscode.l10n.t('By task and objective; when a model fails, the next by score is asked.'),
  };
  const rows = [...models]
    .sort((a, b) => order(a) - order(b))
    .map((model): Item => {
      const price = vscode.l10n.t(
        '{0} in, {1} out per million tokens',
        dollars(model.usdPerMInput),
        dollars(model.usdPerMOutput),
      );
      return {
        ref: model.ref,
        provider: model.provider,
        label: tick(model.ref, model.ref),
        description: [
          model.local ? vscode.l10n.t('on this machine') : price,
          `${Number(model.latencyS.toPrecision(2))} s`,
          `${mass(model.carbon_g)} CO2e`,
          model.inferred ? vscode.l10n.t('inferred from the name') : '',
        ]
          .filter(Boolean)
          .join(' · '),
        detail: `${healthText(stateOf(model.provider))} · ${vscode.l10n.t('no fallback: only this model is asked')}`,
      };
    });
  return [automatic, ...rows];
}

function healthText(health: ProviderHealth | undefined): string {
  if (!health) return vscode.l10n.t('health is being looked at');
  if (health.state === 'ready') return `$(pass) ${health.label}: ${vscode.l10n.t('answers')}`;
  if (health.state === 'off') return `$(key) ${health.label}: ${vscode.l10n.t('not set up ({0})', health.message)}`;
  return `$(warning) ${health.label}: ${health.message}`;
}
