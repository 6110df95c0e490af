/** The editor's own models (`vscode.lm`): no key; the client asks them, and only after a user's action. */
import { failureOf } from './failures.js';
import { type Provider, type ProviderContext, ProviderFailure } from './provider.js';

export const vscodeLm: Provider = {
  id: 'vscode',
  label: 'VS Code language models',
  keyVariables: [],
  baseUrlVariable: null,
  defaultBaseUrl: null,
  local: false,
  needsUserAction: true,

  async complete(request, context) {
    const chat = chatOf(context);
    try {
      let text = '';
      // these models take no system message and no schema: both are part of the text
      const question = `${request.system}\n\n${request.text}`;
      await chat.send(request.model, question, context.signal, (piece) => {
        text += piece;
        context.onText(piece);
      });
      return { text, usage: null, finish: 'stop', citations: [], executed: [] };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (/permission|consent|not allowed|NoPermissions/i.test(message)) throw new ProviderFailure('auth', message);
      if (/blocked|filter/i.test(message)) throw new ProviderFailure('refusal', message);
      if (/NotFound|no model/i.test(message)) throw new ProviderFailure('not-found', message);
      throw failureOf(error, context.signal, null);
    }
  },

  async health(context) {
    return { models: (await chatOf(context).models()).map((model) => model.id) };
  },
};

function chatOf({ chat }: ProviderContext) {
  if (chat === null) throw new ProviderFailure('offline', 'only available inside VS Code');
  return chat;
}
