import { dotLook } from "../look.ts";
import { formatNumber } from "../../format/numbers.ts";
import { dots } from "./dots.ts";
import { assertPaired, type Mark, numbersOf, pairsOf, type Points } from "./mark.ts";

/** Points that belong to classes. */
export interface ClassPoints extends Points {
  /** The class of each point, a place in the list of names. */
  readonly classes: ArrayLike<number>;
}

/** How points of classes look. */
export interface ScatterOptions {
  /** Name of each class, for the legend. */
  readonly names: readonly string[];
  /** Radius in pixels; 2.75 unless told. */
  readonly radius?: number;
  /** 0, invisible, to 1; 0.75 unless told, so that points that lie on others show them. */
  readonly opacity?: number;
  /** What follows the class's name in the hover title of each point; its numbers unless told. */
  readonly title?: (index: number) => string;
  /** Whether the points of a class are one element, without hover titles; false unless told. */
  readonly merged?: boolean;
}

/**
 * Points in the colours and shapes of their classes, a mark for each class that has any; a class
 * keeps its look whatever others are there. Points of no class that has a name are left out.
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
