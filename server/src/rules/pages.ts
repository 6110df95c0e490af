/** The rules' pages as text: docs/rules/, taken in when the registry is generated. */
import generated from './pages.generated.json' with { type: 'json' };

/** Markdown by code. */
export const pages: Readonly<Record<string, string>> = generated;
