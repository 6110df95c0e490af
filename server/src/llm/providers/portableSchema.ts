/**
 * The part of JSON schema that every service's structured output takes. Bounds of lengths and
 * numbers are refused by some (OpenAI and Anthropic answer with 400), so they do not travel as
 * schema: the prompt tells them and the task's own schema holds the answer against them.
 */
const kept: ReadonlySet<string> = new Set(['type', 'required', 'enum', 'const', 'description']);

export function portableSchema(schema: unknown): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema as Record<string, unknown>)) {
    if (kept.has(key)) out[key] = value;
    else if (key === 'items') out[key] = portableSchema(value);
    else if (key === 'anyOf') out[key] = (value as unknown[]).map(portableSchema);
    else if (key === 'properties') {
      const properties = Object.entries(value as Record<string, unknown>);
      out[key] = Object.fromEntries(properties.map(([name, one]) => [name, portableSchema(one)]));
      out['additionalProperties'] = false;
    }
  }
  return out;
}
