/**
 * Texts to test with.
 *
 * @module
 */

import fc from "fast-check";

/** Any code point but halves of surrogate pairs. */
const codePoint = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 0xd7ff }), weight: 1 },
  { arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }), weight: 19 },
).map((code) => String.fromCodePoint(code));

/**
 * Texts of any code points, as uniform as fast-check's unit "binary", for which it makes a table of a
 * million code points in every file that uses it.
 */
export function anyText(
  constraints: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: codePoint });
}
