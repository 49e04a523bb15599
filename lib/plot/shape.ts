import { coordinate } from "./numbers.ts";
import { type Attributes, element } from "./svg.ts";
import { fill, stroke, type Tone } from "./theme.ts";

/** The shapes, those first that are told apart most easily. */
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

/** What a dot may look like. */
export type Shape = (typeof SHAPES)[number];

/** Corners in multiples of the radius, so that all shapes cover about the area of the circle. */
const CORNERS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  square: [[-0.89, -0.89], [0.89, -0.89], [0.89, 0.89], [-0.89, 0.89]],
  triangle: [[0, -1.35], [1.3, 0.9], [-1.3, 0.9]],
  diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  wedge: [[0, 1.35], [-1.3, -0.9], [1.3, -0.9]],
};

/** Strokes from one end to the other in multiples of the radius. */
const STROKES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  cross: [[-0.95, -0.95], [0.95, 0.95], [0.95, -0.95], [-0.95, 0.95]],
  plus: [[-1.25, 0], [1.25, 0], [0, -1.25], [0, 1.25]],
};

const THICKNESS = 1.5;

/** Where a shape stands, how large it is and what stands in it. */
interface Placed {
  /** Middle, in pixels from the left. */
  readonly x: number;
  /** Middle, in pixels from the top. */
  readonly y: number;
  /** Radius of the circle of the same area, in pixels. */
  readonly radius: number;
  readonly tone: Tone;
  /** 0, invisible, to 1, which is the default; of filled shapes. */
  readonly opacity?: number | undefined;
}

/** A shape as markup, with a hover title or nothing inside. */
export function drawShape(shape: Shape, placed: Placed, inside = ""): string {
  const { x, y, radius } = placed;
  const look = lookOf(shape, placed);
  const isCircle = shape === "circle" || shape === "hollowCircle";
  if (isCircle) return element("circle", { ...look, cx: x, cy: y, r: radius }, inside);
  return element("path", { ...look, d: outline(shape, placed) }, inside);
}

/** Shapes of one look as few elements as can be: many fewer bytes, but nothing inside each. */
export function drawShapes(
  shape: Shape,
  places: readonly Pick<Placed, "x" | "y">[],
  look: Omit<Placed, "x" | "y">,
): string {
  if (places.length === 0) return "";
  if (shape === "hollowCircle") {
    return places.map((place) => drawShape(shape, { ...place, ...look })).join("");
  }
  if (shape === "circle") {
    // a line of no length with round ends is a disc
    const d = places.map(({ x, y }) => `M${coordinate(x)},${coordinate(y)}H${coordinate(x)}`);
    const round = { "stroke-width": 2 * look.radius, "stroke-linecap": "round" };
    const ink = { class: stroke(look.tone), "stroke-opacity": look.opacity };
    return element("path", { ...ink, ...round, d: d.join("") });
  }
  const d = places.map((place) => outline(shape, { ...place, ...look })).join("");
  return element("path", { ...lookOf(shape, look), d });
}

/** Whether a shape is made of strokes, and the name of its outline. */
function formOf(shape: Shape): { readonly hollow: boolean; readonly base: string } {
  const hollow = shape.startsWith("hollow");
  return { hollow, base: hollow ? shape.slice(6).toLowerCase() : shape };
}

function lookOf(shape: Shape, { tone, opacity }: Pick<Placed, "tone" | "opacity">): Attributes {
  const { hollow, base } = formOf(shape);
  return hollow || base in STROKES
    ? { class: stroke(tone), "stroke-width": THICKNESS, "stroke-opacity": opacity }
    : { class: fill(tone), "fill-opacity": opacity };
}

function outline(shape: Shape, { x, y, radius }: Pick<Placed, "x" | "y" | "radius">): string {
  const { base } = formOf(shape);
  const open = base in STROKES;
  const points = (open ? STROKES : CORNERS)[base] ?? [];
  const path = points.map(([across, down], i) => {
    const command = i === 0 || (open && i % 2 === 0) ? "M" : "L";
    return `${command}${coordinate(x + across * radius)},${coordinate(y + down * radius)}`;
  });
  return path.join("") + (open ? "" : "Z");
}
