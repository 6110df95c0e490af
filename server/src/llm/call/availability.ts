/** Which models can be asked at this moment: providers that are set up and not cooling down. */
import type { Provider } from '../providers/provider.js';
import type { AiServices } from '../services.js';
import type { Constraints, ModelInfo, ModelRef } from '../types.js';

/** This machine, or a network that addresses it privately. */
export function isLocalAddress(address: string): boolean {
  try {
    const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
    return (
      host === 'localhost' ||
      host === '::1' ||
      host.endsWith('.local') ||
      /^(127|10)\.\d+\.\d+\.\d+$|^192\.168\.\d+\.\d+$|^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(host)
    );
  } catch {
    return false;
  }
}

export class Availability {
  constructor(
    private readonly services: AiServices,
    private readonly constraints: Constraints,
  ) {}

  /** The registry's models and those that the constraints name. */
  models(): ModelInfo[] {
    const { registry } = this.services;
    const models = registry.models.map((model) => this.placed(model));
    for (const ref of [this.constraints.model, ...(this.constraints.fallbacks ?? [])]) {
      if (ref === undefined || models.some((m) => m.ref === ref)) continue;
      const made = registry.find(ref);
      if (made !== null) models.push(this.placed(made));
    }
    return models;
  }

  find(ref: ModelRef): { readonly model: ModelInfo; readonly provider: Provider } | null {
    const model = this.services.registry.find(ref);
    const provider = this.provider(model?.provider ?? '');
    return model === null || provider === undefined ? null : { model: this.placed(model), provider };
  }

  private provider(id: string): Provider | undefined {
    return this.services.providers.find((one) => one.id === id);
  }

  /** A server of the user's is local only where its address is. */
  private placed(model: ModelInfo): ModelInfo {
    const provider = this.provider(model.provider);
    if (!model.local || provider === undefined || provider.baseUrlVariable === null) return model;
    const address = this.services.baseUrl(provider);
    return address === null || isLocalAddress(address) ? model : { ...model, local: false, regions: [] };
  }

  /** Why it cannot be asked; null when it can. */
  whyNot(model: ModelInfo): string | null {
    const { services } = this;
    const provider = this.provider(model.provider);
    if (provider === undefined) return `no provider ${model.provider}`;
    if (provider.id === 'demo' && this.constraints.model !== model.ref && !this.onlyDemo())
      return 'the demo is asked only when nothing else can be';
    if (provider.needsUserAction && services.asked !== 'person')
      return 'editor models are asked only when a person asks';
    if (provider.id === 'vscode' && services.chat === null) return 'only available inside VS Code';
    if (!provider.local && provider.keyVariables.length > 0 && services.key(provider) === null)
      return `no key (${provider.keyVariables[0]})`;
    if (
      provider.local &&
      provider.baseUrlVariable !== null &&
      services.baseUrl(provider) === null &&
      provider.defaultBaseUrl === null
    )
      return `no address (${provider.baseUrlVariable})`;
    const now = services.ports.now();
    return services.state.health.coolingDown(provider.id, now) ?? services.state.health.coolingDown(model.ref, now);
  }

  /** No other provider is set up. */
  private onlyDemo(): boolean {
    const { services } = this;
    return !services.providers.some((p) =>
      p.id === 'demo'
        ? false
        : p.id === 'vscode'
          ? services.chat !== null
          : p.local
            ? services.baseUrl(p) !== null || p.defaultBaseUrl !== null
            : services.key(p) !== null,
    );
  }
}
