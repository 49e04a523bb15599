import type { PixelValues } from "../diverging.ts";
import { formatCoordinate } from "../numbers.ts";
import { element } from "../svg.ts";
import { strokeClass, type Tone } from "../theme.ts";
import { legendEntryOption, type Mark } from "./mark.ts";
import type { Extent } from "./raster.ts";

/** Style of a contour. */
export interface ContourOptions {
  /** Value along the line. Defaults to 0. */
  readonly level?: number;
  /** Colour. Defaults to ink. */
  readonly tone?: Tone;
  /** Thickness in pixels. Defaults to 1.5. */
  readonly thickness?: number;
  /** Name in the legend. */
  readonly legend?: string;
}

/** Corners of a square of the grid, clockwise from the upper left one: [columns to the right, rows down]. */
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]] as const;

/**
 * Returns a contour line: the line in the plane along which a quantity, known at the points of a grid, has a
 * certain value. Between the points it is interpolated (marching squares, the two-dimensional form of
 * Lorensen and Cline, "Marching cubes", 1987). If two opposite corners of a square are above the level and
 * the two others are not, the line separates the corners above. A square with a non-finite number has no
 * line.
 *
 * @param grid the quantity in the middle of each cell of a grid over the extent, row by row from the top
 * @param extent part of the plane that the grid covers
 */
export function contour(grid: PixelValues, extent: Extent, options: ContourOptions = {}): Mark {
  const { level = 0, tone = "ink", thickness = 1.5, legend } = options;
  const { x, y } = extent;
  const atColumn = (column: number) => x[0] + (x[1] - x[0]) * (column + 0.5) / grid.width;
  const atRow = (row: number) => y[1] - (y[1] - y[0]) * (row + 0.5) / grid.height;
  const lines = contourSegments(grid, level);
  return {
    xs: x,
    ys: y,
    ...legendEntryOption(legend, { tone, dashes: "none" }),
    draw(horizontal, vertical) {
      const place = ([column, row]: Crossing) => {
        const [left, top] = [horizontal.at(atColumn(column)), vertical.at(atRow(row))];
        return `${formatCoordinate(left)},${formatCoordinate(top)}`;
      };
      if (lines.length === 0) return "";
      const d = lines.map(([from, to]) => `M${place(from)}L${place(to)}`).join("");
      const look = { "stroke-width": thickness, "stroke-linecap": "round" };
      return element("path", { class: strokeClass(tone), d, ...look });
    },
  };
}

/**
 * Point at which the line crosses a side of a square, in columns and rows from the middle of the first cell.
 */
type Crossing = readonly [column: number, row: number];

/** Returns the segments of the contour line in all squares of the grid. */
function contourSegments(
  { width, height, values }: PixelValues,
  level: number,
): readonly (readonly [Crossing, Crossing])[] {
  const found: (readonly [Crossing, Crossing])[] = [];
  for (let row = 0; row + 1 < height; row++) {
    for (let column = 0; column + 1 < width; column++) {
      const corners = CORNERS.map(([right, down]) =>
        values[(row + down) * width + column + right] - level
      );
      if (!corners.every(Number.isFinite)) continue;
      const crossings = CORNERS.flatMap(([right, down], corner): readonly Crossing[] => {
        const next = (corner + 1) % 4;
        const [from, to] = [corners[corner], corners[next]];
        if (from > 0 === to > 0) return [];
        const share = from / (from - to);
        const [nextRight, nextDown] = CORNERS[next];
        return [[
          column + right + share * (nextRight - right),
          row + down + share * (nextDown - down),
        ]];
      });
      // of four crossings, those on both sides of a corner above the level belong together
      const turned = crossings.length === 4 && corners[0] > 0
        ? [...crossings.slice(-1), ...crossings.slice(0, -1)]
        : crossings;
      for (let i = 0; i + 1 < turned.length; i += 2) found.push([turned[i], turned[i + 1]]);
    }
  }
  return found;
}
