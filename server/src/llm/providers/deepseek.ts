/** DeepSeek, in OpenAI's format. */
import { chatProvider } from './chatCompletions.js';

export const deepseek = chatProvider({
  id: 'deepseek',
  label: 'DeepSeek',
  keyVariables: ['DEEPSEEK_API_KEY'],
  baseUrlVariable: 'DEEPSEEK_BASE_URL',
  defaultBaseUrl: 'https://api.deepseek.com',
  local: false,
  format: 'json_object',
  tokenLimit: 'max_tokens',
  temperature: true,
  effort: false,
});
