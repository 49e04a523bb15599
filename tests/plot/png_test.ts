import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { crc32 as zlibCrc32, inflateSync } from "node:zlib";
import { encodePng } from "../../lib/plot/mod.ts";
import { adler32, crc32, pngDataUri, zlibStored } from "../../lib/plot/png.ts";

const ascii = (text: string) => new TextEncoder().encode(text);

Deno.test("crc32() and adler32() return the check values of their specifications", () => {
  assertEquals(crc32(ascii("123456789")), 0xcbf43926);
  assertEquals(adler32(ascii("Wikipedia")), 0x11e60398);
  assertEquals(adler32(new Uint8Array()), 1);
});

Deno.test("crc32() agrees with zlib", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      assertEquals(crc32(new Uint8Array(data)), zlibCrc32(data));
    }),
    { seed: 2, numRuns: 50 },
  );
});

Deno.test("zlibStored() is decoded by zlib, also beyond the largest block", () => {
  for (const length of [0, 1, 65_535, 65_536, 131_070, 140_000]) {
    const data = Uint8Array.from({ length }, (_, index) => (index * 31) & 0xff);
    assertEquals(new Uint8Array(inflateSync(zlibStored(data))), data);
  }
});

/** Parts of a PNG file by name, their checksums checked. */
function readChunks(png: Uint8Array<ArrayBuffer>): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  assertEquals([...png.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(png.buffer);
  const chunks = new Map<string, Uint8Array<ArrayBuffer>>();
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const body = png.subarray(at + 4, at + 8 + length);
    assertEquals(view.getUint32(at + 8 + length), zlibCrc32(body));
    chunks.set(String.fromCharCode(...body.subarray(0, 4)), body.slice(4));
    at += 12 + length;
  }
  return chunks;
}

Deno.test("encodePng() decodes to the same pixels", () => {
  const sizes = fc.record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1 as const, 3 as const),
  });
  fc.assert(
    fc.property(sizes, fc.nat(), ({ width, height, channels }, seed) => {
      const stride = width * channels;
      const pixels = Uint8Array.from({ length: stride * height }, (_, i) => (i * 37 + seed) & 0xff);
      const chunks = readChunks(encodePng({ width, height, channels, pixels }));
      assertEquals([...chunks.keys()], ["IHDR", "IDAT", "IEND"]);
      const header = chunks.get("IHDR") ?? new Uint8Array();
      assertEquals([...header], [0, 0, 0, width, 0, 0, 0, height, 8, channels - 1, 0, 0, 0]);
      const lines = inflateSync(chunks.get("IDAT") ?? new Uint8Array());
      const decoded = Array.from({ length: height }, (_, y) => {
        assertEquals(lines[y * (stride + 1)], 0); // no filter
        return [...lines.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1))];
      }).flat();
      assertEquals(decoded, [...pixels]);
    }),
    { seed: 4, numRuns: 60 },
  );
});

Deno.test("encodePng() writes the palette to which pixels refer", () => {
  const palette = Uint8Array.of(255, 255, 255, 0, 114, 178);
  const image = { width: 2, height: 1, channels: 1, pixels: Uint8Array.of(1, 0), palette } as const;
  const chunks = readChunks(encodePng(image));
  assertEquals([...chunks.keys()], ["IHDR", "PLTE", "IDAT", "IEND"]);
  assertEquals(chunks.get("IHDR")?.[9], 3); // colour type "indexed"
  assertEquals(chunks.get("PLTE"), palette);
  assertEquals([...inflateSync(chunks.get("IDAT") ?? new Uint8Array())], [0, 1, 0]);
});

Deno.test("encodePng() writes the opacities of a palette", () => {
  const palette = Uint8Array.of(255, 255, 255, 0, 114, 178);
  const opacities = Uint8Array.of(0, 140);
  const pixels = Uint8Array.of(1, 0);
  const chunks = readChunks(
    encodePng({ width: 2, height: 1, channels: 1, pixels, palette, opacities }),
  );
  assertEquals([...chunks.keys()], ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
  assertEquals(chunks.get("tRNS"), opacities);
});

Deno.test("encodePng() rejects pixels that do not fill the image", () => {
  const image = { width: 2, height: 2, channels: 1, pixels: new Uint8Array(3) } as const;
  assertThrows(() => encodePng(image), TypeError, "expected 2 × 2 × 1 values: received 3");
});

Deno.test("pngDataUri() is small and has the same bytes each time", () => {
  const image = { width: 28, height: 28, channels: 1, pixels: new Uint8Array(784) } as const;
  assertEquals(pngDataUri(image), pngDataUri(image));
  assertEquals(encodePng(image).length, 8 + 25 + (12 + 2 + 5 + 28 * 29 + 4) + 12);
});
