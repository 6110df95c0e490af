/** Any server that speaks OpenAI's format at an address of yours: Ollama, vLLM, llama.cpp. Counts as local. */
import { chatProvider } from './chatCompletions.js';

export const compatible = chatProvider({
  id: 'compatible',
  label: 'OpenAI-compatible server',
  keyVariables: ['ECOCOMPUTE_LLM_KEY'],
  baseUrlVariable: 'ECOCOMPUTE_LLM_BASE_URL',
  defaultBaseUrl: null,
  local: true,
  format: 'json_schema',
  tokenLimit: 'max_tokens',
  temperature: true,
  effort: false,
});
