/**
 * Answers as inert text: nothing in them can act. Links become their words, addresses lose
 * what makes them clickable, HTML is shown instead of rendered, invisible characters go.
 */
import { removeHidden } from './invisible.js';

/** Schemes that act when someone clicks; also unknown ones, so no scheme at all is left in prose. */
const address =
  /\b(?:https?|ftp|file|command|vscode|vscode-insiders|data|javascript|mailto|ssh|git|blob|view-source):(?:\/\/)?[^\s<>"')\]]*/gi;

export function inertText(text: string): string {
  return (
    removeHidden(text)
      // images first: they load by themselves
      .replace(/!\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1')
      .replace(/\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1')
      .replace(/^\s*\[[^\]]+\]:\s*\S+.*$/gm, '')
      .replace(/\[([^\]]*)\]\[[^\]]*\]/g, '$1')
      .replace(address, '(address removed)')
      .replace(/\bwww\.\S+/gi, '(address removed)')
      .replace(/</g, '‹')
      .replace(/>/g, '›')
      .replace(/\$\(([a-z-]+)\)/g, '$1')
  );
}

/** Every string of an answer made inert, except those under the keys that hold code. */
export function inertAnswer<T>(value: T, codeKeys: readonly string[], key = ''): T {
  if (typeof value === 'string') return (codeKeys.includes(key) ? value : inertText(value)) as T;
  if (Array.isArray(value)) return value.map((item) => inertAnswer(item, codeKeys, key)) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, inertAnswer(v, codeKeys, k)])) as T;
  return value;
}

/** Keys of answers that hold code: they are checked as code, not shown as prose. `fact` ids and operators are compared, not shown. */
export const codeKeys = ['newText', 'equivalent', 'source', 'imports', 'operator', 'entry'] as const;

/** Citations that a provider's grounding gave: https only, no credentials, shown as text. */
export function safeCitation(citation: { title: string; url: string }): { title: string; url: string } | null {
  try {
    const url = new URL(citation.url);
    if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return null;
    return { title: inertText(citation.title).slice(0, 200), url: url.href };
  } catch {
    return null;
  }
}
