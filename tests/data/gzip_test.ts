import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { unpack, unpackStart } from "../../lib/data/gzip.ts";

const TEXT = new TextEncoder().encode("the same bytes, however they are packed");

function pack(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...gzipSync(part)]));
}

Deno.test("unpack() returns plain bytes themselves", () => {
  assertStrictEquals(unpack(TEXT, "x", TEXT.length), TEXT);
});

Deno.test("unpack() joins the members of a gzip file", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array(), { minLength: 1, maxLength: 5 }), (parts) => {
      const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
      assertEquals(unpack(pack(...parts), "x", whole.length), whole);
    }),
    { seed: 3, numRuns: 50 },
  );
});

Deno.test("unpack() accepts content of exactly the limit and refuses one byte more", () => {
  assertEquals(unpack(pack(TEXT), "x", TEXT.length), TEXT);
  for (const bytes of [TEXT, pack(TEXT)]) {
    assertThrows(
      () => unpack(bytes, "x", TEXT.length - 1),
      RangeError,
      `Cannot unpack "x": expected at most ${TEXT.length - 1} bytes of content: received`,
    );
  }
  assertThrows(() => unpack(pack(Uint8Array.of(1)), "x", 0), RangeError);
});

Deno.test("unpack() refuses every gzip file that is cut", () => {
  const packed = pack(TEXT);
  for (let length = 2; length < packed.length; length++) {
    assertThrows(() => unpack(packed.slice(0, length), "x", 1000), SyntaxError, "Cannot unpack");
  }
  assertThrows(
    () => unpack(packed.slice(0, 20), "a.gz", 1000),
    SyntaxError,
    'Cannot unpack "a.gz": expected whole gzip members and nothing else: ' +
      "received a file of 20 bytes that ends in the middle",
  );
});

Deno.test("unpack() refuses damage and what follows the last member", () => {
  const packed = pack(TEXT);
  const damaged = packed.slice();
  damaged[packed.length - 8] = (damaged[packed.length - 8] as number) ^ 1; // in the CRC
  assertThrows(() => unpack(damaged, "x", 1000), SyntaxError, "checksum does not fit");
  assertThrows(
    () => unpack(Uint8Array.from([...packed, ...TEXT]), "x", 1000),
    SyntaxError,
    "received gzip followed by something else",
  );
});

Deno.test("unpackStart() gives the first bytes, also of a file that is cut or very long", () => {
  assertEquals(unpackStart(TEXT, "x", 4), TEXT.slice(0, 4));
  assertEquals(unpackStart(pack(TEXT), "x", 4), TEXT.slice(0, 4));
  assertEquals(unpackStart(pack(TEXT), "x", 1000), TEXT);
  const zeros = pack(new Uint8Array(10_000_000));
  assertEquals(unpackStart(zeros.slice(0, 5000), "x", 4), new Uint8Array(4));
});

Deno.test("unpackStart() looks behind a gzip header that is longer than its first piece", () => {
  const [, ...rest] = gzipSync(TEXT).subarray(9);
  const extra = 30_000; // FEXTRA (RFC 1952): flag 4, length in two bytes, then the field
  const header = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, extra & 255, extra >> 8];
  const packed = Uint8Array.from([...header, ...new Array<number>(extra).fill(7), ...rest]);
  assertEquals(unpackStart(packed, "x", 3), TEXT.slice(0, 3));
});
