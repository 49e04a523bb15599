import { column, type Figure, row } from "../figure.ts";
import { type Image, pngDataUri } from "../png.ts";
import { element, hoverTitle, HREF } from "../svg.ts";
import { strokeClass } from "../theme.ts";

/** An image with a caption. */
export interface Tile {
  /** The image. Defaults to an empty frame. */
  readonly image?: Image;
  /** Figure on the right of the image. Defaults to none. */
  readonly caption?: Figure;
  /** Text alternative of the image. */
  readonly name: string;
}

/** Options of a grid of images. */
export interface ImageGridOptions {
  /** Width of the whole figure in pixels. */
  readonly width: number;
  /** Number of tiles in a row. */
  readonly columns: number;
  /** Length of the longer side of each image in pixels. */
  readonly side: number;
  /** Space between rows in pixels. Defaults to 20. */
  readonly gap?: number;
  /** The tiles, row by row. */
  readonly tiles: readonly Tile[];
}

/** Space [px] between an image and its caption. */
const CAPTION_GAP = 12;

/** Draws images with captions, row by row. The pixels of images are drawn as sharp squares. */
export function imageGrid(options: ImageGridOptions): Figure {
  const { width, columns, side, gap = 20, tiles } = options;
  const each = width / columns;
  const rows: Figure[] = [];
  for (let start = 0; start < tiles.length; start += columns) {
    rows.push(row(tiles.slice(start, start + columns).map((tile) => drawTile(tile, each, side))));
  }
  return { ...column(rows, { gap }), width };
}

/** Returns the width [px] that a caption may have in {@link imageGrid}. */
export function captionWidth({ width, columns, side }: Omit<ImageGridOptions, "tiles">): number {
  return width / columns - side - 2 * CAPTION_GAP;
}

/** Draws an image, or an empty frame, with its caption. */
function drawTile({ image, caption, name }: Tile, width: number, side: number): Figure {
  const markup = image === undefined ? drawFrame(side) : drawInSquare(image, side, name);
  const picture = { width: side, height: side, markup };
  const beside = caption === undefined ? [] : [caption];
  return { ...row([picture, ...beside], { gap: CAPTION_GAP }), width };
}

/** Draws an image in the middle of a square, with its longer side as long as the square's side [px]. */
function drawInSquare(image: Image, side: number, name: string): string {
  const scale = side / Math.max(image.width, image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  const place = { x: (side - width) / 2, y: (side - height) / 2, width, height };
  return drawImage(image, place, name);
}

/** Position and size of an image [px]. */
interface ImagePlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws an image. High values of a grey image are dark in the light theme and bright in the dark theme, like
 * ink on the paper of the theme. Other images are the same in both themes.
 *
 * @param name text alternative
 */
export function drawImage(image: Image, place: ImagePlace, name: string): string {
  const grey = image.channels === 1 && image.palette === undefined;
  const shown = grey ? { ...image, pixels: image.pixels.map((value) => 255 - value) } : image;
  return element("image", {
    class: grey ? "pixels paper" : "pixels",
    ...place,
    "aria-label": name,
    [HREF]: pngDataUri(shown),
  }, hoverTitle(name));
}

/** Draws an empty square frame. */
function drawFrame(side: number): string {
  return element("rect", {
    class: strokeClass("faint"),
    x: 0.5,
    y: 0.5,
    width: side - 1,
    height: side - 1,
  });
}
