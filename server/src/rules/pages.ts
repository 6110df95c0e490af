/** The rules' pages as text: docs/rules/, taken in when the registry is generated. */
import generated from './pages.generated.json' with { type: 'json' };

/** Markdown by code. */
export const pages: Readonly<Record<string, string>> = generated;

/** What a page gives as the formula of the waste; '' for defects that have none. */
export function formulaOf(code: string): string {
  const why = (pages[code] ?? '').split(/^## /m).find((part) => part.startsWith('Why it is a waste')) ?? '';
  return /```text\n([\s\S]*?)```/.exec(why)?.[1]?.trim() ?? '';
}

/** When the finding does not hold or does not matter: the assumptions of the formula. */
export function assumptionsOf(code: string): string[] {
  const when = (pages[code] ?? '').split(/^## /m).find((part) => part.startsWith('When not to use it')) ?? '';
  return [...when.matchAll(/^- (.+)$/gm)].map((line) => line[1] as string);
}
