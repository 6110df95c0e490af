/**
 * Language models behind the language server: the requests of shared/ai.ts. Keys and consent
 * come from the client; a client that knows nothing of them gets local answers and the demo.
 */
import { relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type CancellationToken, CancellationTokenSource, ErrorCodes, ResponseError } from 'vscode-languageserver/node';
import {
  type AiOverview,
  type AiPreview,
  type AiProgress,
  type AiSettings,
  type AiUsage,
  type AskParams,
  type AskResult,
  aiClientRequests,
  aiNotifications,
  aiRequests,
  type FeedbackParams,
  type HealthParams,
  type OverviewParams,
  type ProviderHealth,
} from '../../../shared/ai.js';
import { contextOf, findingAt } from '../llm/context.js';
import { execute } from '../llm/execute.js';
import { learnedQuality, readPolicy } from '../llm/learn/policy.js';
import { deadline } from '../llm/ports.js';
import type { EditorChat, Provider } from '../llm/providers/provider.js';
import { providers } from '../llm/providers/registry.js';
import { defaultFilePolicy } from '../llm/safety/filePolicy.js';
import { type AiEvent, type AiServices, type AnswerCheck, makeServices, stateFrom } from '../llm/services.js';
import { TraceStore } from '../llm/traces/store.js';
import { pages } from '../rules/pages.js';
import type { CheckQuestion, CheckReply } from './aiHost.js';
import { WorkspaceModels } from './aiModels.js';
import { overviewOf } from './aiOverview.js';
import { baseUrlFromEnvironment, keyFromEnvironment, nodePorts, traceFolder, traceFolderPath } from './aiPorts.js';
import { resultOf } from './aiResult.js';
import { usageOf } from './aiUsage.js';
import type { ServerContext } from './context.js';
import { nodeFiles } from './nodeFiles.js';

