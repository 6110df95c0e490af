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
const PATIENCE = Number(process.env.PATIENCE ?? 60_000);

export async function launch(executablePath) {
  mkdirSync(artifacts, { recursive: true });
  return chromium.launch({ executablePath, args: ARGS });
}

/**
 * Opens the workbench on a folder, and a file in it.
 * @param {{ browser: import('playwright-core').Browser, port: number, folder: string, file?: string, locale?: string, theme?: 'dark'|'light'|'hc' }} options
 */
export async function openEditor({ browser, port, folder, file, locale = 'en', height = 1000, width = 1500 }) {
  const page = await browser.newPage({ viewport: { width, height }, locale, colorScheme: 'dark' });
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

  /** Runs a command from the palette by its title. */
  async command(title) {
    await this.key('F1');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor({ state: 'visible' });
    await input.fill(`>${title}`);
    const row = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
    await row.waitFor();
    await row.click();
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

  async focusText() {
    await this.page
      .locator('.editor-group-container .monaco-editor .view-lines')
      .first()
      .click({ position: { x: 200, y: 8 } });
  }

  /** Puts the cursor on the first place where the text stands, through the find widget. */
  async find(text) {
    await this.focusText();
    await this.key('Control+Home', 'Control+f');
    const input = this.page
      .locator('.find-widget.visible textarea.input, .find-widget.visible .find-part textarea')
      .first();
    await input.waitFor();
    await input.fill(text);
    await this.page.locator('.find-widget.visible .matchesCount').filter({ hasText: '1 of' }).waitFor();
    await this.key('Escape');
    // The match is selected: to its start, then into the name.
    await this.key('ArrowLeft');
    for (let step = 0; step < 6; step += 1) await this.key('ArrowRight');
  }

  /** The whole text of the active editor, through the clipboard as a person would take it. */
  async text() {
    await this.focusText();
    await this.key('Control+a', 'Control+c');
    const text = await this.page.evaluate(() => navigator.clipboard.readText());
    await this.key('ArrowLeft');
    return text.replaceAll('\r\n', '\n');
  }

  /** The lens above the line that matches, after bringing it into view; empty when there is none. */
  async lensAt(pattern) {
    await this.find(pattern.source.replaceAll('\\', ''));
    const all = await this.lenses();
    const lines = await this.page.evaluate((source) => {
      const top = (element) => element.getBoundingClientRect().top;
      const line = [...document.querySelectorAll('.view-line')].find((one) =>
        new RegExp(source).test(one.textContent.replaceAll('\u00a0', ' ')),
      );
      if (!line) return null;
      const lens = [...document.querySelectorAll('.codelens-decoration')]
        .filter((one) => top(one) < top(line))
        .sort((a, b) => top(b) - top(a))[0];
      return lens ? [...document.querySelectorAll('.codelens-decoration')].indexOf(lens) : null;
    }, pattern.source);
    return lines === null ? '' : (all[lines] ?? '');
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

  /** Opens the quick fixes at the cursor and answers their titles. */
  async lightbulb() {
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
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: id }).first().click();
  }

  /** `Ln 12, Col 5` */
  async cursor() {
    return ((await this.page.locator('#status\\.editor\\.selection').textContent()) ?? '').trim();
  }

  /** The page inside the report's panel. */
  report() {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  }

  async notifications() {
    return this.page.locator('.notification-list-item-message').allInnerTexts();
  }

  async close() {
    await this.page.close();
  }
}
