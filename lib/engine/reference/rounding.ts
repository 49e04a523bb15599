/**
 * Rounding as WebAssembly does it.
 *
 * @module
 */

/** The nearest whole number, halves to even. */
export function roundHalfToEven(x: number): number {
  const size = Math.abs(x);
  const below = Math.floor(size);
  const rest = size - below;
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  const rounded = isUp ? below + 1 : below;
  return x < 0 || Object.is(x, -0) ? -rounded : rounded;
}
