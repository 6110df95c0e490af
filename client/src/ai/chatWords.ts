/** What a sentence to `@eco` asks for. No editor here. */

export const PARTICIPANT = 'ecocompute.eco';

export const ecoCommands = ['analyse', 'explain', 'fix', 'compare', 'plan'] as const;
export type EcoCommand = (typeof ecoCommands)[number];

/** The slash command, else by the words: the first that fits. */
export function commandFor(command: string | undefined, prompt: string): EcoCommand {
  const named = ecoCommands.find((one) => one === command);
  if (named) return named;
  const words: readonly (readonly [EcoCommand, RegExp])[] = [
    ['plan', /[$€]|\b(?:plan|budget|under|within|per month|a month|monthly)\b|预算|每月/i],
    ['compare', /\b(?:compare|versus|vs|which (?:gpu|accelerator|hardware))\b|比较/i],
    ['fix', /\b(?:fix|improve|optimi[sz]e|rewrite|faster|reduce)\b|修复|优化/i],
    ['explain', /\b(?:why|explain|what does|ECO\d+)\b|为什么|解释/i],
  ];
  return words.find(([, pattern]) => pattern.test(prompt))?.[0] ?? 'analyse';
}

/** A plan's constraints may come over several turns: what was said since the last full plan, in order. */
export function planText(
  turns: readonly { readonly command: string | undefined; readonly prompt: string }[],
  prompt: string,
): string {
  return [...turns.slice(-4).map((turn) => turn.prompt), prompt].join('. ');
}
