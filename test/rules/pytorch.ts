/** The Python that tests compare with, when it has a PyTorch with every function the fixes use. */
import { execFileSync } from 'node:child_process';

export const python = process.env['ECOCOMPUTE_PYTHON'] ?? 'python3';

let known: boolean | null = null;

export function hasTorch(): boolean {
  if (known !== null) return known;
  try {
    const script = 'import torch; print(tuple(int(p) for p in torch.__version__.split(".")[:2]) >= (2, 5))';
    known =
      execFileSync(python, ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() === 'True';
  } catch {
    known = false;
  }
  return known;
}
