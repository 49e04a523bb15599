import { dotLook } from "../look.ts";
import { formatNumber } from "../../format/numbers.ts";
import { dots } from "./dots.ts";
import { assertPaired, type Mark, numbersOf, pairsOf, type Points } from "./mark.ts";

/** Points with classes. */
export interface ClassPoints extends Points {
  /** Class of each point, as an index in the list of names. */
  readonly classes: ArrayLike<number>;
}

/** Style of points with classes. */
export interface ScatterOptions {
  /** Name of each class, for the legend. */
  readonly names: readonly string[];
  /** Radius in pixels. Defaults to 2.75. */
  readonly radius?: number;
  /** Opacity, 0 to 1. Defaults to 0.75, so that points that lie on others show them. */
  readonly opacity?: number;
  /** What follows the class's name in the hover title of each point. Defaults to its numbers. */
  readonly title?: (index: number) => string;
  /** Whether the points of a class are one element, without hover titles. Defaults to false. */
  readonly merged?: boolean;
}

/**
 * Returns points in the colours and shapes of their classes, one mark for each class with points. The style of
 * a class does not depend on the others. Points without a named class are omitted.
 *
 * @throws {TypeError} if x, y and classes differ in length
 */
export function scatter(points: ClassPoints, options: ScatterOptions): readonly Mark[] {
  const { names, radius = 2.75, opacity = 0.75, title, merged = false } = options;
  const { x, y } = pairsOf("scatter", points);
  assertPaired("scatter", points.x, points.classes);
  const classes = numbersOf(points.classes);
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
