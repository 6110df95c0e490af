/** Every provider, one line each. */
import { anthropic } from './anthropic.js';
import { compatible } from './compatible.js';
import { deepseek } from './deepseek.js';
import { demo } from './demo.js';
import { gemini } from './gemini.js';
import { groq } from './groq.js';
import { openai } from './openai.js';
import type { Provider } from './provider.js';
import { vscodeLm } from './vscodeLm.js';

export const providers: readonly Provider[] = [gemini, openai, groq, deepseek, anthropic, compatible, vscodeLm, demo];

export function findProvider(id: string): Provider | null {
  return providers.find((one) => one.id === id) ?? null;
}
