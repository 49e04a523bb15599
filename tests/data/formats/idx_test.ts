import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { storedFileFromBytes } from "../../../lib/data/formats/gzip.ts";
import { type Idx, readIdx, unpackIdx, writeIdx } from "../../../lib/data/formats/idx.ts";
import { sha256 } from "../../../lib/data/sha256.ts";
import { sizeOf } from "../../../lib/tensor/tensor.ts";

const SEED = { seed: 2, numRuns: 200 };

/** Bytes of a file, spelt out. */
function file(...bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}

/** An array of any type, of up to four dimensions, some of them empty. */
const anyIdx: fc.Arbitrary<Idx> = fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }).chain(
  (shape): fc.Arbitrary<Idx> => {
    const count = sizeOf(shape);
    const length = { minLength: count, maxLength: count };
    return fc.oneof(
      fc.uint8Array(length).map((values) => ({ type: "u8" as const, shape, values })),
      fc.int8Array(length).map((values) => ({ type: "i8" as const, shape, values })),
      fc.int16Array(length).map((values) => ({ type: "i16" as const, shape, values })),
      fc.int32Array(length).map((values) => ({ type: "i32" as const, shape, values })),
      fc.float32Array(length).map((values) => ({ type: "f32" as const, shape, values })),
      fc.float64Array(length).map((values) => ({ type: "f64" as const, shape, values })),
    ) as fc.Arbitrary<Idx>;
  },
);

Deno.test("readIdx() reads each element type, most significant byte first", () => {
  const read = (...bytes: number[]) => readIdx(file(0, 0, ...bytes), "x");
  assertEquals(read(0x08, 1, 0, 0, 0, 2, 7, 255), {
    type: "u8",
    shape: [2],
    values: Uint8Array.of(7, 255),
  });
  assertEquals(read(0x09, 1, 0, 0, 0, 2, 7, 255).values, Int8Array.of(7, -1));
  assertEquals(read(0x0b, 1, 0, 0, 0, 2, 1, 2, 255, 254).values, Int16Array.of(258, -2));
  assertEquals(read(0x0c, 1, 0, 0, 0, 1, 0, 1, 2, 3).values, Int32Array.of(66051));
  // 1.5 = 1.1 in binary: exponent 127 and mantissa 100…; 0x3fc00000 and 0x3ff80000 00000000
  assertEquals(read(0x0d, 1, 0, 0, 0, 1, 0x3f, 0xc0, 0, 0).values, Float32Array.of(1.5));
  assertEquals(
    read(0x0e, 1, 0, 0, 0, 1, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0).values,
    Float64Array.of(1.5),
  );
});

Deno.test("readIdx() reads a part of a larger buffer, and 8-bit values without a copy", () => {
  const larger = file(9, 9, 9, 0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 5, 6, 9);
  const { shape, values } = readIdx(larger.subarray(3, 17), "x");
  assertEquals({ shape, values }, { shape: [1, 2], values: Uint8Array.of(5, 6) });
  assertEquals(values.buffer, larger.buffer);
  assertEquals(values.byteOffset, 15);
});

Deno.test("readIdx() is the inverse of writeIdx(), and writeIdx() of readIdx()", () => {
  fc.assert(
    fc.property(anyIdx, (idx) => {
      const bytes = writeIdx(idx);
      const back = readIdx(bytes, "x");
      assertEquals(back, idx);
      assertEquals(writeIdx(back), bytes);
    }),
    SEED,
  );
});

Deno.test("readIdx() rejects every truncated or lengthened file", () => {
  fc.assert(
    fc.property(anyIdx, fc.nat(), fc.uint8Array({ minLength: 1 }), (idx, at, more) => {
      const bytes = writeIdx(idx);
      assertThrows(() => readIdx(bytes.slice(0, at % bytes.length), "x"), SyntaxError);
      assertThrows(() => readIdx(file(...bytes, ...more), "x"), SyntaxError);
    }),
    SEED,
  );
});

Deno.test("readIdx() returns an array of the file's size or an error, whatever the header says", () => {
  fc.assert(
    fc.property(anyIdx, fc.uint8Array({ minLength: 4, maxLength: 24 }), (idx, header) => {
      const bytes = writeIdx(idx);
      bytes.set(header.subarray(0, bytes.length));
      let read: Idx;
      try {
        read = readIdx(bytes, "x");
      } catch (error) {
        assertEquals(error instanceof SyntaxError, true);
        return;
      }
      assertEquals(read.values.byteLength + 4 + 4 * read.shape.length, bytes.length);
    }),
    { ...SEED, numRuns: 1000 },
  );
});

