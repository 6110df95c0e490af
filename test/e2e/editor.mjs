/** The editor as a person sees it: a Chromium page with the workbench, and the gestures that the tests need. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const artifacts = join(import.meta.dirname, 'artifacts');
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const HARDWARE_ITEM = '#ecocompute\\.ecocompute-energy-lint\\.ecocompute\\.hardware';
/** For conditions that the editor reaches: an upper bound, not a wait. */
const PATIENCE = Number(process.env.PATIENCE ?? 120_000);
/** How many times slower than this machine the pages run: SLOW=6 shows what a slow machine would. */
const SLOW = Number(process.env.SLOW ?? 1);
/** After so long an element that was just there is looked for anew. */
const GONE_MS = 5_000;
/** Longer than the 250 ms after which the editor looks for quick fixes by itself. */
const AFTER_AUTOMATIC_MS = 300;

export async function launch(executablePath) {
  mkdirSync(artifacts, { recursive: true });
  return chromium.launch({ executablePath, args: ARGS });
}

/** A page as fast as SLOW allows. */
export async function newPage(browser, options = {}) {
  const page = await browser.newPage(options);
  if (SLOW > 1) {
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW });
  }
  return page;
}

/**
 * Opens the workbench on a folder, and a file in it.
 * @param {{ browser: import('playwright-core').Browser, port: number, folder: string, file?: string, locale?: string, theme?: 'dark'|'light'|'hc' }} options
 */
export async function openEditor({ browser, port, folder, file, locale = 'en', height = 1000, width = 1500 }) {
  const page = await newPage(browser, { viewport: { width, height }, locale, colorScheme: 'dark' });
  page.setDefaultTimeout(PATIENCE);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `http://127.0.0.1:${port}` });
  if (locale !== 'en') {
    // The workbench's own language packs are downloads; extensions are told this language all the same.
    await page.addInitScript((language) => {
      globalThis._VSCODE_NLS_LANGUAGE = language;
    }, locale);
  }
  const payload = [
    ['skipWelcome', 'true'],
    ...(file ? [['openFile', `vscode-remote://127.0.0.1:${port}${join(folder, file)}`]] : []),
  ];
  await page.goto(
    `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`,
  );
  await page.locator('.monaco-workbench').waitFor();
  // Parts of the workbench are made after the editors, in idle time: Workspace Trust, which commands of ours rest on,
  // is one of them. Looked at seldom, because a page that is asked all the time has no idle time.
  await page.waitForFunction(
    (mark) => performance.getEntriesByName(mark).length > 0,
    'code/didCreateWorkbenchContributions/3',
    { polling: 200 },
  );
  if (file) await page.locator('.monaco-editor .view-lines').first().waitFor();
  return new Editor(page);
}

export class Editor {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  async shot(name) {
    await this.page.screenshot({ path: join(artifacts, `${name}.png`) });
  }

