/**
 * Runs inside the real extension host, with the real `vscode` API: through the web workbench
 * (run.mjs) and through @vscode/test-electron (runElectron.mjs) alike. Exports `run()`.
 */
const assert = require('node:assert/strict');
const vscode = require('vscode');

const ID = 'ecocompute.ecocompute-energy-lint';

/** Resolves with the value once it passes; looked at again on every event of `on`. */
function until(read, on) {
  return new Promise((resolve, reject) => {
    const listening = [];
    const finish = (settle, value) => {
      for (const one of listening) one.dispose();
      settle(value);
    };
    const look = async () => {
      try {
        const value = await read();
        if (value) finish(resolve, value);
      } catch (error) {
        finish(reject, error);
      }
    };
    for (const event of on) listening.push(event(() => void look()));
    void look();
  });
}

const ours = (uri) => vscode.languages.getDiagnostics(uri).filter((one) => one.source === 'EcoCompute');
const codeOf = (diagnostic) => (typeof diagnostic.code === 'object' ? String(diagnostic.code.value) : String(diagnostic.code));

function diagnosticsWhere(uri, test) {
  return until(
    () => {
      const found = ours(uri);
      return test(found) ? found : null;
    },
    [vscode.languages.onDidChangeDiagnostics],
  );
}

async function openExample() {
  const [file] = await vscode.workspace.findFiles('**/llama_gqa.py');
  assert.ok(file, 'the workspace holds llama_gqa.py');
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  return document;
}

const tests = {
  async 'activates with the first Python file, and its server answers'() {
    const extension = vscode.extensions.getExtension(ID);
    assert.ok(extension, 'the extension is installed');
    await openExample();
    const api = await extension.activate();
    await api.ready();
  },

  async 'finds the wasteful habits of the example'() {
    const document = await openExample();
    const found = await diagnosticsWhere(document.uri, (list) => ['ECO100', 'ECO102', 'ECO150', 'ECO161'].every((code) => list.some((one) => codeOf(one) === code)));
    for (const one of found) {
      assert.ok(one.range.end.line < document.lineCount);
      assert.match(one.code.target.toString(), new RegExp(codeOf(one), 'i'));
    }
  },

  async 'offers a fix whose text parses the same finding away, and undo brings it back'() {
    const document = await openExample();
    const [finding] = await diagnosticsWhere(document.uri, (list) => list.some((one) => codeOf(one) === 'ECO161')).then((list) => list.filter((one) => codeOf(one) === 'ECO161'));
    const actions = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, finding.range, 'quickfix');
    const fix = actions.find((action) => action.isPreferred);
    assert.ok(fix?.edit, `a preferred fix among ${actions.map((action) => action.title).join('; ')}`);
    const before = document.getText();
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.notEqual(document.getText(), before);
    await diagnosticsWhere(document.uri, (list) => list.every((one) => codeOf(one) !== 'ECO161'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    await diagnosticsWhere(document.uri, (list) => list.some((one) => codeOf(one) === 'ECO161'));
  },

  async 'silences one rule on one line, and nothing else'() {
    const document = await openExample();
    const found = await diagnosticsWhere(document.uri, (list) => list.some((one) => codeOf(one) === 'ECO150'));
    const finding = found.find((one) => codeOf(one) === 'ECO150');
    const actions = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, finding.range, 'quickfix');
    const silence = actions.find((action) => action.title === 'Disable ECO150 for this line');
    assert.ok(silence?.edit, actions.map((action) => action.title).join('; '));
    assert.ok(await vscode.workspace.applyEdit(silence.edit));
    assert.match(document.lineAt(finding.range.start.line).text, /# eco: ignore\[ECO150\]$/);
    await diagnosticsWhere(document.uri, (list) => list.length > 0 && list.every((one) => codeOf(one) !== 'ECO150'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    await diagnosticsWhere(document.uri, (list) => list.some((one) => codeOf(one) === 'ECO150'));
  },

  async 'shows figures above the model and in a hover'() {
    const document = await openExample();
    const lenses = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri, 50);
    const titles = lenses.map((lens) => lens.command?.title ?? '');
    assert.ok(titles.some((title) => /params · .*FLOP · .*J per call/.test(title)), titles.join('\n'));
    const line = document.getText().split('\n').findIndex((text) => text.includes('self.lm_head(self.norm(h))'));
    const at = new vscode.Position(line, document.lineAt(line).text.indexOf('lm_head') + 2);
    const hovers = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, at);
    const text = hovers.flatMap((hover) => hover.contents).map((content) => (typeof content === 'string' ? content : content.value)).join('\n');
    assert.match(text, /FLOP\/B/);
    assert.match(text, /J/);
  },

  async 'prices on another accelerator when the setting says so'() {
    const document = await openExample();
    const energy = async () => {
      const lenses = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri, 50);
      return lenses.map((lens) => lens.command?.title ?? '').find((title) => /per call/.test(title));
    };
    const before = await energy();
    const settings = vscode.workspace.getConfiguration('ecocompute');
    await settings.update('hardware', 'l4', vscode.ConfigurationTarget.Workspace);
    try {
      const after = await until(async () => {
        const title = await energy();
        return title !== before ? title : null;
      }, [vscode.languages.onDidChangeDiagnostics]);
      assert.match(after, /L4/);
    } finally {
      await settings.update('hardware', undefined, vscode.ConfigurationTarget.Workspace);
    }
  },

  async 'restarts its server when the process is killed'() {
    const document = await openExample();
    const api = vscode.extensions.getExtension(ID).exports;
    await diagnosticsWhere(document.uri, (list) => list.length > 0);
    const first = api.serverProcess();
    assert.ok(first, 'a process id');
    process.kill(first, 'SIGKILL');
    // The dead server's findings go, the new one's come.
    await until(() => api.serverProcess() !== null && api.serverProcess() !== first, [vscode.languages.onDidChangeDiagnostics]);
    await diagnosticsWhere(document.uri, (list) => list.length > 0);
  },

  async 'offers the engine to other agents as tools, inside the workspace only'() {
    await openExample();
    const names = vscode.lm.tools.map((tool) => tool.name);
    for (const { name } of vscode.extensions.getExtension(ID).packageJSON.contributes.languageModelTools) assert.ok(names.includes(name), `${name} among ${names.join(', ')}`);
    const use = async (name, input) => {
      const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
      return result.content.map((part) => part.value).join('');
    };
    assert.match(await use('ecocompute_estimate', { file: 'llama_gqa.py' }), /Llama[\s\S]*Energy of one call: [\d.]+/);
    assert.match(await use('ecocompute_audit', { file: 'llama_gqa.py' }), /llama_gqa\.py:\d+ \*\*ECO161\*\*/);
    assert.match(await use('ecocompute_explain', { rule: 'ECO161' }), /ECO161/);
    for (const file of ['../../etc/passwd', '/etc/passwd', '../outside.py']) await assert.rejects(use('ecocompute_audit', { file }), /inside the workspace/);
  },

  async 'has a handler for every command it contributes'() {
    const known = await vscode.commands.getCommands(true);
    for (const { command } of vscode.extensions.getExtension(ID).packageJSON.contributes.commands) assert.ok(known.includes(command), command);
  },
};

exports.run = async function run() {
  const failed = [];
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test();
      console.log(`ok ${name}`);
    } catch (error) {
      failed.push(name);
      console.error(`FAILED ${name}: ${error.stack ?? error}`);
    }
  }
  if (failed.length > 0) throw new Error(`${failed.length} of ${Object.keys(tests).length} failed: ${failed.join('; ')}`);
};
