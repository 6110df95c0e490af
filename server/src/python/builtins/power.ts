/** Powers of floats, correctly rounded: the host's own are off by one unit in the last place now and then. */
import { asRatio } from './numbers.js';

/** Fractional bits of the fixed-point numbers here. */
const bits = 160;
const one = 1n << BigInt(bits);
let ln2Cache: bigint | null = null;

/** 2·atanh(z) for |z| <= 1/3, in fixed point. */
function twiceAtanh(z: bigint): bigint {
  // shifting rounds down: a negative term would never reach zero
  if (z < 0n) return -twiceAtanh(-z);
  const square = (z * z) >> BigInt(bits);
  let term = z;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k += 2n) {
    sum += term / k;
    term = (term * square) >> BigInt(bits);
  }
  return 2n * sum;
}

function ln2(): bigint {
  ln2Cache ??= twiceAtanh(one / 3n);
  return ln2Cache;
}

/** Natural logarithm of a positive float in fixed point. */
function logarithm(x: number): bigint {
  let exponent = Math.floor(Math.log2(x));
  let [n, d] = asRatio(x);
  if (exponent >= 0) d <<= BigInt(exponent);
  else n <<= BigInt(-exponent);
  // m = n / d is in [1, 2); halve it above 1.5 so that the series converges fast
  if (2n * n > 3n * d) {
    d <<= 1n;
    exponent++;
  }
  return twiceAtanh(((n - d) * one) / (n + d)) + BigInt(exponent) * ln2();
}

/** x ** y for positive finite x where the result is a normal float; Math.pow's answer elsewhere. */
export function accuratePower(x: number, y: number): number {
  const rough = x ** y;
  if (
    !(x > 0) ||
    !Number.isFinite(x) ||
    !Number.isFinite(y) ||
    !(rough > 1e-300 && rough < 1e300) ||
    x === 1 ||
    y === 1
  )
    return rough;
  const [n, d] = asRatio(y);
  const t = (logarithm(x) * n) / d;
  const whole = t / ln2();
  const rest = t - whole * ln2();
  let term = one;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k++) {
    sum += term;
    term = ((term * rest) >> BigInt(bits)) / k;
  }
  return Number(sum) * 2 ** -bits * 2 ** Number(whole);
}
