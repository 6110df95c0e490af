/** Runs judge.py with the Python that ECOCOMPUTE_PYTHON names: `npm run truth:modules -- --cases 1500`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const judge = join(import.meta.dirname, 'judge.py');
const { status } = spawnSync(process.env.ECOCOMPUTE_PYTHON ?? 'python3', [judge, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