export function registerAi(context: ServerContext, workerFile: string): void {
  const { connection } = context;
  const store = new TraceStore(traceFolder(traceFolderPath(process.env)));
  const state = stateFrom(store.read().records);
  let seenTraces = store.size();
  /** Before anything is spent or shown: what other processes have spent meanwhile. */
  const readTotals = (): void => {
    const size = store.size();
    if (size !== seenTraces) state.totals.restart(store.read().records);
    seenTraces = size;
  };
  const listeners = new Map<string, (piece: string) => void>();
  connection.onNotification(aiNotifications.editorText, ({ id, piece }: { id: string; piece: string }) =>
    listeners.get(id)?.(piece),
  );

  /** null when the client does not know the request. */
  const ask = async <T>(method: string, params: unknown): Promise<T | null> => {
    try {
      return (await connection.sendRequest(method, params)) as T;
    } catch {
      return null;
    }
  };
  const fromEnvironment = keyFromEnvironment(process.env);
  const keysOf = async (): Promise<(provider: Provider) => string | null> => {
    const keys = new Map<string, string | null>();
    for (const provider of providers) {
      if (provider.keyVariables.length === 0) continue;
      keys.set(
        provider.id,
        (await ask<string>(aiClientRequests.key, { provider: provider.id })) ?? fromEnvironment(provider),
      );
    }
    return (provider) => keys.get(provider.id) ?? null;
  };
  const chat: EditorChat = {
    models: async () => (await ask<{ id: string; maxInputTokens: number }[]>(aiClientRequests.editorModels, {})) ?? [],
    send: async (model, text, signal, onText) => {
      const id = `${Date.now()}-${Math.random()}`;
      listeners.set(id, onText);
      const stop = new CancellationTokenSource();
      const onStop = (): void => stop.cancel();
      try {
        if (signal.aborted) throw new Error('stopped');
        signal.addEventListener('abort', onStop, { once: true });
        await connection.sendRequest(aiClientRequests.editorSend, { id, model, text }, stop.token);
      } finally {
        signal.removeEventListener('abort', onStop);
        stop.dispose();
        listeners.delete(id);
      }
    },
  };

  const folders = async (): Promise<string[]> => {
    const found = (await connection.workspace.getWorkspaceFolders?.().catch(() => null)) ?? [];
    return found.map((one) => decodeURIComponent(new URL(one.uri).pathname));
  };
  const firstFolder = async (): Promise<string | null> => (await folders())[0] ?? null;
  const workspaceModels = new WorkspaceModels((message) => connection.window.showWarningMessage(message));

  connection.onRequest(aiRequests.ask, async (params: AskParams, token: CancellationToken): Promise<AskResult> => {
    const document = context.documents.get(params.uri);
    if (!document) throw new ResponseError(ErrorCodes.InvalidParams, `${params.uri} is not open as a Python file.`);
    const { target, environment } = await context.settings.get(params.uri);
    const text = document.text.getText();
    const version = document.text.version;
    const report = await context.engine.call('withSavings', [document.file, target], {
      priority: 0,
      environment,
      file: document.file,
      token,
    });
    const folder = (await folders()).find((path) => document.file.startsWith(path));
    const line = params.line === null ? null : params.line + 1;
    const finding = line === null ? null : findingAt(report, line);
    const taskContext = contextOf({
      task: params.task,
      file: folder === undefined ? document.file : relative(folder, document.file),
      text,
      report,
      line,
      ...(finding === null ? {} : { page: pages[finding.rule] ?? '' }),
      ...(params.settings.callsPerMonth === undefined ? {} : { callsPerMonth: params.settings.callsPerMonth }),
    });
    const stop = new AbortController();
    const onCancel = token.onCancellationRequested(() => stop.abort());
    const services = await servicesFor(params, folder ?? null, (input, data, signal) =>
      checkInWorker(
        workerFile,
        { file: document.file, text, target, environment, python: params.settings.runPython ?? null, input, data },
        signal,
      ),
    );
    try {
      const image = params.image === undefined ? {} : { image: params.image };
      const result = await execute(
        {
          input: { task: params.task, prompt: params.prompt, context: { ...taskContext, ...image } },
          objective: params.settings.objective ?? 'balanced',
          constraints: constraintsOf(params.settings),
        },
        services,
        stop.signal,
      );
      return resultOf(result, version, text, taskContext.yearlySaving ?? null, params.settings.callsPerMonth);
    } finally {
      onCancel.dispose();
    }
  });

  async function servicesFor(
    params: Pick<AskParams, 'id' | 'asked' | 'settings'>,
    folder: string | null,
    checkAnswer: AiServices['checkAnswer'],
  ): Promise<AiServices> {
    const { settings } = params;
    readTotals();
    // editor models answer only what a person asked
    const editorModels = params.asked === 'person' ? await chat.models() : [];
    const environmentUrl = baseUrlFromEnvironment(process.env);
    return makeServices({
      ports: nodePorts,
      key: await keysOf(),
      baseUrl: (provider) => settings.baseUrls?.[provider.id] ?? environmentUrl(provider),
      consent: async (preview) => {
        const shown: AiPreview = {
          askId: params.id,
          provider: preview.provider,
          providerLabel: preview.providerLabel,
          model: preview.model,
          address: preview.address,
          system: preview.system,
          text: preview.text,
          imageBytes: preview.imageBytes,
          files: preview.files,
          redactions: preview.redactions,
          hidden: preview.hidden.length,
          expectedCostUsd: preview.expectedCostUsd,
          expectedCarbon_g: preview.expectedCarbon_g,
          warning: preview.warning,
          silent: preview.silent,
        };
        // silence is a no
        return (await ask<boolean>(aiClientRequests.consent, shown)) === true;
      },
      state,
      registry: workspaceModels.registry(folder, editorModels),
      store,
      chat: editorModels.length > 0 ? chat : null,
      filePolicy: {
        allow: settings.allow ?? defaultFilePolicy.allow,
        deny: [...defaultFilePolicy.deny, ...(settings.deny ?? [])],
      },
      budgetUsdPerMonth: settings.budgetUsdPerMonth ?? null,
      keepSource: settings.keepSource === true,
      checkAnswer,
      policy: policyOf(store),
      template: (task) => (folder === null ? null : nodeFiles.read(`${folder}/.ecocompute/prompts/${task}.md`)),
      asked: params.asked,
      onEvent: (event) => void connection.sendNotification(aiNotifications.progress, progressOf(params.id, event)),
    });
  }

  connection.onRequest(aiRequests.feedback, ({ traceId, feedback }: FeedbackParams) => {
    store.feedback(traceId, feedback, Date.now());
    return null;
  });
  connection.onRequest(
    aiRequests.usage,
    (): AiUsage => usageOf(store.read().records, policyOf(store)?.version ?? null),
  );
  connection.onRequest(aiRequests.exportTraces, () => store.exportJson(Date.now()));
  connection.onRequest(aiRequests.clearTraces, () => {
    store.clear();
    readTotals();
    return null;
  });
  connection.onRequest(aiRequests.overview, async (params: OverviewParams | null): Promise<AiOverview> => {
    const settings = params?.settings ?? null;
    const services = await servicesFor(
      { id: '', asked: 'person', settings: settings ?? {} },
      await firstFolder(),
      null,
    );
    const objective = settings?.objective ?? 'balanced';
    return overviewOf(services, settings === null ? null : { objective, constraints: constraintsOf(settings) });
  });
  connection.onRequest(aiRequests.health, async (params: HealthParams | null): Promise<ProviderHealth[]> => {
    const key = await keysOf();
    const environmentUrl = baseUrlFromEnvironment(process.env);
    const baseUrl = (provider: Provider) => params?.baseUrls?.[provider.id] ?? environmentUrl(provider);
    return Promise.all(
      providers.map(async (provider): Promise<ProviderHealth> => {
        const { id, label } = provider;
        const isOff =
          (!provider.local && provider.keyVariables.length > 0 && key(provider) === null) ||
          (provider.baseUrlVariable !== null && provider.defaultBaseUrl === null && baseUrl(provider) === null);
        if (isOff)
          return { id, label, state: 'off', message: provider.keyVariables[0] ?? provider.baseUrlVariable ?? '' };
        const time = deadline(nodePorts, 10_000);
        try {
          const { models } = await provider.health({
            fetch: nodePorts.fetch,
            now: nodePorts.now,
            key: key(provider),
            baseUrl: baseUrl(provider),
            signal: time.signal,
            onText: () => {},
            functions: [],
            chat,
          });
          return { id, label, state: models.length > 0 ? 'ready' : 'off', message: `${models.length} models` };
        } catch (error) {
          return { id, label, state: 'failing', message: error instanceof Error ? error.message : String(error) };
        } finally {
          time.dispose();
        }
      }),
    );
  });
}

