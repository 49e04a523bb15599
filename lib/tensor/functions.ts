/**
 * Expansions of exp, log, cosine, tanh and erf to primitives, whose bits are the same on every machine, in
 * single precision.
 *
 * JavaScript's own functions differ in the last bit from engine to engine, so no result of a run may depend
 * on them. The same functions in double precision are in `math.ts`.
 *
 * @module
 */

import type { MathFunction } from "./operations.ts";
import {
  abs,
  add,
  addInteger,
  and,
  bitsOf,
  div,
  equal,
  fromBits,
  less,
  max,
  min,
  mul,
  nearest,
  neg,
  type Operand,
  or,
  select,
  shiftLeft,
  shiftRight,
  sub,
  toFloat,
  toInteger,
  trunc,
} from "./elementwise.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Computes c₀ + c₁ x + c₂ x² + … with the coefficients [c₀, c₁, c₂, …] by Horner's rule: one product and one
 * addition for each power of x.
 */
function evaluatePolynomial(x: Tensor, coefficients: readonly number[]): Tensor {
  const [highest, ...lower] = coefficients.toReversed();
  return lower.reduce<Operand>((sum, c) => add(mul(sum, x), c), highest) as Tensor;
}

/** Computes 2^k for whole numbers k from −126 to 127 by setting the bits of the exponent. */
function powerOfTwo(k: Tensor): Tensor {
  return fromBits(shiftLeft(addInteger(toInteger(k), 127), 23));
}

/**
 * Expands eˣ to primitives as 2^k · e^r with x = k ln 2 + r and |r| ≤ ½ ln 2. The polynomial and the two
 * parts of ln 2 are those of Cephes' expf (Moshier, netlib). The result is multiplied by 2^k in two factors,
 * so that results below 2⁻¹²⁶ and the overflow to infinity are right.
 */
function expandExp(x: Tensor): Tensor {
  const clamped = min(max(x, -104), 89);
  const k = nearest(mul(clamped, Math.LOG2E));
  const r = add(sub(clamped, mul(k, 0.693359375)), mul(k, 2.12194440e-4));
  const tail = evaluatePolynomial(r, [
    5.0000001201e-1,
    1.6666665459e-1,
    4.1665795894e-2,
    8.3334519073e-3,
    1.3981999507e-3,
    1.9875691500e-4,
  ]);
  const power = add(add(mul(mul(r, r), tail), r), 1);
  const half = trunc(mul(k, 0.5));
  return mul(mul(power, powerOfTwo(half)), powerOfTwo(sub(k, half)));
}

/**
 * Expands log x to primitives as e ln 2 + log m with x = m · 2^e and √½ ≤ m < √2. The polynomial in m − 1 is
 * that of Cephes' logf (Moshier, netlib). Numbers below 2⁻¹²⁶ are first multiplied by 2²³.
 */
function expandLog(x: Tensor): Tensor {
  const tiny = less(x, 2 ** -126);
  const bits = bitsOf(select(tiny, mul(x, 2 ** 23), x));
  const fraction = fromBits(or(and(bits, 0x007fffff), 0x3f000000)); // in [½, 1)
  const low = less(fraction, Math.SQRT1_2);
  const z = sub(select(low, add(fraction, fraction), fraction), 1);
  const exponent = toFloat(addInteger(shiftRight(bits, 23), -126));
  const e = sub(sub(exponent, select(low, 1, 0)), select(tiny, 23, 0));
  const z2 = mul(z, z);
  const tail = evaluatePolynomial(z, [
    3.3333331174e-1,
    -2.4999993993e-1,
    2.0000714765e-1,
    -1.6668057665e-1,
    1.4249322787e-1,
    -1.2420140846e-1,
    1.1676998740e-1,
    -1.1514610310e-1,
    7.0376836292e-2,
  ]);
  const y = sub(add(mul(mul(z2, z), tail), mul(e, -2.12194440e-4)), mul(z2, 0.5));
  const finite = add(add(z, y), mul(e, 0.693359375));
  // Infinity, NaN and numbers below zero: x − x is 0, or NaN for the first two
  const special = select(equal(x, Infinity), x, div(sub(x, x), 0));
  const zero = select(equal(x, 0), -Infinity, special);
  return select(and(less(0, x), less(x, Infinity)), finite, zero);
}

