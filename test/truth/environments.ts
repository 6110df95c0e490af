/** Where real PyTorch packages are: found, never assumed. */
import { execFileSync } from 'node:child_process';

const purelib =
  'import sysconfig, sys, site; print("\\n".join(dict.fromkeys([sysconfig.get_paths()["purelib"], *[p for p in sys.path if p.endswith("-packages")]])))';

function folders(python: string): string[] {
  try {
    return execFileSync(python, ['-c', purelib], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n');
  } catch {
    return [];
  }
}

/** `debian`: the system Python with Debian's packages; `venv`: the Python that ECOCOMPUTE_PYTHON names. */
export function sitePackagesOf(kind: 'debian' | 'venv'): string[] {
  if (kind === 'debian') return folders('/usr/bin/python3');
  const python = process.env.ECOCOMPUTE_PYTHON;
  return python === undefined ? [] : folders(python);
}
