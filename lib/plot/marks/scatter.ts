import { dotLook } from "../look.ts";
import { formatNumber } from "../../format/numbers.ts";
import { dots } from "./dots.ts";
import { assertPaired, type Mark, pairedNumbers, type Points, toNumbers } from "./mark.ts";

/** Points of several classes. */
export interface ClassPoints extends Points {
  /** Class of each point: an index in the option `names`. */
  readonly classes: ArrayLike<number>;
}

/** Style of points with classes. */
export interface ScatterOptions {
  /** Name of each class, for the legend. */
  readonly names: readonly string[];
  /** Radius in pixels. Defaults to 2.75. */
  readonly radius?: number;
  /** Opacity, 0 to 1. Defaults to 0.75, with which points behind other points are visible. */
  readonly opacity?: number;
  /**
   * Function that returns the hover title of a point, after the name of its class. Defaults to the point's x
   * and y.
   */
  readonly title?: (index: number) => string;
  /** Whether all points of a class are one element without hover titles. Defaults to false. */
  readonly merged?: boolean;
}

/**
 * Returns a mark for each class that has points, with its points in the colour and shape of the class. The
 * style of a class depends only on its index. Points whose class has no name are omitted.
 *
 * @throws {TypeError} if x, y and classes differ in length
 */
export function scatter(points: ClassPoints, options: ScatterOptions): readonly Mark[] {
  const { names, radius = 2.75, opacity = 0.75, title, merged = false } = options;
  const { x, y } = pairedNumbers("scatter", points);
  assertPaired("scatter", points.x, points.classes);
  const classes = toNumbers(points.classes);
  return names.flatMap((name, number) => {
    const members = x.flatMap((_, index) => classes[index] === number ? [index] : []);
    if (members.length === 0) return [];
    const of = (values: readonly number[]) => members.map((index) => values[index]);
    const titleOf = title ??
      ((index: number) => [x, y].map((values) => formatNumber(values[index], 6)).join(", "));
    return [dots({ x: of(x), y: of(y) }, {
      ...dotLook(number),
      radius,
      opacity,
      merged,
      legend: name,
      title: (index) => `${name}: ${titleOf(members[index])}`,
    })];
  });
}