function policyOf(store: TraceStore): AiServices['policy'] {
  const policy = readPolicy(store.policyText());
  return policy === null ? null : { version: policy.version, quality: learnedQuality(policy) };
}

/** One worker per check: ending it is the only way to stop an engine that is busy. */
function checkInWorker(workerFile: string, question: CheckQuestion, signal: AbortSignal): Promise<AnswerCheck> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, {
      workerData: { role: 'ai' },
      resourceLimits: { maxOldGenerationSizeMb: 768 },
    });
    const end = (): void => {
      signal.removeEventListener('abort', stop);
      void worker.terminate();
    };
    const stop = (): void => {
      end();
      reject(new Error('stopped'));
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) return stop();
    worker.once('message', (reply: CheckReply) => {
      end();
      if (reply.ok) resolve(reply.check);
      else reject(new Error(reply.message));
    });
    worker.once('error', (error) => {
      end();
      reject(error);
    });
    worker.postMessage(question);
  });
}

function constraintsOf(settings: AiSettings) {
  const { model, region, maxCostUsd, localOnly, excludedProviders, preferredProviders, hedgeAfterS, fallbacks } =
    settings;
  return {
    ...(model === undefined ? {} : { model }),
    ...(fallbacks === undefined || fallbacks.length === 0 ? {} : { fallbacks }),
    ...(region === undefined ? {} : { region }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
    ...(hedgeAfterS === undefined ? {} : { hedgeAfterMs: hedgeAfterS * 1000 }),
    ...(excludedProviders === undefined ? {} : { excludedProviders }),
    ...(preferredProviders === undefined ? {} : { preferredProviders }),
    localOnly: localOnly === true,
  };
}

function progressOf(askId: string, event: AiEvent): AiProgress {
  const messages: Record<AiEvent['kind'], () => string> = {
    routed: () => (event.kind === 'routed' ? event.reason : ''),
    asking: () => (event.kind === 'asking' ? event.ref : ''),
    text: () => (event.kind === 'text' ? event.piece : ''),
    failed: () => (event.kind === 'failed' ? `${event.ref}: ${event.message}` : ''),
    cost: () => (event.kind === 'cost' ? `$${event.costUsd.toFixed(5)}, ${event.carbon_g.toPrecision(2)} g CO2e` : ''),
  };
  return { askId, kind: event.kind, message: messages[event.kind]() };
}
