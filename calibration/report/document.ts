export function documentOf(..._: unknown[]): { markdown: string; images: Record<string, string> } {
  return { markdown: '', images: {} };
}
