import { assertEquals } from "@std/assert";
import { galleryImages, pixelAlignedScale, pixelAlignedSide } from "../../lib/report/images.ts";
import type { Gallery } from "../../lib/run/record.ts";

/** The pixels of the images that a gallery of two samples of 2 × 2 shows. */
function pixelsOf(values: Gallery["values"]): readonly (readonly number[])[] {
  const gallery: Gallery = { split: "test", rows: Uint32Array.of(3, 8), shape: [2, 2], values };
  const images = galleryImages(gallery, { height: 2, width: 2, channels: 1 });
  return [3, 8].map((row) => [...images.get(row)?.pixels ?? []]);
}

Deno.test("galleryImages() keeps bytes, and stretches images of few grey levels from 0 on", () => {
  assertEquals(pixelsOf(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 128)), [[1, 2, 3, 4], [5, 6, 7, 128]]);
  assertEquals(pixelsOf(Uint8Array.of(1, 2, 4, 8, 8, 12, 16, 16)), [
    [16, 32, 64, 128], // 255/16 a grey, rounded
    [128, 191, 255, 255],
  ]);
  assertEquals(pixelsOf(new Uint8Array(8)), [[0, 0, 0, 0], [0, 0, 0, 0]]);
});

Deno.test("galleryImages() stretches other numbers from the smallest to the largest", () => {
  assertEquals(pixelsOf(Float32Array.of(-1, 0, 1, NaN, 0, 0, 0, 0)), [
    [0, 128, 255, 0],
    [128, 128, 128, 128],
  ]);
});

Deno.test("pixelAlignedSide() is a whole multiple of small images, and at most the available length", () => {
  const side = (height: number, width: number) => pixelAlignedSide({ height, width }, 56);
  assertEquals([side(8, 8), side(28, 20), side(20, 28), side(56, 9)], [56, 56, 56, 56]);
  assertEquals([side(30, 30), side(100, 3)], [30, 56]);
});

Deno.test("pixelAlignedScale() is a whole number, or the scale at which an image fits", () => {
  const scale = (height: number, width: number) => pixelAlignedScale({ height, width }, 56);
  assertEquals([scale(8, 8), scale(28, 20), scale(30, 30), scale(112, 3)], [7, 2, 1, 0.5]);
});
