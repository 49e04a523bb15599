/** Pictures of every kind as grey images, and those that are refused. */
import { assert, assertEquals, assertLess, assertStringIncludes, assertThrows } from "@std/assert";
import { encode } from "fast-png";
import { crc32, deflateSync } from "node:zlib";
import { loadPictureReader } from "../../../lib/data/pictures/picture.ts";
import type { GreyImage } from "../../../lib/data/pictures/size.ts";
import { jpegOf, pngOf, withOrientation } from "./rendered.ts";

const read = await loadPictureReader();

const FIXTURES = new URL("../../fixtures/pictures/", import.meta.url);

const fixture = (name: string): GreyImage => read(Deno.readFileSync(new URL(name, FIXTURES)), name);

/** Rec. 601, of the picture that make_pictures.sh writes: 19 × 13. */
const DRAWN = Array.from({ length: 13 * 19 }, (_, pixel) => {
  const [x, y] = [pixel % 19, Math.floor(pixel / 19)];
  const [r, g, b] = [Math.floor(x * 255 / 18), Math.floor(y * 255 / 12), (x * 7 + y * 11) % 32 * 8];
  return 0.299 * r + 0.587 * g + 0.114 * b;
});

function meanDifference({ values }: GreyImage): number {
  return DRAWN.reduce((sum, grey, pixel) => sum + Math.abs(grey - values[pixel]), 0) / DRAWN.length;
}

Deno.test("colours become grey by the weights of Rec. 601, rounded to the nearest", () => {
  const colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0], [1, 2, 3]];
  const { height, width, values } = read(pngOf(Uint8Array.from(colours.flat()), 2, 3), "a");
  assertEquals([height, width], [2, 3]);
  assertEquals([...values], [76, 150, 29, 255, 0, 2]); // 76.245 149.685 29.07 255 0 1.815
});

Deno.test("PNGs of any bit depth and colour type give the same grey levels", () => {
  const greys = Uint8Array.of(0, 51, 102, 153, 204, 255);
  const size = { height: 2, width: 3 };
  const rgb = greys.reduce<number[]>((all, grey) => [...all, grey, grey, grey], []);
  const palette = Array.from(greys, (grey) => [grey, grey, grey]);
  const encoded = [
    encode({ ...size, data: greys, channels: 1 }),
    encode({ ...size, data: greys, channels: 1 }, { interlace: "Adam7" }),
    encode({
      ...size,
      data: Uint16Array.from(greys, (grey) => 257 * grey),
      depth: 16,
      channels: 1,
    }),
    encode({ ...size, data: Uint8Array.from(rgb), channels: 3 }),
    encode({ ...size, data: Uint8Array.from(rgb), channels: 3 }, { interlace: "Adam7" }),
    encode({ ...size, data: Uint8Array.of(0, 1, 2, 3, 4, 5), palette, depth: 8, channels: 1 }),
  ];
  for (const bytes of encoded) assertEquals([...read(bytes, "a").values], [...greys]);
  const { values } = fixture("grey4.png"); // by another encoder: 16 steps of grey, packed
  assert(values.every((grey) => grey % 17 === 0));
  assert(meanDifference({ height: 13, width: 19, values }) < 17 / 2);
});

Deno.test("transparent pixels lie on white", () => {
  const data = Uint8Array.of(0, 255, 0, 128, 0, 0, 100, 51);
  const { values } = read(encode({ height: 2, width: 2, data, channels: 2 }), "a");
  assertEquals([...values], [0, 127, 255, 224]); // 255 − 51 / 255 (255 − 100)
  const { values: of7 } = fixture("palette.png"); // black is transparent
  assert(of7.every((grey) => grey > 0) && of7.includes(255));
});

Deno.test("JPEG is decoded as by other decoders: progressive, with restarts, subsampled, grey, RGB", () => {
  const names = ["progressive.jpg", "restart.jpg", "grey_restart.jpg", "rgb.jpg"];
  const images = names.map(fixture);
  for (const [index, image] of images.entries()) {
    assertEquals([names[index], image.height, image.width], [names[index], 13, 19]);
    assertLess(meanDifference(image), 6, names[index]); // libjpeg's own results differ by as much
  }
  assertEquals(images[0].values, images[1].values); // the same coefficients in another order
  const own = jpegOf(new Uint8Array(16 * 16 * 3).fill(200), 16, 16);
  assert(read(own, "a").values.every((grey) => Math.abs(grey - 200) <= 1));
});

Deno.test("JPEG is rotated by the orientation that the camera noted", () => {
  // brightness by quarter: top left, top right, bottom left, bottom right
  const quarters = ({ height, width, values }: GreyImage) =>
    [[0, 0], [0, 1], [1, 0], [1, 1]].map(([below, right]) => {
      const [row, column] = [below * height / 2 + height / 4, right * width / 2 + width / 4];
      return Math.round(values[Math.floor(row) * width + Math.floor(column)] / 60);
    }).join("");
  const rgb = Uint8Array.from({ length: 32 * 16 * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % 32, Math.floor(at / 96)];
    return 60 * ((x < 16 ? 1 : 2) + (y < 8 ? 0 : 2));
  });
  const jpeg = jpegOf(rgb, 16, 32, 95);
  const seen = ["1234", "2143", "4321", "3412", "1324", "3142", "4231", "2413"];
  for (const [index, expected] of seen.entries()) {
    for (const isLittle of [true, false]) {
      const image = read(withOrientation(jpeg, index + 1, isLittle), "a");
      assertEquals([index + 1, quarters(image)], [index + 1, expected]);
      assertEquals([image.height, image.width], index < 4 ? [16, 32] : [32, 16]);
    }
  }
  for (const none of [0, 9, 65535]) {
    assertEquals(quarters(read(withOrientation(jpeg, none, true), "a")), "1234");
  }
});

