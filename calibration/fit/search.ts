/** Derivative-free minimisation (Nelder and Mead 1965) for the few parameters of the whole-model fits. */

export interface Found {
  readonly x: number[];
  readonly value: number;
}

export function minimise(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  step: number,
  evaluations: number,
): Found {
  const n = start.length;
  let simplex: Found[] = [start, ...start.map((_, i) => start.map((v, j) => (i === j ? v + step : v)))].map((x) => ({
    x: [...x],
    value: f(x),
  }));
  let used = n + 1;
  const combine = (a: readonly number[], b: readonly number[], t: number) => a.map((v, i) => v + t * (b[i] - v));
  while (used < evaluations) {
    simplex.sort((a, b) => a.value - b.value);
    const worst = simplex[n];
    const centre = start.map((_, i) => simplex.slice(0, n).reduce((sum, p) => sum + p.x[i], 0) / n);
    const attempt = (t: number): Found => {
      const x = combine(centre, worst.x, t);
      used++;
      return { x, value: f(x) };
    };
    const reflected = attempt(-1);
    if (reflected.value < simplex[0].value) {
      const expanded = attempt(-2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[n - 1].value) {
      simplex[n] = reflected;
    } else {
      const contracted = attempt(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(worst.value, reflected.value)) simplex[n] = contracted;
      else {
        const best = simplex[0];
        simplex = simplex.map((p, i) => {
          if (i === 0) return p;
          used++;
          const x = combine(best.x, p.x, 0.5);
          return { x, value: f(x) };
        });
      }
    }
    if (Math.abs(simplex[0].value - simplex[n].value) < 1e-7) break;
  }
  simplex.sort((a, b) => a.value - b.value);
  return simplex[0];
}

/** Nelder-Mead restarted from its own result, which frees a collapsed simplex. */
export function minimiseWithRestarts(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  evaluations: number,
  restarts = 3,
): Found {
  let best: Found = { x: [...start], value: f(start) };
  for (let i = 0; i < restarts; i++) {
    const next = minimise(f, best.x, i % 2 === 0 ? 0.25 : -0.15, Math.floor(evaluations / restarts));
    if (next.value < best.value) best = next;
  }
  return best;
}

/** One residual per row, in logarithms, and what the rows weigh. */
export interface LogProblem {
  readonly residuals: (x: readonly number[]) => Float64Array;
  readonly weight: Float64Array;
  /** A weak pull towards the start keeps parameters that no row decides where they were. */
  readonly pull: number;
}

/**
 * Least absolute log error by reweighted Gauss-Newton steps (IRLS with Levenberg's damping):
 * far fewer evaluations than a simplex for ten and more parameters.
 */
export function leastAbsolute(problem: LogProblem, start: readonly number[], iterations: number): Found {
  const n = start.length;
  const total = problem.weight.reduce((a, b) => a + b, 0);
  const objective = (x: readonly number[], r: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < r.length; i++) sum += problem.weight[i] * Math.abs(r[i]);
    return sum / total + problem.pull * x.reduce((s, v, i) => s + (v - start[i]) ** 2, 0);
  };
  let x = [...start];
  let r = problem.residuals(x);
  let value = objective(x, r);
  let damping = 0.1;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const step = 0.02;
    const jacobian = x.map((_, j) => {
      const moved = problem.residuals(x.map((v, k) => (k === j ? v + step : v)));
      return moved.map((v, i) => (v - r[i]) / step);
    });
    // |r| is r²/|r|: rows already met do not dominate below 3 %.
    const w = r.map((v, i) => problem.weight[i] / total / Math.max(Math.abs(v), 0.03));
    const a = Array.from({ length: n }, () => new Float64Array(n));
    const b = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      for (let k = j; k < n; k++) {
        let sum = 0;
        for (let i = 0; i < r.length; i++) sum += w[i] * jacobian[j][i] * jacobian[k][i];
        a[j][k] = sum;
        a[k][j] = sum;
      }
      let g = 0;
      for (let i = 0; i < r.length; i++) g += w[i] * jacobian[j][i] * r[i];
      b[j] = -g - 2 * problem.pull * (x[j] - start[j]);
      a[j][j] += 2 * problem.pull;
    }
    let improved = false;
    for (let attempt = 0; attempt < 6 && !improved; attempt++) {
      const delta = solve(
        a.map((row, j) => row.map((v, k) => (j === k ? v * (1 + damping) + 1e-9 : v))),
        b,
      );
      const next = x.map((v, j) => v + Math.max(-0.7, Math.min(0.7, delta[j])));
      const residuals = problem.residuals(next);
      const candidate = objective(next, residuals);
      if (candidate < value) {
        improved = value - candidate > 1e-6;
        x = next;
        r = residuals;
        value = candidate;
        damping = Math.max(damping / 3, 1e-3);
        if (!improved) return { x, value };
      } else damping *= 4;
    }
    if (!improved) break;
  }
  return { x, value };
}

/** Gauss elimination with partial pivoting. */
function solve(a: readonly Float64Array[], b: Float64Array): number[] {
  const n = b.length;
  const m = a.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let i = c + 1; i < n; i++) if (Math.abs(m[i][c]) > Math.abs(m[pivot][c])) pivot = i;
    [m[c], m[pivot]] = [m[pivot], m[c]];
    for (let i = c + 1; i < n; i++) {
      const f = m[c][c] === 0 ? 0 : m[i][c] / m[c][c];
      for (let k = c; k <= n; k++) m[i][k] -= f * m[c][k];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = m[i][n];
    for (let k = i + 1; k < n; k++) sum -= m[i][k] * x[k];
    x[i] = m[i][i] === 0 ? 0 : sum / m[i][i];
  }
  return x;
}
