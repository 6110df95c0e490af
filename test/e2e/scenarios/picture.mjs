/** The picture of the README: one window with findings, lens, hover and report (artifacts/screenshot.png). */
import { openEditor } from '../editor.mjs';
import { startServer } from '../vscodeServer.mjs';

export const title = 'the picture for the README';

export async function run({ browser, vscode, vsix, folder }) {
  const settings = {
    'workbench.colorTheme': 'Default Dark Modern',
    'editor.hover.delay': 50,
    'editor.stickyScroll.enabled': false,
    'editor.occurrencesHighlight': 'off',
    'editor.renderWhitespace': 'none',
    'editor.selectionHighlight': false,
    'breadcrumbs.enabled': false,
    'workbench.activityBar.location': 'hidden',
    'problems.visibility': true,
  };
  const server = await startServer({ vscode, vsix, settings });
  try {
    const editor = await openEditor({
      browser,
      port: server.port,
      folder,
      file: 'llama_gqa.py',
      width: 1500,
      height: 940,
    });
    await editor.showProblems();
    await editor.problemsUntil(
      (list) => list.some((one) => /EcoCompute\s*\(?ECO161/.test(one) && /Saves .*J/.test(one)),
      'savings',
    );
    await editor.command('View: Toggle Panel Visibility');
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await editor.focusText();
    await editor.command('EcoCompute: Audit This File');
    await editor.report().locator('main').waitFor();
    await editor.find('self.embedding(tokens)');
    await editor.until(
      () => editor.lenses(),
      (all) => all.some((one) => one.startsWith('8.03 B params')),
      'the lens in sight',
    );
    await editor.command('Show or Focus Hover');
    await editor.until(
      () => editor.hoverText(),
      (shown) => shown.includes('FLOP/B'),
      'the hover',
    );
    await editor.shot('screenshot');
    await editor.close();
  } finally {
    await server.stop();
  }
}