Deno.test("files that are not supported pictures are rejected with their name and the reason", () => {
  const text = new TextEncoder().encode("a,b\n1,2\n");
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [
      text,
      "expected a picture, PNG or JPEG: received a file that begins with the bytes 61 2c 62 0a",
    ],
    [new Uint8Array(), "expected a picture, PNG or JPEG: received an empty file"],
    [
      Deno.readFileSync(new URL("arithmetic.jpg", FIXTURES)),
      "received one of lossless, hierarchical or arithmetic coding: save it in the usual one",
    ],
    [
      Deno.readFileSync(new URL("interlaced1.png", FIXTURES)),
      "expected no interlacing at fewer than 8 bits a sample: received 1 bits",
    ],
  ];
  for (const [bytes, message] of cases) {
    const error = assertThrows(() => read(bytes, "some/file"), Error);
    assertStringIncludes(error.message, 'Cannot read "some/file": ');
    assertStringIncludes(error.message, message);
  }
});

Deno.test("a picture that is truncated anywhere is rejected", () => {
  const data = Uint8Array.from({ length: 12 * 12 * 3 }, (_, i) => i * 37 % 256);
  for (const whole of [pngOf(data, 12, 12), jpegOf(data, 12, 12)]) {
    assertEquals(read(whole, "a").values.length, 144);
    for (let length = 0; length < whole.length; length++) {
      const error = assertThrows(() => read(whole.subarray(0, length), "cut"), SyntaxError);
      assertStringIncludes(error.message, 'Cannot read "cut": expected a ');
    }
  }
});

const HEADER = [0, 0, 0, 4, 0, 0, 0, 4, 8, 0, 0, 0, 0] as const;

/** A PNG of one header and some packed pixels, and perhaps another chunk between. */
function pngWith(header: readonly number[], packed: Uint8Array, other?: string): Uint8Array {
  const chunk = (type: string, content: ArrayLike<number>) => {
    const named = Uint8Array.from([...new TextEncoder().encode(type), ...Array.from(content)]);
    const frame = new Uint8Array(8);
    new DataView(frame.buffer).setUint32(0, content.length);
    new DataView(frame.buffer).setUint32(4, crc32(named));
    return [...frame.subarray(0, 4), ...named, ...frame.subarray(4)];
  };
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  return Uint8Array.from([
    ...signature,
    ...chunk("IHDR", header),
    ...(other === undefined ? [] : chunk(other, [1, 2, 3])),
    ...chunk("IDAT", packed),
    ...chunk("IEND", []),
  ]);
}

Deno.test("the size in the header is checked before anything is decoded or allocated", () => {
  const bomb = deflateSync(new Uint8Array(2 ** 20));
  const cases: readonly (readonly [readonly number[], string])[] = [
    [[0, 0, 0x40, 0, 0, 0, 0x40, 1, 8, 0, 0, 0, 0], "received 16384 × 16385: make it smaller"],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 8, 0, 0, 0, 0], "make it smaller"],
    [[0, 0, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0], "received 0 × 1"],
    [[0, 0, 0x10, 0, 0, 0, 0x10, 0, 8, 0, 0, 0, 0], "a truncated one: not all"],
    [HEADER, "received one with more than the 20 bytes of pixels"],
  ];
  for (const [header, message] of cases) {
    const error = assertThrows(() => read(pngWith(header, bomb), "bomb"), Error);
    assertStringIncludes(error.message, message);
  }
  const jpeg = jpegOf(new Uint8Array(8 * 8 * 3), 8, 8);
  const frame = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xc0);
  const sized = (height: number, width: number) => {
    const copy = jpeg.slice();
    copy.set([height >> 8, height & 255, width >> 8, width & 255], frame + 5);
    return copy;
  };
  const received = (height: number, width: number) =>
    assertThrows(() => read(sized(height, width), "bomb"), Error).message;
  assertStringIncludes(received(0xffff, 0xffff), "received 65535 × 65535: make it smaller");
  assertStringIncludes(received(0, 8), "received 8 × 0");
  assertStringIncludes(received(4000, 4000), "before its end"); // more blocks than there are bits
});

Deno.test("a PNG with a damaged chunk, or an unknown critical one, is rejected", () => {
  const packed = deflateSync(new Uint8Array(20));
  const black = [...new Uint8Array(16)];
  assertEquals([...read(pngWith(HEADER, packed), "a").values], black);
  assertEquals([...read(pngWith(HEADER, packed, "abCd"), "a").values], black); // skipped
  const damaged = pngWith(HEADER, packed);
  damaged[20] ^= 1;
  assertThrows(
    () => read(damaged, "a"),
    SyntaxError,
    "the checksum of a chunk at byte 8 is another",
  );
  const unknown = pngWith(HEADER, packed, "ABCD");
  assertThrows(() => read(unknown, "a"), SyntaxError, "received another that no decoder may skip");
});
