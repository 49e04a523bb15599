import { formatCoordinate } from "./numbers.ts";
import { type Attributes, element } from "./svg.ts";
import { fillClass, strokeClass, type Tone } from "./theme.ts";

/** All shapes of dots, in the order of use: the most distinct ones first. */
export const SHAPES = [
  "circle",
  "square",
  "triangle",
  "diamond",
  "cross",
  "plus",
  "wedge",
  "hollowCircle",
  "hollowSquare",
  "hollowTriangle",
  "hollowDiamond",
  "hollowWedge",
] as const;

/** Name of the shape of a dot. */
export type Shape = (typeof SHAPES)[number];

/** Corners of shapes as multiples of the radius. Each shape has about the area of the circle. */
const CORNERS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  square: [[-0.89, -0.89], [0.89, -0.89], [0.89, 0.89], [-0.89, 0.89]],
  triangle: [[0, -1.35], [1.3, 0.9], [-1.3, 0.9]],
  diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  wedge: [[0, 1.35], [-1.3, -0.9], [1.3, -0.9]],
};

/** Ends of the strokes of shapes, two for each stroke, as multiples of the radius. */
const STROKES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  cross: [[-0.95, -0.95], [0.95, 0.95], [0.95, -0.95], [-0.95, 0.95]],
  plus: [[-1.25, 0], [1.25, 0], [0, -1.25], [0, 1.25]],
};

/** Thickness [px] of strokes. */
const THICKNESS = 1.5;

/** Position, size and style of a shape. */
interface PlacedShape {
  /** Distance of the middle from the left, in pixels. */
  readonly x: number;
  /** Distance of the middle from the top, in pixels. */
  readonly y: number;
  /** Radius of the circle of the same area, in pixels. */
  readonly radius: number;
  /** Colour. */
  readonly tone: Tone;
  /** Opacity, 0 to 1. Defaults to 1. */
  readonly opacity?: number | undefined;
}

/**
 * Draws a shape.
 *
 * @param inside markup inside the element: a hover title. Defaults to none
 */
export function drawShape(shape: Shape, placed: PlacedShape, inside = ""): string {
  const { x, y, radius } = placed;
  const look = shapeAttributes(shape, placed);
  const isCircle = shape === "circle" || shape === "hollowCircle";
  if (isCircle) return element("circle", { ...look, cx: x, cy: y, r: radius }, inside);
  return element("path", { ...look, d: outlinePath(shape, placed) }, inside);
}

/**
 * Draws shapes of one style as few elements. This makes files much smaller, but the shapes have no hover
 * titles.
 */
export function drawShapes(
  shape: Shape,
  positions: readonly Pick<PlacedShape, "x" | "y">[],
  style: Omit<PlacedShape, "x" | "y">,
): string {
  if (positions.length === 0) return "";
  if (shape === "hollowCircle") {
    return positions.map((place) => drawShape(shape, { ...place, ...style })).join("");
  }
  if (shape === "circle") {
    // a line of zero length with round caps is a disc
    const d = positions.map(({ x, y }) =>
      `M${formatCoordinate(x)},${formatCoordinate(y)}H${formatCoordinate(x)}`
    );
    const round = { "stroke-width": 2 * style.radius, "stroke-linecap": "round" };
    const ink = { class: strokeClass(style.tone), "stroke-opacity": style.opacity };
    return element("path", { ...ink, ...round, d: d.join("") });
  }
  const d = positions.map((place) => outlinePath(shape, { ...place, ...style })).join("");
  return element("path", { ...shapeAttributes(shape, style), d });
}

/**
 * Returns whether a shape is hollow, and the name of its outline: "hollowSquare" is hollow, of outline
 * "square".
 */
function shapeForm(shape: Shape): { readonly hollow: boolean; readonly base: string } {
  const hollow = shape.startsWith("hollow");
  return { hollow, base: hollow ? shape.slice(6).toLowerCase() : shape };
}

/** Returns the attributes of a shape's style: strokes for hollow shapes and crosses, a fill for others. */
function shapeAttributes(
  shape: Shape,
  { tone, opacity }: Pick<PlacedShape, "tone" | "opacity">,
): Attributes {
  const { hollow, base } = shapeForm(shape);
  return hollow || base in STROKES
    ? { class: strokeClass(tone), "stroke-width": THICKNESS, "stroke-opacity": opacity }
    : { class: fillClass(tone), "fill-opacity": opacity };
}

/** Returns the path data of a shape other than a circle. */
function outlinePath(
  shape: Shape,
  { x, y, radius }: Pick<PlacedShape, "x" | "y" | "radius">,
): string {
  const { base } = shapeForm(shape);
  const open = base in STROKES;
  const points = (open ? STROKES : CORNERS)[base] ?? [];
  const path = points.map(([across, down], i) => {
    const command = i === 0 || (open && i % 2 === 0) ? "M" : "L";
    return `${command}${formatCoordinate(x + across * radius)},${
      formatCoordinate(y + down * radius)
    }`;
  });
  return path.join("") + (open ? "" : "Z");
}
