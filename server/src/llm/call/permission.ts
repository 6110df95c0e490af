/** What stands before a call leaves: the month's budget, the limits of this call, denied files, consent. */
import { notWorthIt, overBudget } from '../budget.js';
import type { Deadline } from '../ports.js';
import type { Provider } from '../providers/provider.js';
import { costOf, expectedUsage } from '../routing/callEstimate.js';
import { refusedFile } from '../safety/filePolicy.js';
import type { Prompt } from '../safety/prompt.js';
import type { AiServices, SendPreview } from '../services.js';
import { tasks } from '../tasks/tasks.js';
import type { ExecuteRequest, ModelInfo, RequestFeatures } from '../types.js';
import type { Ledger } from './ledger.js';

export type Permit =
  | { readonly granted: true /** Gives back what was set aside for the call. */; readonly release: () => void }
  /** `final`: a person said no; asking another model would be asking around it. */
  | { readonly granted: false; readonly problem: string; readonly final: boolean };

export class Permission {
  /** Milliseconds that the person took to read what is to be sent: no part of the deadline. */
  waitedMs = 0;
  /** That the last call that was not a hedge costs more than it can save. A hedge that does is not made. */
  warning: string | null = null;

  constructor(
    private readonly request: ExecuteRequest,
    private readonly services: AiServices,
    private readonly features: RequestFeatures,
    private readonly prompt: Prompt,
    private readonly ledger: Ledger,
    private readonly time: Deadline,
  ) {}

  /** `silent`: nobody is to be disturbed; only what was allowed before is allowed. */
  async ask(model: ModelInfo, provider: Provider, silent: boolean): Promise<Permit> {
    const { services, request, ledger } = this;
    const no = (problem: string, final = false): Permit => ({ granted: false, problem, final });
    const expected = costOf(
      expectedUsage(this.features, model, tasks[request.input.task].thinkingTokens),
      model,
      services.gCO2ePerKWh ?? undefined,
    );
    const budget = overBudget(
      services.state.totals,
      services.ports.now(),
      expected.costUsd,
      services.budgetUsdPerMonth,
    );
    if (budget !== null && expected.costUsd > 0) return no(budget);
    const { maxCostUsd, maxCarbon_g } = request.constraints;
    const committed = ledger.committed();
    if (maxCostUsd !== undefined && committed.costUsd + expected.costUsd > maxCostUsd)
      return no(`the maximum of $${maxCostUsd} for this call is used up`);
    if (maxCarbon_g !== undefined && committed.carbon_g + expected.carbon_g > maxCarbon_g)
      return no(`the maximum of ${maxCarbon_g} g for this call is used up`);
    const warning = notWorthIt(expected, request.input.context.yearlySaving);
    if (!silent) this.warning = warning;
    if (warning !== null && (services.asked === 'automatic' || silent)) return no(warning);
    // what is set aside now, before a person is asked, cannot be given to two
    const release = ledger.reserve(expected);
    // the demo and a server on this machine send nothing anywhere
    if (provider.id === 'demo' || model.local) return { granted: true, release };
    const refused = request.input.context.code
      .map((block) => refusedFile(block.file, services.filePolicy))
      .find((why) => why !== null);
    if (refused != null) {
      release();
      return no(refused);
    }
    const preview = this.preview(model, provider, expected, warning, silent);
    let agreed = false;
    try {
      agreed = silent ? await services.consent(preview) : await this.outsideTime(() => services.consent(preview));
    } finally {
      if (!agreed) release();
    }
    return agreed
      ? { granted: true, release }
      : no(`Nothing was sent: sending to ${provider.label} was not allowed.`, !silent);
  }

  private async outsideTime<T>(wait: () => Promise<T>): Promise<T> {
    const resume = this.time.pause();
    try {
      return await wait();
    } finally {
      this.waitedMs += resume();
    }
  }

  private preview(
    model: ModelInfo,
    provider: Provider,
    expected: { readonly costUsd: number; readonly carbon_g: number },
    warning: string | null,
    silent: boolean,
  ): SendPreview {
    const { services, request, prompt } = this;
    return {
      provider: provider.id,
      providerLabel: provider.label,
      model: model.model,
      address: services.baseUrl(provider) ?? provider.defaultBaseUrl,
      local: model.local,
      system: prompt.system,
      text: prompt.text,
      imageBytes: Math.floor(((request.input.context.image?.base64.length ?? 0) * 3) / 4),
      files: request.input.context.code.map((block) => block.file),
      redactions: prompt.redactions,
      hidden: prompt.hidden,
      shortened: prompt.shortened,
      expectedCostUsd: expected.costUsd,
      expectedCarbon_g: expected.carbon_g,
      warning,
      silent,
    };
  }
}
