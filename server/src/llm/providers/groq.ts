/** Groq: open models, served fast, in OpenAI's format. */
import { chatProvider } from './chatCompletions.js';

export const groq = chatProvider({
  id: 'groq',
  label: 'Groq',
  keyVariables: ['GROQ_API_KEY'],
  baseUrlVariable: 'GROQ_BASE_URL',
  defaultBaseUrl: 'https://api.groq.com/openai/v1',
  local: false,
  format: 'json_object',
  tokenLimit: 'max_completion_tokens',
  temperature: true,
  effort: false,
});
