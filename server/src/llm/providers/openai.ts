/** OpenAI's own service. */
import { chatProvider } from './chatCompletions.js';

export const openai = chatProvider({
  id: 'openai',
  label: 'OpenAI',
  keyVariables: ['OPENAI_API_KEY'],
  baseUrlVariable: 'OPENAI_BASE_URL',
  defaultBaseUrl: 'https://api.openai.com/v1',
  local: false,
  format: 'json_schema',
  tokenLimit: 'max_completion_tokens',
  temperature: false,
  effort: true,
});
