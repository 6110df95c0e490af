/**
 * Two language models for the end-to-end tests: `test-mini` answers with the file that the
 * environment names; `test-silent` says a little and then nothing until it is stopped. What they
 * were asked, and that they were stopped, is written beside that file.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const vscode = require('vscode');

const answerFile = process.env.ECO_TEST_MODEL_ANSWER;
const note = (event) => appendFileSync(`${answerFile}.log`, `${JSON.stringify(event)}\n`);
const information = (id) => ({
  id,
  name: id,
  family: id,
  version: '1',
  maxInputTokens: 60_000,
  maxOutputTokens: 8_000,
  capabilities: { toolCalling: true, imageInput: false },
});

exports.activate = (context) => {
  if (!answerFile) return;
  const provider = {
    provideLanguageModelChatInformation: () => [information('test-mini'), information('test-silent')],
    async provideLanguageModelChatResponse({ id }, messages, _options, progress, token) {
      const text = messages
        .flatMap(({ content }) => content)
        .map((part) => part.value ?? '')
        .join('');
      note({ event: 'asked', id, text });
      const say = (piece) => progress.report(new vscode.LanguageModelTextPart(piece));
      if (id === 'test-mini') {
        const answer = readFileSync(answerFile, 'utf8');
        for (let at = 0; at < answer.length; at += 200) say(answer.slice(at, at + 200));
        return;
      }
      say('{"summary": "Still');
      await new Promise((resolve) => token.onCancellationRequested(resolve));
      note({ event: 'stopped', id });
    },
    provideTokenCount: async (_model, text) => Math.ceil(JSON.stringify(text).length / 4),
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('eco-test', provider));
};
