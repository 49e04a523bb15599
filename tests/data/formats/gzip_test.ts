import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { readContent } from "../../../lib/data/formats/content.ts";
import {
  decompress,
  type StoredFile,
  storedFileFromBytes,
} from "../../../lib/data/formats/gzip.ts";
import { sha256 } from "../../../lib/data/sha256.ts";

const TEXT = new TextEncoder().encode("the same bytes, however they are packed");

function pack(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...gzipSync(part)]));
}

/** A file in pieces of so many bytes. */
function inPieces(bytes: Uint8Array, size: number): StoredFile {
  const count = Math.ceil(bytes.length / size);
  const pieces = Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  return { origin: "x", length: bytes.length, pieces };
}

async function unpacked(file: StoredFile): Promise<Uint8Array> {
  const bytes: number[] = [];
  for await (const piece of (await decompress(file)).pieces) bytes.push(...piece);
  return Uint8Array.from(bytes);
}

const contentOfBytes = (bytes: Uint8Array, most: number, origin = "x") =>
  readContent(storedFileFromBytes(bytes, origin), 0, () => most);

Deno.test("decompress() passes plain bytes through, in any pieces", async () => {
  for (const size of [1, 5, 100]) assertEquals(await unpacked(inPieces(TEXT, size)), TEXT);
  assertEquals(await unpacked(storedFileFromBytes(new Uint8Array(), "x")), new Uint8Array());
});

Deno.test("decompress() joins the members of a gzip file, in any pieces", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array(), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 2, max: 100 }),
      async (parts, size) => {
        const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
        assertEquals(await unpacked(inPieces(pack(...parts), size)), whole);
      },
    ),
    { seed: 3, numRuns: 50 },
  );
});

Deno.test("decompress() rejects every truncated gzip file", async () => {
  const packed = pack(TEXT);
  for (let length = 2; length < packed.length; length++) {
    const cut = storedFileFromBytes(packed.slice(0, length), "x");
    await assertRejects(() => unpacked(cut), SyntaxError, "Cannot unpack");
  }
  await assertRejects(
    () => unpacked(storedFileFromBytes(packed.slice(0, 20), "a.gz")),
    SyntaxError,
    'Cannot unpack "a.gz": expected whole gzip members and nothing else: ' +
      "received a file of 20 bytes that ends in the middle",
  );
});

Deno.test("decompress() rejects damaged files, and bytes after the last member", async () => {
  const packed = pack(TEXT);
  const damaged = packed.slice();
  damaged[packed.length - 8] = damaged[packed.length - 8] ^ 1; // in the CRC
  const refused = (bytes: Uint8Array, message: string) =>
    assertRejects(() => unpacked(storedFileFromBytes(bytes, "x")), SyntaxError, message);
  await refused(damaged, "checksum does not fit");
  await refused(Uint8Array.from([...packed, ...TEXT]), "received gzip followed by something else");
});

Deno.test("decompress() passes on errors of its source", async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield pack(TEXT).slice(0, 20);
    await Promise.resolve();
    throw new Deno.errors.NotFound("gone");
  }
  const file = { origin: "x", length: 100, pieces: failing() };
  await assertRejects(() => unpacked(file), Deno.errors.NotFound, "gone");
});

Deno.test("readContent() accepts content of exactly the limit and rejects one byte more", async () => {
  for (const [bytes, received] of [[TEXT, TEXT.length], [pack(TEXT), "more"]] as const) {
    const { bytes: content, sha256: hash } = await contentOfBytes(bytes, TEXT.length);
    assertEquals([...content], [...TEXT]);
    assertEquals(hash, sha256(TEXT));
    assertEquals(content.buffer instanceof SharedArrayBuffer, true);
    await assertRejects(
      () => contentOfBytes(bytes, TEXT.length - 1),
      RangeError,
      `Cannot unpack "x": expected at most ${
        TEXT.length - 1
      } bytes of content: received ${received}`,
    );
  }
  await assertRejects(() => contentOfBytes(pack(Uint8Array.of(1)), 0), RangeError);
});

Deno.test("readContent() reserves no more memory than the file can hold, whatever its header says", async () => {
  const { bytes } = await contentOfBytes(TEXT, 2 ** 52);
  assertEquals([bytes.length, bytes.buffer.byteLength], [TEXT.length, TEXT.length]);
  const packed = pack(TEXT);
  const { bytes: unpacked } = await contentOfBytes(packed, 2 ** 52);
  assertEquals([unpacked.length, unpacked.buffer.byteLength], [TEXT.length, 1032 * packed.length]);
});

Deno.test("readContent() requests the length once it has the beginning or everything", async () => {
  const seen: number[] = [];
  for (const [size, wanted] of [[5, 12], [5, 1000], [100, 4]] as const) {
    const { bytes } = await readContent(inPieces(TEXT, size), wanted, (start) => {
      seen.push(start.length);
      return TEXT.length;
    });
    assertEquals([...bytes], [...TEXT]);
  }
  assertEquals(seen, [15, TEXT.length, TEXT.length]);
});

Deno.test("readContent() reads past a gzip header longer than its first piece", async () => {
  const [, ...rest] = gzipSync(TEXT).subarray(9);
  const extra = 30_000; // FEXTRA (RFC 1952): flag 4, length in two bytes, then the field
  const header = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, extra & 255, extra >> 8];
  const packed = Uint8Array.from([...header, ...new Array<number>(extra).fill(7), ...rest]);
  const { bytes } = await readContent(inPieces(packed, 1000), 3, () => 1000);
  assertEquals([...bytes], [...TEXT]);
});
