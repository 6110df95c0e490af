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