Deno.test("readIdx() rejects a header with more elements than the file", () => {
  const error = assertThrows(
    () => readIdx(file(0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 1), "train"),
    SyntaxError,
  );
  // (2³² − 1)² = 18446744065119617025 is beyond 2⁵³
  assertEquals(
    error.message,
    'Cannot read "train": expected fewer than 2^53 bytes: its header says u8, ' +
      "[4294967295, 4294967295]",
  );
  assertEquals(
    assertThrows(() => readIdx(file(0, 0, 11, 1, 0, 0, 1, 0, 1, 2), "train"), SyntaxError).message,
    'Cannot read "train": expected 520 bytes, as its header says (i16, [256]): received 10',
  );
});

Deno.test("readIdx() handles sizes whose product overflows 32 or 64 bits", () => {
  const overflowing = [65536, 65536, 65536, 65536]; // 2⁶⁴, which is 0 modulo 2⁶⁴
  for (const rank of [2, 4, 255]) {
    const bytes = new Uint8Array(4 + 4 * rank);
    bytes.set([0, 0, 8, rank]);
    for (let i = 0; i < rank; i++) {
      new DataView(bytes.buffer).setUint32(4 + 4 * i, overflowing[i % 4]);
    }
    assertThrows(() => readIdx(bytes, "x"), SyntaxError);
  }
});

Deno.test("readIdx() says what a file is that is not an IDX file", () => {
  const text = (content: string) => new TextEncoder().encode(content);
  const cases: readonly (readonly [Uint8Array<ArrayBuffer>, string])[] = [
    [file(), "received an empty file"],
    [file(0, 0, 8), "received a file that begins with the bytes 00 00 08"],
    [text("\n<!DOCTYPE html><title>403</title>"), "received an HTML page"],
    [text("<?xml version='1.0'?><Error/>"), "received an XML document"],
    [text("version https://git-lfs.github.com/spec/v1"), "received a Git LFS pointer"],
    [file(0x1f, 0x8b, 8, 0), "received gzip, still packed"],
    [file(0x50, 0x4b, 3, 4, 0), "received a zip archive"],
    [file(1, 0, 8, 1), "received a file that begins with the bytes 01 00 08 01"],
    [file(0, 0, 10, 1, 0, 0, 0, 0), "0x0e (f64): received 0x0a"],
    [file(0, 0, 8, 0), "expected at least 1 dimension: received 0"],
    [file(0, 0, 8, 3, 0, 0), "expected a header of 16 bytes for 3 dimensions: received 6 bytes"],
  ];
  for (const [bytes, message] of cases) {
    const error = assertThrows(() => readIdx(bytes, "labels.gz"), SyntaxError);
    assertStringIncludes(error.message, 'Cannot read "labels.gz": ');
    assertStringIncludes(error.message, message);
  }
});

Deno.test("writeIdx() rejects sizes that do not fit the values or the format", () => {
  const values = Uint8Array.of(1, 2);
  for (const shape of [[], [3], [2, 2], [-1, -2], [0.5, 4], new Array(256).fill(1)]) {
    assertThrows(() => writeIdx({ type: "u8", shape, values }), RangeError, "Cannot write IDX");
  }
});

Deno.test("unpackIdx() decompresses a file, or returns it unchanged", async () => {
  const plain = writeIdx({ type: "i32", shape: [3], values: Int32Array.of(1, -2, 3) });
  const members = [plain.subarray(0, 5), plain.subarray(5)].map((part) => [...gzipSync(part)]);
  for (const stored of [plain, new Uint8Array(gzipSync(plain)), file(...members.flat())]) {
    const { bytes, sha256: hash } = await unpackIdx(storedFileFromBytes(stored, "x"));
    assertEquals([...bytes], [...plain]);
    assertEquals(hash, sha256(plain));
  }
});

Deno.test("unpackIdx() decompresses no more than the header declares", async () => {
  const bomb = new Uint8Array(50_000_000); // 50 kB packed
  bomb.set([0, 0, 8, 1, 0, 0, 0, 100]);
  const packed = new Uint8Array(gzipSync(bomb));
  const error = await assertRejects(
    () => unpackIdx(storedFileFromBytes(packed, "bomb.gz")),
    RangeError,
  );
  assertEquals(
    error.message,
    'Cannot unpack "bomb.gz": expected at most 108 bytes of content: received more',
  );
});

Deno.test("unpackIdx() rejects a header that declares more than 8 GiB", async () => {
  const huge = new Uint8Array(gzipSync(file(0, 0, 8, 2, 255, 255, 255, 255, 0, 0, 0, 3, 1, 2)));
  await assertRejects(
    () => unpackIdx(storedFileFromBytes(huge, "x")),
    RangeError,
    "at most 8589934592 bytes: its header says 12884901897",
  );
});
