import type { Figure } from "../figure.ts";
import { drawImage } from "./image_grid.ts";
import { formatCoordinate } from "../numbers.ts";
import type { Image } from "../png.ts";
import { element } from "../svg.ts";
import { fillClass, strokeClass } from "../theme.ts";

/** Options of a sheet of images that have the same size. */
export interface ImageSheetOptions {
  /** The images, row by row: at least one, all of the same size and kind. */
  readonly images: readonly Image[];
  /** Number of images in a row. */
  readonly columns: number;
  /**
   * Size at which a pixel of an image is drawn, in pixels of the page. All are equal only for whole numbers.
   */
  readonly scale: number;
  /** Text alternative of the images. */
  readonly name: string;
}

/** Space between two images, in pixels of the images. It is covered by lines in the colour of the paper. */
const GAP = 1;

/** Length [px] by which the lines over the gaps exceed the sheet on each side. */
const BLEED = 1;

/**
 * Draws many small images as a single large one (a sprite sheet). The file is much smaller than with an
 * element for each image, but only the sheet as a whole has a text alternative.
 *
 * @throws {TypeError} if there are no images, or they differ in size, channels or palette
 */
export function imageSheet({ images, columns, scale, name }: ImageSheetOptions): Figure {
  const first = firstImage(images);
  const rows = Math.ceil(images.length / columns);
  const across = Math.min(columns, images.length);
  const [stepX, stepY] = [(first.width + GAP) * scale, (first.height + GAP) * scale];
  const [width, height] = [across * stepX - GAP * scale, rows * stepY - GAP * scale];
  const sheet = joinImages(images, first, across, rows);
  const last = images.length - (rows - 1) * across;
  const [x, y] = [last * stepX - BLEED, (rows - 1) * stepY - BLEED];
  const rest = { x, y, width: width - x + BLEED, height: height - y + BLEED };
  const markup = [
    drawImage(sheet, { x: 0, y: 0, width, height }, name),
    drawGaps({ across, rows, width, height }, stepX, stepY, GAP * scale),
    last < across ? element("rect", { class: fillClass("paper"), ...rest }) : "",
  ];
  return { width, height, markup: markup.join("") };
}

/**
 * Returns the first image; throws a TypeError if there is none, or if another differs in size, channels or
 * palette.
 */
function firstImage(images: readonly Image[]): Image {
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
 * Joins images into a sheet. The gaps between them have the colour of the paper, although lines cover them:
 * renderers round the edges of pixels and lines differently, so a thin part of a gap may be visible.
 */
function joinImages(images: readonly Image[], first: Image, across: number, rows: number): Image {
  const { channels } = first;
  const width = across * (first.width + GAP) - GAP;
  const height = rows * (first.height + GAP) - GAP;
  const pixels = new Uint8Array(width * height * channels).fill(paperValue(first));
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

/**
 * Returns the pixel value that is nearest to the colour of the paper: 0 for a grey image, 255 for a coloured
 * one, and the index of the lightest colour for a palette.
 */
function paperValue({ channels, palette }: Image): number {
  if (palette === undefined) return channels === 1 ? 0 : 255;
  const lightOf = (colour: number) =>
    palette.subarray(3 * colour, 3 * colour + 3).reduce((sum, part) => sum + part, 0);
  const colours = Array.from({ length: palette.length / 3 }, (_, colour) => colour);
  return colours.reduce((best, each) => lightOf(each) > lightOf(best) ? each : best, 0);
}

/** Draws lines in the colour of the paper over the gaps between images, slightly longer than the gaps. */
function drawGaps(
  { across, rows, width, height }: Readonly<Record<"across" | "rows" | "width" | "height", number>>,
  stepX: number,
  stepY: number,
  thickness: number,
): string {
  let d = "";
  for (let column = 1; column < across; column++) {
    d += `M${formatCoordinate(column * stepX - thickness / 2)},${-BLEED}V${
      formatCoordinate(height + BLEED)
    }`;
  }
  for (let row = 1; row < rows; row++) {
    d += `M${-BLEED},${formatCoordinate(row * stepY - thickness / 2)}H${
      formatCoordinate(width + BLEED)
    }`;
  }
  return d === ""
    ? ""
    : element("path", { class: strokeClass("paper"), d, "stroke-width": thickness });
}
