/** Secrets in code, taken out before anything leaves the machine. Lines stay where they are. */

export const redacted = '[redacted]';

interface Pattern {
  readonly what: string;
  readonly pattern: RegExp;
  /** Group that is replaced; absent: the whole match. */
  readonly group?: number;
}

const patterns: readonly Pattern[] = [
  { what: 'private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  { what: 'AWS key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { what: 'OpenAI or Anthropic key', pattern: /\bsk-[A-Za-z0-9_-]{16,}/g },
  { what: 'Google key', pattern: /\bAIza[0-9A-Za-z_-]{30,}/g },
  { what: 'GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/g },
  { what: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{20,}/g },
  { what: 'Groq key', pattern: /\bgsk_[A-Za-z0-9]{20,}/g },
  { what: 'Slack token', pattern: /\bxox[abposr]-[A-Za-z0-9-]{10,}/g },
  { what: 'Weights & Biases key', pattern: /\b[0-9a-f]{40}\b/g },
  { what: 'JSON web token', pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g },
  { what: 'password in an address', pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@'"]+:([^\s@/'"]{3,})@/gi, group: 1 },
  {
    what: 'secret by its name',
    pattern:
      /\b\w*(?:api_?key|secret|passw(?:or)?d|passphrase|auth_?token|access_?token|private_?key|credential)\w*["']?\]?\s*[:=]\s*["']([^"'\n]{4,})["']/gi,
    group: 1,
  },
];

export interface Redaction {
  /** 1-based, in the text that was given. */
  readonly line: number;
  readonly what: string;
}

export function redact(
  text: string,
  firstLine = 1,
): { readonly text: string; readonly redactions: readonly Redaction[] } {
  let clean = text;
  const redactions: Redaction[] = [];
  for (const { what, pattern, group } of patterns) {
    clean = clean.replace(pattern, (...args: unknown[]) => {
      const match = args[0] as string;
      const secret = group === undefined ? match : (args[group] as string);
      if (secret.includes(redacted)) return match;
      const offset = args.find((a) => typeof a === 'number') as number;
      redactions.push({ line: firstLine + count(clean.slice(0, offset)), what });
      // a key over several lines keeps its line breaks
      const replacement = redacted + '\n'.repeat(count(secret));
      return group === undefined ? replacement : match.replace(secret, replacement);
    });
  }
  return { text: clean, redactions: redactions.sort((a, b) => a.line - b.line) };
}

function count(text: string): number {
  let n = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) n++;
  return n;
}
