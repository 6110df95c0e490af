/** Code that is slow on purpose: tests, references, teaching. Rules stay silent there. */

/** True for `test_x.py`, `tests/…`, `reference_attention`, `naive_softmax`, `slow_path` … */
export function isReferenceCode(name: string): boolean {
  if (/[\\/]/.test(name) || name.endsWith('.py')) {
    const parts = name.split(/[\\/]/);
    const base = parts.at(-1) ?? '';
    return (
      /^(test_.*|.*_test|conftest)\.py$/.test(base) ||
      parts.slice(-3, -1).some((part) => part === 'tests' || part === 'test')
    );
  }
  return (
    /^_*(reference|naive|ref|slow|test|benchmark)(_|$)/i.test(name) ||
    /_(reference|naive|ref|slow|vanilla)$/i.test(name)
  );
}
