/** The picture of the README: one window with findings, lens and hover (artifacts/screenshot.png). */
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
      width: 1280,
      height: 860,
    });
    await editor.showProblems();
    await editor.problemsUntil(
      (list) => list.some((one) => /EcoCompute\s*\(?ECO161/.test(one) && /Saves .*J/.test(one)),
      'savings',
    );
    await editor.focusText();
    await editor.command('View: Toggle Primary Side Bar Visibility');
    await editor.find('def forward(self, tokens');
    await editor.find('# eco: tokens');
    await editor.key('Control+Home');
    await editor.find('self.lm_head(self.norm');
    await editor.until(
      () => editor.lensAbove('class Llama('),
      (lens) => lens.includes('per call'),
      'the lens',
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
