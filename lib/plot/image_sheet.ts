import type { Figure } from "./figure.ts";
import { drawImage } from "./image_grid.ts";
import { coordinate } from "./numbers.ts";
import type { Image } from "./png.ts";
import { element } from "./svg.ts";
import { fill, stroke } from "./theme.ts";

/** Images of one size, close together. */
export interface ImageSheetOptions {
  /** The images, row by row: at least one, all of the same size and kind. */
  readonly images: readonly Image[];
  /** Number of images in a row. */
  readonly columns: number;
  /** Side of a pixel on the page; whole numbers keep all pixels equal. */
  readonly scale: number;
  /** What the images show, for those who do not see them. */
  readonly name: string;
}

/** Pixels of an image between two neighbours; lines in the colour of the paper lie over them. */
const GAP = 1;

/**
 * Many small images as one (a sprite sheet), which takes a fraction of the bytes and elements that
 * they would take one by one; only the whole has a name.
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
  const rest = { x: last * stepX, y: (rows - 1) * stepY, width: width - last * stepX };
  const markup = [
    drawImage(sheet, { x: 0, y: 0, width, height }, name),
    gaps({ across, rows, width, height }, stepX, stepY, GAP * scale),
    last < across
      ? element("rect", { class: fill("paper"), ...rest, height: height - rest.y })
      : "",
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
 * The images as one. Pixels between them continue the image before: where a renderer rounds the lines
 * over them to less than their thickness, nothing else shows through.
 */
function joined(images: readonly Image[], first: Image, across: number, rows: number): Image {
  const { channels } = first;
  const width = across * (first.width + GAP) - GAP;
  const height = rows * (first.height + GAP) - GAP;
  const pixels = new Uint8Array(width * height * channels);
  const line = first.width * channels;
  images.forEach((image, index) => {
    const left = (index % across) * (first.width + GAP);
    const top = Math.floor(index / across) * (first.height + GAP);
    for (let y = 0; y < Math.min(first.height + GAP, height - top); y++) {
      const from = Math.min(y, first.height - 1) * line;
      const at = ((top + y) * width + left) * channels;
      pixels.set(image.pixels.subarray(from, from + line), at);
      if (left + first.width === width) continue;
      pixels.set(image.pixels.subarray(from + line - channels, from + line), at + line);
    }
  });
  return { ...first, width, height, pixels };
}

/** Lines over the gaps. */
function gaps(
  { across, rows, width, height }: Readonly<Record<"across" | "rows" | "width" | "height", number>>,
  stepX: number,
  stepY: number,
  thickness: number,
): string {
  let d = "";
  for (let column = 1; column < across; column++) {
    d += `M${coordinate(column * stepX - thickness / 2)},0V${coordinate(height)}`;
  }
  for (let row = 1; row < rows; row++) {
    d += `M0,${coordinate(row * stepY - thickness / 2)}H${coordinate(width)}`;
  }
  return d === "" ? "" : element("path", { class: stroke("paper"), d, "stroke-width": thickness });
}
