import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { isDecimal, parseDecimal } from "../../../lib/data/formats/decimal.ts";

const parse = (text: string) => {
  const bytes = new TextEncoder().encode(`7${text}7`);
  return parseDecimal(bytes, 1, bytes.length - 1);
};

Deno.test("parseDecimal() returns the nearest f64, as Number() does", () => {
  const digits = (least: number, most: number) =>
    fc.array(fc.nat(9), { minLength: least, maxLength: most }).map((all) => all.join(""));
  const written = fc.tuple(fc.constantFrom("", "+", "-"), digits(0, 20), digits(0, 20))
    .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`)
    .filter((text) => /\d/.test(text));
  const exponents = fc.tuple(written, fc.integer({ min: -330, max: 310 }))
    .map(([text, exponent]) => `${text}e${exponent}`);
  const doubles = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
  fc.assert(
    fc.property(fc.oneof(written, exponents, doubles), (text) => {
      assertEquals(parse(text), Number(text) + 0);
    }),
    { seed: 1, numRuns: 3000 },
  );
});

Deno.test("parseDecimal() accepts blanks around a number and points at either end, and returns no −0", () => {
  const cases: readonly (readonly [string, number])[] = [
    [" 5.1", 5.1],
    ["\t-3 ", -3],
    ["5.", 5],
    [".5", 0.5],
    ["+0.1E+2", 10],
    ["007", 7],
    ["123456789012345", 123456789012345],
    ["0.1234567890123456789", 0.12345678901234568],
    ["1e400", Infinity],
  ];
  for (const [text, value] of cases) assertEquals(parse(text), value, text);
  for (const zero of ["-0", "-0.000", "-0e1"]) assertEquals(Object.is(parse(zero), 0), true, zero);
});

Deno.test("parseDecimal() returns NaN for other texts", () => {
  const wrong = ["", " ", ".", "-", "+.", "1,5", "1 2", "0x10", "1e", "e5", "NaN", "Infinity"];
  for (const text of [...wrong, "--1", "1.2.3", "1_000", "²", "5'"]) {
    assertEquals(parse(text), NaN, text);
    assertEquals(isDecimal(text), false, text);
  }
});
