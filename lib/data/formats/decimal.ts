/**
 * Parsing of decimal numbers from bytes, correctly rounded.
 *
 * @module
 */

/**
 * Pattern of a decimal number with a decimal point, with or without fraction and exponent. `Number()` would
 * also accept other texts, such as "0x10".
 */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Number of digits up to which integers and powers of ten are exact in double precision: 10¹⁵ < 2⁵³. */
const EXACT_DIGITS = 15;

const POWERS_OF_TEN = Float64Array.from(
  { length: EXACT_DIGITS + 1 },
  (_, zeros) => Number(`1e${zeros}`),
);

const [PLUS, MINUS, POINT, ZERO] = [0x2b, 0x2d, 0x2e, 0x30] as const;

const BLANKS = /^[ \t]+|[ \t]+$/g;

const latin1 = new TextDecoder("latin1");

/**
 * Returns whether a text is a decimal number with a decimal point, with or without fraction and exponent.
 * Blanks are not allowed.
 */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/**
 * Parses the decimal number in `bytes[from]` to `bytes[to − 1]`, ignoring surrounding blanks. Returns the
 * nearest number in double precision, or NaN for other texts. Minus zero becomes zero.
 *
 * A number of up to 15 digits is read as an integer and divided by a power of ten. Both are exact, so the
 * quotient is rounded only once (Clinger, "How to read floating point numbers accurately", PLDI 1990,
 * section 3). `Number()` parses longer numbers and those with an exponent.
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

/** Parses a decimal number of any length by `Number()`. Returns NaN for other texts. */
function parseLongDecimal(bytes: Uint8Array, from: number, to: number): number {
  const text = latin1.decode(bytes.subarray(from, to)).replace(BLANKS, "");
  return isDecimal(text) ? Number(text) + 0 : NaN; // −0 + 0 = 0
}
