import { type Image, pngDataUri } from "../png.ts";
import { element, hoverTitle, HREF } from "../svg.ts";
import type { Mark } from "./mark.ts";

/** Part of the plane, in values of both axes, that an image or a grid of numbers covers. */
export interface Extent {
  /** Values of the horizontal axis at the left and the right edge. */
  readonly x: readonly [number, number];
  /** Values of the vertical axis at the lower and the upper edge. */
  readonly y: readonly [number, number];
}

/** Options of an image over two axes. */
export interface RasterOptions {
  /** Text alternative of the image. */
  readonly name: string;
}

/**
 * Returns a mark with an image that is stretched over a part of the plane, its first row at the top.
 * Renderers interpolate between the pixels.
 */
export function raster(image: Image, { x, y }: Extent, { name }: RasterOptions): Mark {
  return {
    xs: x,
    ys: y,
    draw(horizontal, vertical) {
      const [left, right] = x.map((value) => horizontal.at(value));
      const [bottom, top] = y.map((value) => vertical.at(value));
      const place = { x: left, y: top, width: right - left, height: bottom - top };
      if (!Object.values(place).every(Number.isFinite)) return "";
      return element("image", {
        ...place,
        preserveAspectRatio: "none",
        "aria-label": name,
        [HREF]: pngDataUri(image),
      }, hoverTitle(name));
    },
  };
}
