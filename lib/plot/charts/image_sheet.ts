import type { Figure } from "../figure.ts";
import { drawImage } from "./image_grid.ts";
import { coordinate } from "../numbers.ts";
import type { Image } from "../png.ts";
import { element } from "../svg.ts";
import { fill, stroke } from "../theme.ts";

/** Options of a sheet of images of one size. */
export interface ImageSheetOptions {
  /** The images, row by row: at least one, all of the same size and kind. */
  readonly images: readonly Image[];
  /** Number of images in a row. */
  readonly columns: number;
  /** Side of a pixel on the page; whole numbers keep all pixels equal. */
  readonly scale: number;
  /** Text alternative of the images. */
  readonly name: string;
}

/** Pixels between neighbouring images, covered by lines in the colour of the paper. */
const GAP = 1;

/** Width [px] by which these lines exceed the gaps that they cover. */
const BLEED = 1;

/**
 * Draws many small images as one (a sprite sheet), which takes a fraction of the bytes and elements of single
 * images; only the whole has a text alternative.
 *
 * @throws {TypeError} if there are no images, or they differ in size, channels or palette
 */
export function imageSheet({ images, columns, scale, name }: ImageSheetOptions): Figure {
  const first = firstOf(images);
  const rows = Math.ceil(images.length / columns);
  const across = Math.min(columns, images.length);
  const [stepX, stepY] = [(first.width + GAP) * scale, (first.height + GAP) * scale];
  const [width, height] = [across * stepX - GAP * scale, rows * stepY - GAP * scale];
  const sheet = joined(images, first, across, rows);
  const last = images.length - (rows - 1) * across;
  const [x, y] = [last * stepX - BLEED, (rows - 1) * stepY - BLEED];
  const rest = { x, y, width: width - x + BLEED, height: height - y + BLEED };
  const markup = [
    drawImage(sheet, { x: 0, y: 0, width, height }, name),
    gaps({ across, rows, width, height }, stepX, stepY, GAP * scale),
    last < across ? element("rect", { class: fill("paper"), ...rest }) : "",
  ];
  return { width, height, markup: markup.join("") };
}

function firstOf(images: readonly Image[]): Image {
  const [first] = images;
  if (first === undefined) {
    throw new TypeError("Cannot draw image sheet: expected at least one image: received none");
  }
  const wrong = images.find((each) =>
    each.width !== first.width || each.height !== first.height ||
    each.channels !== first.channels || each.palette !== first.palette
  );
  if (wrong === undefined) return first;
  throw new TypeError(
    `Cannot draw image sheet: expected images of one size and kind: received ` +
      `${first.height} × ${first.width} × ${first.channels} and ` +
      `${wrong.height} × ${wrong.width} × ${wrong.channels}`,
  );
}

/**
 * Joins the images with gaps in the colour of the paper: renderers round the edges of pixels and of the lines
 * over them differently, so a sliver of a gap may be visible.
 */
function joined(images: readonly Image[], first: Image, across: number, rows: number): Image {
  const { channels } = first;
  const width = across * (first.width + GAP) - GAP;
  const height = rows * (first.height + GAP) - GAP;
  const pixels = new Uint8Array(width * height * channels).fill(paperOf(first));
  const line = first.width * channels;
  images.forEach((image, index) => {
    const left = (index % across) * (first.width + GAP);
    const top = Math.floor(index / across) * (first.height + GAP);
    for (let y = 0; y < first.height; y++) {
      const at = ((top + y) * width + left) * channels;
      pixels.set(image.pixels.subarray(y * line, (y + 1) * line), at);
    }
  });
  return { ...first, width, height, pixels };
}

/** Returns the byte nearest to the paper: no ink for grey images, white, or the lightest colour of a palette. */
function paperOf({ channels, palette }: Image): number {
  if (palette === undefined) return channels === 1 ? 0 : 255;
  const lightOf = (colour: number) =>
    palette.subarray(3 * colour, 3 * colour + 3).reduce((sum, part) => sum + part, 0);
  const colours = Array.from({ length: palette.length / 3 }, (_, colour) => colour);
  return colours.reduce((best, each) => lightOf(each) > lightOf(best) ? each : best, 0);
}

/** Draws lines over the gaps, slightly longer than these. */
function gaps(
  { across, rows, width, height }: Readonly<Record<"across" | "rows" | "width" | "height", number>>,
  stepX: number,
  stepY: number,
  thickness: number,
): string {
  let d = "";
  for (let column = 1; column < across; column++) {
    d += `M${coordinate(column * stepX - thickness / 2)},${-BLEED}V${coordinate(height + BLEED)}`;
  }
  for (let row = 1; row < rows; row++) {
    d += `M${-BLEED},${coordinate(row * stepY - thickness / 2)}H${coordinate(width + BLEED)}`;
  }
  return d === "" ? "" : element("path", { class: stroke("paper"), d, "stroke-width": thickness });
}