/** Coefficients of the Taylor series of cos 2πt, for rising powers of t². */
const COSINE = [0, 2, 4, 6, 8].map((n) => taylorCoefficient(n));
/** Coefficients of the Taylor series of (sin 2πt) / t, for rising powers of t². */
const SINE = [1, 3, 5, 7, 9].map((n) => taylorCoefficient(n));

/**
 * Computes (2π)ⁿ / n! with the signs of the series of sine and cosine: + + − − for n = 0, 1, 2, 3, and so
 * on.
 */
function taylorCoefficient(n: number): number {
  let size = n % 4 < 2 ? 1 : -1;
  for (let i = 1; i <= n; i++) size *= 2 * Math.PI / i;
  return size;
}

/**
 * Expands cos 2πx to primitives by Taylor series on an eighth of the circle, and symmetries of the cosine. In
 * turns rather than radians, the reduction of the argument is exact.
 */
function expandCosTurns(x: Tensor): Tensor {
  const turn = abs(sub(x, nearest(x))); // in [0, ½]: the cosine is even and has period 1
  const acute = min(turn, sub(0.5, turn)); // in [0, ¼]
  const eighth = min(acute, sub(0.25, acute)); // in [0, ⅛]
  const square = mul(eighth, eighth);
  const cosine = evaluatePolynomial(square, COSINE);
  const sine = mul(eighth, evaluatePolynomial(square, SINE));
  const size = select(less(0.125, acute), sine, cosine);
  return select(less(0.25, turn), sub(0, size), size);
}

/** Returns the magnitude, negated where `sign` is below 0. */
function copySign(sign: Tensor, magnitude: Tensor): Tensor {
  return select(less(sign, 0), neg(magnitude), magnitude);
}

/**
 * Expands tanh x to primitives: by an odd polynomial up to |x| = 0.625, with the coefficients of Cephes'
 * tanhf (Moshier, netlib), and beyond by 1 − 2 / (e^(2|x|) + 1). There the quotient is at most 0.45, so the
 * result's absolute error is less than half of the quotient's relative error. Where exp overflows to
 * infinity, the result is 1.
 */
function expandTanh(x: Tensor): Tensor {
  const size = abs(x);
  const square = mul(x, x);
  const tail = evaluatePolynomial(square, [
    -3.33332819422e-1,
    1.33314422036e-1,
    -5.37397155531e-2,
    2.06390887954e-2,
    -5.70498872745e-3,
  ]);
  const near = add(mul(mul(tail, square), x), x);
  const far = sub(1, div(2, add(expandExp(add(size, size)), 1)));
  return select(less(size, 0.625), near, copySign(x, far));
}

/**
 * Expands erf x to primitives: by an odd polynomial up to |x| = 1, and beyond by 1 − erfc x, where erfc x =
 * e^p with a polynomial p(x). At 1, erfc is 0.16 and erf 0.84, so a fifth of erfc's relative error remains in
 * the result; at 4, erfc is less than half a unit in the last place of 1.
 *
 * Both polynomials are this project's: nearly minimax (Lawson's weights, 300 rounds, on 400 Chebyshev nodes)
 * for the relative error of erf, which is 1.2e-9 for each.
 */
function expandErf(x: Tensor): Tensor {
  const size = abs(x);
  const tail = evaluatePolynomial(mul(x, x), [
    1.283791657267082e-1,
    -3.761262582422592e-1,
    1.128358514853779e-1,
    -2.6853811932214325e-2,
    5.188327680019049e-3,
    -8.010193576031123e-4,
    7.853861193951519e-5,
  ]);
  const near = add(mul(x, tail), x);
  const complement = expandExp(evaluatePolynomial(min(size, 4), [
    -3.415213841311271e-4,
    -1.1270891968679884,
    -6.381448216611716e-1,
    -1.031067641550853e-1,
    2.1838068517173435e-2,
    -2.94765940445465e-3,
    1.8637930108041253e-4,
  ]));
  return select(less(size, 1), near, copySign(x, sub(1, complement)));
}

/**
 * Functions that expand a mathematical function of x to primitives, in single precision, by the name of the
 * mathematical function.
 */
export const EXPANSIONS: Readonly<Record<MathFunction, (x: Tensor) => Tensor>> = {
  exp: expandExp,
  log: expandLog,
  cosTurns: expandCosTurns,
  tanh: expandTanh,
  erf: expandErf,
};
