/**
 * exp, log, cosine, tanh and erf in double precision, computed with + − × ÷ alone, so that the bits are the
 * same on every machine and in every engine. Accurate to about one unit in the last place.
 *
 * @module
 */

const LN2_HIGH = 6.93147180369123816490e-1; // ln 2 to 33 bits: its product with an exponent is exact
const LN2_LOW = 1.90821492927058770002e-10;

const word = new DataView(new ArrayBuffer(8));

/** Computes 2^k for integers k from −1022 to 1023. */
function powerOfTwo(k: number): number {
  word.setUint32(0, (k + 1023) << 20);
  word.setUint32(4, 0);
  return word.getFloat64(0);
}

/** Inverse factorials 1/14!, 1/13!, …, 1/0!. A double represents each of these factorials exactly. */
const INVERSE_FACTORIALS = Float64Array.from({ length: 15 }, (_, i) => {
  let factorial = 1;
  for (let n = 2; n <= 14 - i; n++) factorial *= n;
  return 1 / factorial;
});

/**
 * Computes eˣ as 2^k · e^r, with x = k ln 2 + r and |r| ≤ ½ ln 2, and the Taylor series of e^r to the 14th
 * power.
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const clamped = Math.min(Math.max(x, -746), 710);
  const k = Math.round(clamped * Math.LOG2E);
  const r = clamped - k * LN2_HIGH - k * LN2_LOW;
  let sum = 0;
  for (let i = 0; i <= 14; i++) sum = sum * r + INVERSE_FACTORIALS[i];
  const half = Math.trunc(k / 2);
  return sum * powerOfTwo(half) * powerOfTwo(k - half);
}

/**
 * Computes the natural logarithm as e ln 2 + log m, with x = m · 2^e and log m = 2 artanh((m − 1) / (m + 1));
 * −∞ at 0, NaN below.
 */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  const tiny = x < 2.2250738585072014e-308;
  word.setFloat64(0, tiny ? x * 18014398509481984 : x); // 2⁵⁴
  const high = word.getUint32(0);
  let e = (high >>> 20) - 1023 - (tiny ? 54 : 0);
  word.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  let m = word.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    e += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s; // at most 0.0295, so the 14th term is below 2⁻⁵³ of the sum
  let tail = 0;
  for (let n = 14; n >= 1; n--) tail = z * (tail + 1 / (2 * n + 1));
  return e * LN2_HIGH + (2 * s + (2 * s * tail + e * LN2_LOW));
}

/**
 * Computes cos 2πx, the cosine of x full turns, by Taylor series on an eighth of the circle, and symmetries.
 */
export function cosTurns(x: number): number {
  const turn = Math.abs(x - Math.round(x));
  const acute = Math.min(turn, 0.5 - turn);
  const angle = 2 * Math.PI * Math.min(acute, 0.25 - acute);
  const square = angle * angle;
  const odd = acute > 0.125;
  let sum = 1;
  for (let n = 10; n >= 1; n--) {
    const first = odd ? 2 * n : 2 * n - 1;
    sum = 1 - sum * square / (first * (first + 1));
  }
  const size = odd ? sum * angle : sum;
  return turn > 0.25 ? -size : size;
}

/**
 * Computes tanh x: up to |x| = 1 by the Taylor series of sinh and cosh, whose terms do not cancel, beyond by
 * exp.
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size > 1) return (x < 0 ? -1 : 1) * (1 - 2 / (exp(2 * size) + 1));
  const square = x * x;
  let [sinh, cosh] = [1, 1];
  for (let n = 10; n >= 1; n--) {
    sinh = 1 + sinh * square / (2 * n * (2 * n + 1));
    cosh = 1 + cosh * square / (2 * n * (2 * n - 1));
  }
  return x * (sinh / cosh);
}

const TWO_OVER_ROOT_PI = 1.1283791670955126; // 2/√π

/** Computes erf x: up to |x| = 1 by the Taylor series, beyond by 1 − erfc x. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 1) return (x < 0 ? -1 : 1) * (1 - complementaryErf(Math.min(size, 6)));
  const square = x * x;
  let sum = 0; // Σ (−x²)ⁿ / (n! (2n + 1)) by Horner's rule
  for (let n = 20; n >= 1; n--) sum = (1 / (2 * n + 1) + sum) * -square / n;
  return x * (TWO_OVER_ROOT_PI + TWO_OVER_ROOT_PI * sum);
}

/**
 * Computes erfc x = e^(−x²) / (√π (x + ½ / (x + 1 / (x + 3/2 / (x + …))))) for x ≥ 1 (Abramowitz and Stegun,
 * 1964, 7.1.14). With 200 fractions, the relative error is below 10⁻¹⁶ there.
 */
function complementaryErf(x: number): number {
  let fraction = x;
  for (let k = 200; k >= 1; k--) fraction = x + k / 2 / fraction;
  return exp(-x * x) * TWO_OVER_ROOT_PI / 2 / fraction;
}

/** Returns whether no element is infinite or NaN. */
export function isFiniteVector(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}
