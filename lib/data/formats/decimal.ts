/**
 * Parsing of decimal numbers from bytes, exactly rounded and fast.
 *
 * @module
 */

/** A decimal number with or without fraction and exponent. `Number()` also accepts other texts. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Number of digits up to which integers and powers of ten are exact in f64: 10¹⁵ < 2⁵³. */
const EXACT_DIGITS = 15;

const POWERS_OF_TEN = Float64Array.from(
  { length: EXACT_DIGITS + 1 },
  (_, zeros) => Number(`1e${zeros}`),
);

const [PLUS, MINUS, POINT, ZERO] = [0x2b, 0x2d, 0x2e, 0x30] as const;

const BLANKS = /^[ \t]+|[ \t]+$/g;

const latin1 = new TextDecoder("latin1");

/** Returns whether a text is a decimal number. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/**
 * Returns the f64 nearest to the decimal number in `bytes[from]` to `bytes[to − 1]`, blanks around it
 * ignored; NaN if there is another text. Minus zero becomes zero.
 *
 * Up to 15 digits are read as a whole number and divided by a power of ten. Both are exact, so the
 * quotient is rounded once, to the nearest (Clinger, "How to read floating point numbers accurately",
 * PLDI 1990, section 3). `Number()` parses longer numbers and those with an exponent.
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
  if (at < to || digits === 0 || digits > EXACT_DIGITS) return parseLongDecimal(bytes, from, to);
  if (value === 0) return 0;
  const size = decimals === 0 ? value : value / POWERS_OF_TEN[decimals];
  return sign === MINUS ? -size : size;
}

function parseLongDecimal(bytes: Uint8Array, from: number, to: number): number {
  const text = latin1.decode(bytes.subarray(from, to)).replace(BLANKS, "");
  return isDecimal(text) ? Number(text) + 0 : NaN; // −0 + 0 = 0
}
