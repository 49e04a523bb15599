/** Digits as people have them in pictures: larger, moved, on paper or on a board, in colour; PNG or JPEG. */
import { encode as encodePng } from "fast-png";
import jpeg from "jpeg-js";
import type { Random } from "../../fuzz/random.ts";

/** JPEG's quality, as cameras and programs have it or a better one. */
const QUALITY = 75;

type Colour = readonly [red: number, green: number, blue: number];

/** Options of rendering a digit. */
export interface Rendering {
  /** Pixels of the picture to one of the digit's. */
  readonly zoom: number;
  /** Part of the picture's side by which the digit is moved to the right and down. */
  readonly shift: readonly [right: number, down: number];
  readonly ink: Colour;
  readonly paper: Colour;
  readonly format: "png" | "jpeg";
}

/** Returns one of the ways in which digits are rendered, another for each number. */
export function renderingOf(number: number, random: Random): Rendering {
  const shift = [random.below(401) / 1000 - 0.2, random.below(401) / 1000 - 0.2] as const;
  const grey = 90 + random.below(90);
  const colours: readonly (readonly [ink: Colour, paper: Colour])[] = [
    [[255, 255, 255], [0, 0, 0]],
    [[0, 0, 0], [255, 255, 255]],
    [[20, 20, 20], [grey, grey, grey]],
    [[245, 245, 245], [grey, grey, grey]],
    [[random.below(110), random.below(60), 60 + random.below(140)], [250, 240, 200]],
    [[255, 230, 60 + random.below(60)], [20, 70 + random.below(40), 40]],
  ];
  const [ink, paper] = colours[number % colours.length];
  const format = Math.floor(number / colours.length) % 2 === 0 ? "png" : "jpeg";
  return { zoom: 2 + random.below(7), shift, ink, paper, format };
}

/** Returns a picture of a digit, 28 × 28 and bright on black, that is half as wide again as that. */
export function render(
  digit: Uint8Array,
  { zoom, shift: [right, down], ink, paper, format }: Rendering,
): Uint8Array {
  const side = 42 * zoom;
  const margin = [7 * zoom + Math.round(right * side), 7 * zoom + Math.round(down * side)] as const;
  const rgb = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const u = (x + 0.5 - margin[0]) / zoom - 0.5;
      const v = (y + 0.5 - margin[1]) / zoom - 0.5;
      const share = between(digit, u, v) / 255;
      for (let colour = 0; colour < 3; colour++) {
        rgb[(y * side + x) * 3 + colour] = Math.round(
          share * ink[colour] + (1 - share) * paper[colour],
        );
      }
    }
  }
  return format === "png" ? pngOf(rgb, side, side) : jpegOf(rgb, side, side);
}

/** Returns a PNG of pixels [height, width, 3]. */
export function pngOf(data: Uint8Array, height: number, width: number): Uint8Array {
  return encodePng({ width, height, data, channels: 3, depth: 8 });
}

/** Returns a JPEG of pixels [height, width, 3]. */
export function jpegOf(
  rgb: Uint8Array,
  height: number,
  width: number,
  quality = QUALITY,
): Uint8Array {
  const data = new Uint8Array(height * width * 4).fill(255);
  for (let pixel = 0; pixel < height * width; pixel++) {
    data.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
  }
  return Uint8Array.from(jpeg.encode({ height, width, data }, quality).data);
}

/** Returns a JPEG with an Exif segment that has one tag, in either order of bytes. */
export function withOrientation(
  jpeg: Uint8Array,
  orientation: number,
  isLittle: boolean,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, 8, isLittle);
  view.setUint16(8, 1, isLittle);
  view.setUint16(10, 0x0112, isLittle);
  view.setUint16(12, 3, isLittle);
  view.setUint32(14, 1, isLittle);
  view.setUint16(18, orientation, isLittle);
  const content = [...new TextEncoder().encode("Exif\0\0"), ...new Uint8Array(view.buffer)];
  const segment = [0xff, 0xe1, 0, content.length + 2, ...content];
  return Uint8Array.from([...jpeg.subarray(0, 2), ...segment, ...jpeg.subarray(2)]);
}

/** Returns a value between four pixels of a digit, 0 outside. */
function between(digit: Uint8Array, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - left, y - top];
  const at = (column: number, row: number) =>
    column >= 0 && column < 28 && row >= 0 && row < 28 ? digit[row * 28 + column] : 0;
  return (1 - v) * ((1 - u) * at(left, top) + u * at(left + 1, top)) +
    v * ((1 - u) * at(left, top + 1) + u * at(left + 1, top + 1));
}