  async key(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /**
   * Runs a command from the palette by its title. What the palette offers depends on what has come up, and an
   * open palette does not look again: while it says that there is no such command, it is opened anew. So it is when
   * something else that comes up takes the focus and closes it.
   */
  async command(title) {
    const input = this.page.locator('.quick-input-widget input.input');
    const focused = this.page.locator('.quick-input-list .monaco-list-row.focused');
    const asked = `>${title}`;
    await this.until(
      async () => {
        if (!(await input.isVisible())) {
          await this.key('F1');
          await input.waitFor({ state: 'visible', timeout: GONE_MS }).catch(() => {});
        } else if ((await input.inputValue()) !== asked) await input.fill(asked, { timeout: GONE_MS }).catch(() => {});
        else if (await focused.filter({ hasText: title }).isVisible()) return true;
        else {
          const [first = ''] = await focused.allInnerTexts();
          if (/similar commands|No matching commands/.test(first)) await this.key('Escape');
        }
        return false;
      },
      (offered) => offered,
      `the command "${title}" in the palette`,
    );
    await this.key('Enter');
  }

  /** Goes to a 1-based line and column of the active editor. */
  async goto(line, column = 1) {
    await this.key('Control+g');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor({ state: 'visible' });
    await input.fill(`:${line}:${column}`);
    await this.key('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** What an overview of the problems says, a line per problem: read from the Problems view. */
  async problems() {
    const rows = await this.page.locator('.markers-panel .monaco-list-row').allInnerTexts();
    return rows.map((row) => row.replace(/\s+/g, ' ').trim());
  }

  async showProblems() {
    if (await this.page.locator('.markers-panel').isVisible()) return;
    await this.command('Problems: Focus on Problems View');
    await this.page.locator('.markers-panel').waitFor();
  }

  /** Resolves with the problems once they satisfy `test`. */
  problemsUntil(test, what) {
    return this.until(() => this.problems(), test, what);
  }

  /** Reads until the value passes, on each animation of the page: a condition, bounded by PATIENCE. */
  async until(read, test, what) {
    const end = Date.now() + PATIENCE;
    let value;
    for (;;) {
      value = await read();
      if (test(value)) return value;
      if (Date.now() > end) {
        await this.shot('failed');
        throw new Error(`${what}: still ${JSON.stringify(value)?.slice(0, 2000)}`);
      }
      await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
    }
  }

  /** To the first editor group, from wherever the focus is. */
  async focusText() {
    await this.key('Control+1');
    await this.page.locator('.editor-group-container').first().locator('.monaco-editor.focused').first().waitFor();
  }

  /** Puts the cursor into the first place where the text stands, three characters in. */
  async find(text) {
    const lines = (await this.text()).split('\n');
    const line = lines.findIndex((one) => one.includes(text));
    if (line < 0) throw new Error(`"${text}" is not in the editor`);
    await this.goto(line + 1, lines[line].indexOf(text) + 4);
    return line + 1;
  }

  /** The whole text of the active editor, through the clipboard as a person would take it. */
  async text() {
    await this.focusText();
    // Nobody takes for the copy what was in the clipboard before.
    const before = `before the copy ${Math.random()}`;
    await this.page.evaluate((mark) => navigator.clipboard.writeText(mark), before);
    await this.key('Control+a', 'Control+c');
    const text = await this.until(
      () => this.page.evaluate(() => navigator.clipboard.readText()),
      (copied) => copied !== before,
      'the copy of the text',
    );
    await this.key('ArrowLeft');
    return text.replaceAll('\r\n', '\n');
  }

  /** The lens above the line that starts with the text, brought into view; empty while there is none. */
  async lensAbove(text) {
    const shown = (start) => {
      const top = (element) => element.getBoundingClientRect().top;
      const plain = (element) => element.textContent.replaceAll('\u00a0', ' ');
      const line = [...document.querySelectorAll('.view-line')].find((one) => plain(one).startsWith(start));
      if (!line) return null;
      const above = [...document.querySelectorAll('.codelens-decoration')].filter((one) => top(one) < top(line));
      const nearest = above.sort((a, b) => top(b) - top(a))[0];
      return nearest && top(line) - top(nearest) < 40 ? plain(nearest) : '';
    };
    if ((await this.page.evaluate(shown, text)) === null) await this.find(text);
    return (await this.page.evaluate(shown, text)) ?? '';
  }

  /** Titles of all code lenses on the screen. */
  async lenses() {
    const all = await this.page.locator('.codelens-decoration').allInnerTexts();
    return all.map((one) => one.replace(/\s+/g, ' ').trim());
  }

  async hoverText() {
    return (
      await this.page.locator('.monaco-resizable-hover .hover-contents, .monaco-hover .hover-contents').allInnerTexts()
    ).join('\n');
  }

  /**
   * Opens the quick fixes at the cursor and answers their titles. 250 ms after the cursor or a diagnostic changed
   * the editor asks for them by itself and forgets a question of ours that is still open; so it goes first: a timer
   * of the page that is set now and is due later runs after it. Diagnostics have to be at rest before.
   */
  async lightbulb() {
    await this.page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), AFTER_AUTOMATIC_MS);
    await this.key('Control+.');
    const rows = this.page.locator('.action-widget .actionList .monaco-list-row.action');
    await rows.first().waitFor();
    return (await rows.allInnerTexts()).map((one) => one.trim());
  }

  async chooseAction(title) {
    await this.page
      .locator('.action-widget .actionList .monaco-list-row.action')
      .filter({ hasText: title })
      .first()
      .click();
  }

  /** What the status bar item says. */
  async hardware() {
    const item = this.page.locator(HARDWARE_ITEM);
    await item.waitFor();
    return ((await item.textContent()) ?? '').trim();
  }

  async chooseHardware(id) {
    await this.page.locator(HARDWARE_ITEM).click();
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor({ state: 'visible' });
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await input.fill(id);
    // Not a click: rows move while the list is filtered, and "gb200" holds "b200".
    await this.page
      .locator('.quick-input-list .monaco-list-row.focused')
      .filter({ has: this.page.locator('.label-description', { hasText: new RegExp(`^${id}$`) }) })
      .waitFor();
    await this.key('Enter');
    await input.waitFor({ state: 'hidden' });
    // Away from the item, whose tooltip would stay.
    await this.page.mouse.move(400, 300);
  }

  /** `Ln 12, Col 5` */
  async cursor() {
    return ((await this.page.locator('#status\\.editor\\.selection').textContent()) ?? '').trim();
  }

  /** The page inside the report's panel; the newest where an older one is still closing. */
  report() {
    return this.page.frameLocator('iframe.webview.ready >> nth=-1').frameLocator('#active-frame');
  }

  async notifications() {
    return this.page.locator('.notification-list-item-message').allInnerTexts();
  }

  async close() {
    await this.page.close();
  }
}
