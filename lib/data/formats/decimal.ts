/** A whole or decimal number, with an exponent or without; unlike `Number()`, nothing else. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Digits whose value is exact in f64, and so is a power of ten with as many zeros: 10¹⁵ < 2⁵³. */
const EXACT_DIGITS = 15;

const POWERS_OF_TEN = Float64Array.from(
  { length: EXACT_DIGITS + 1 },
  (_, zeros) => Number(`1e${zeros}`),
);

const [PLUS, MINUS, POINT, ZERO] = [0x2b, 0x2d, 0x2e, 0x30] as const;

const BLANKS = /^[ \t]+|[ \t]+$/g;

const latin1 = new TextDecoder("latin1");

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/**
 * The f64 nearest to the decimal number in `bytes[from]` to `bytes[to − 1]`, blanks around it left
 * out; NaN if there is something else. Minus zero is zero.
 *
 * Up to 15 digits are read as one whole number and divided by a power of ten: both are exact, so
 * the quotient is rounded once and the nearest (Clinger, "How to read floating point numbers
 * accurately", PLDI 1990, section 3). What is longer, or has an exponent, is left to `Number()`.
 */
export function parseDecimal(bytes: Uint8Array, from: number, to: number): number {
  const sign = bytes[from];
  let at = sign === MINUS || sign === PLUS ? from + 1 : from;
  let value = 0;
  let digits = 0;
  let decimals = 0;
  for (; at < to; at++, digits++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) break;
    value = 10 * value + digit;
  }
  if (at < to && bytes[at] === POINT) {
    for (at++; at < to; at++, digits++, decimals++) {
      const digit = bytes[at] - ZERO;
      if (digit < 0 || digit > 9) break;
      value = 10 * value + digit;
    }
  }
  if (at < to || digits === 0 || digits > EXACT_DIGITS) return parseText(bytes, from, to);
  if (value === 0) return 0;
  const size = decimals === 0 ? value : value / POWERS_OF_TEN[decimals];
  return sign === MINUS ? -size : size;
}

function parseText(bytes: Uint8Array, from: number, to: number): number {
  const text = latin1.decode(bytes.subarray(from, to)).replace(BLANKS, "");
  return isDecimal(text) ? Number(text) + 0 : NaN; // −0 + 0 = 0
}
