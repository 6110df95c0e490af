/**
 * The model picker: price, latency, carbon, health and fallbacks of each model. Choosing one
 * sets it; the button of a row puts it among the fallbacks or takes it out.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  type AiModel,
  type AiOverview,
  aiRequests,
  type OverviewParams,
  type ProviderHealth,
} from '../../../shared/ai.js';
import type { ClientContext } from '../context.js';
import { updateSetting } from '../target.js';
import { dollars, figuresOfCall, mass } from './figures.js';
import { keyProviders, setApiKey } from './keys.js';
import { aiSettings, whyOff } from './settings.js';

type Item = vscode.QuickPickItem & { readonly ref?: string; readonly provider?: string };

export interface PickerState {
  readonly models: readonly AiModel[];
  /** Who is asked when no model is set, in order. */
  readonly automatic: readonly string[];
  readonly health: readonly ProviderHealth[];
  /** The setting; empty: automatic. */
  readonly current: string;
  /** The setting. */
  readonly fallbacks: readonly string[];
}

export async function selectModel(context: ClientContext, client: LanguageClient): Promise<void> {
  const off = whyOff();
  if (off !== null) {
    void vscode.window.showWarningMessage(off);
    return;
  }
  const overviewNow = async (): Promise<AiOverview> => {
    const params: OverviewParams = { settings: await aiSettings(context, undefined) };
    return client.sendRequest<AiOverview>(aiRequests.overview, params);
  };
  let overview = await overviewNow();
  let health: readonly ProviderHealth[] = [];
  const current = vscode.workspace.getConfiguration('ecocompute.ai').get<string>('model') ?? '';
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = vscode.l10n.t(
    'Language model; this month: {0}',
    figuresOfCall(overview.month.costUsd, overview.month.carbon_g),
  );
  pick.placeholder = vscode.l10n.t(
    'Name or provider. Dollars per million tokens; seconds and CO2e of a typical answer.',
  );
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  const show = () => {
    const [active] = pick.activeItems;
    const { models, automatic } = overview;
    pick.items = itemsOf({ models, automatic, health, current, fallbacks: fallbacksSet() });
    pick.activeItems = pick.items.filter((item) => item.ref !== undefined && item.ref === (active?.ref ?? current));
  };
  show();
  // Health asks the services whose key or address is there, so it comes later.
  pick.busy = true;
  let isOpen = true;
  const { baseUrls } = await aiSettings(context, undefined);
  void client
    .sendRequest<ProviderHealth[]>(aiRequests.health, { baseUrls })
    .then((found) => {
      health = found;
      if (isOpen) show();
    })
    .catch((error) => context.log.warn(`ai health: ${String(error)}`))
    .finally(() => {
      if (isOpen) pick.busy = false;
    });
  pick.keepScrollPosition = true;
  pick.onDidTriggerItemButton(async ({ item }) => {
    if (item.ref === undefined) return;
    const set = fallbacksSet();
    const next = set.includes(item.ref) ? set.filter((ref) => ref !== item.ref) : [...set, item.ref];
    await updateSetting('ai.fallbacks', next, undefined);
    overview = await overviewNow();
    if (isOpen) show();
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

function fallbacksSet(): readonly string[] {
  return vscode.workspace.getConfiguration('ecocompute.ai').get<string[]>('fallbacks') ?? [];
}

/** How many names of a chain are shown. */
const shownFallbacks = 3;

/** The automatic choice first, then what can be asked, then what lacks a key. */
export function itemsOf({ models, automatic, health, current, fallbacks }: PickerState): Item[] {
  const stateOf = (provider: string) => health.find(({ id }) => id === provider);
  const rank = { ready: 0, failing: 1, off: 2 } as const;
  const order = (model: AiModel) => rank[stateOf(model.provider)?.state ?? 'ready'];
  const tick = (label: string, ref: string) => (ref === current ? `$(check) ${label}` : label);
  const [first, ...rest] = automatic;
  const firstModel = models.find(({ ref }) => ref === first);
  const row: Item = {
    ref: '',
    label: tick(vscode.l10n.t('Automatic'), ''),
    description: firstModel ? figures(firstModel) : '',
    detail:
      first === undefined
        ? vscode.l10n.t('Nobody can be asked yet: set a key or an address.')
        : vscode.l10n.t('by task and objective, for a fix now: {0}', [nameOf(first), fallbackText(rest)].join(', ')),
  };
  const rows = [...models]
    .sort((a, b) => order(a) - order(b))
    .map(
      (model): Item => ({
        ref: model.ref,
        provider: model.provider,
        label: tick(model.ref, model.ref),
        description: figures(model),
        detail: `${fallbackText(fallbacks.filter((ref) => ref !== model.ref))} · ${healthText(stateOf(model.provider))}`,
        buttons: [
          fallbacks.includes(model.ref)
            ? { iconPath: new vscode.ThemeIcon('remove'), tooltip: vscode.l10n.t('No fallback any more') }
            : { iconPath: new vscode.ThemeIcon('add'), tooltip: vscode.l10n.t('Use as a fallback') },
        ],
      }),
    );
  return [row, ...rows];
}

/** Price, seconds, grams of a typical answer. */
function figures(model: AiModel): string {
  const price = vscode.l10n.t('{0} in, {1} out per million', dollars(model.usdPerMInput), dollars(model.usdPerMOutput));
  const seconds = `${Number(model.latencyS.toPrecision(2))} s`;
  return [
    model.local ? vscode.l10n.t('no price: on this machine') : price,
    model.isMeasured ? vscode.l10n.t('{0} measured', seconds) : seconds,
    `${mass(model.carbon_g)} CO2e`,
    model.inferred ? vscode.l10n.t('guessed') : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

function fallbackText(refs: readonly string[]): string {
  if (refs.length === 0) return vscode.l10n.t('no fallback');
  const more = refs.length > shownFallbacks ? ` +${refs.length - shownFallbacks}` : '';
  return vscode.l10n.t('then {0}', `${refs.slice(0, shownFallbacks).map(nameOf).join(' → ')}${more}`);
}

/** Without the provider: rows are narrow. */
function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function healthText(health: ProviderHealth | undefined): string {
  if (!health) return vscode.l10n.t('health is being looked at');
  if (health.state === 'ready') return `$(pass) ${health.label}: ${vscode.l10n.t('answers')}`;
  if (health.state === 'off') return `$(key) ${health.label}: ${vscode.l10n.t('not set up ({0})', health.message)}`;
  return `$(warning) ${health.label}: ${health.message}`;
}
