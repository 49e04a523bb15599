import { AXIS_SIZE } from "../axes/axes.ts";
import type { Figure } from "../figure.ts";
import { formatCoordinate, largestOrZero } from "../numbers.ts";
import { element, hoverTitle } from "../svg.ts";
import { drawText, TEXT_SIZE } from "../text.ts";
import { textWidth } from "../text_width.ts";
import { fillClass, strokeClass } from "../theme.ts";

/** A node of a graph in layers. */
export interface GraphNode {
  /** Name of the node, drawn in bold: "z1[2]". */
  readonly name: string;
  /** Text on the right of the name. Defaults to none. */
  readonly value?: string;
  /** Smaller lines of text below the name. Defaults to none. */
  readonly notes?: readonly string[];
  /** Hover title. Defaults to none. */
  readonly title?: string;
}

/** An edge between nodes of two layers. */
export interface GraphEdge {
  /** Indices of the layer, and of the node in it, at which the edge starts. */
  readonly from: readonly [layer: number, node: number];
  /** Indices of the layer, and of the node in it, at which the edge ends. */
  readonly to: readonly [layer: number, node: number];
  /**
   * Weight: its sign determines the edge's colour, its magnitude the thickness. Without a weight, an edge is
   * thin and grey.
   */
  readonly weight?: number;
  /**
   * Lines of text on the edge. They are drawn only if at most 6 edges with text end in the layer. Defaults to
   * none.
   */
  readonly label?: readonly string[];
  /** Hover title. Defaults to none. */
  readonly title?: string;
}

/** Options of a drawing of a graph in layers. */
export interface LayeredGraphOptions {
  /** Width of the whole figure in pixels. */
  readonly width: number;
  /** Layers from left to right, each with its nodes from top to bottom. */
  readonly layers: readonly (readonly GraphNode[])[];
  /** The edges; they may skip layers. */
  readonly edges: readonly GraphEdge[];
}

/** Width [px] of a node. */
const NODE_WIDTH = 118;

/** Height [px] of a line of text in a node. */
const LINE = 15;

/** Height [px] of a line of text on an edge. */
const LABEL_LINE = 13;

/** Space [px] between the frame of a node and its text. */
const PADDING = 6;

/** Vertical space [px] between two nodes of a layer, with text on the edges and without. */
const GAPS = { labelled: 58, plain: 10 };

/** Largest number of edges with text that end in one layer. If there are more, their texts are omitted. */
const MOST_LABELLED = 6;

/** Thickness [px] of the edge with the largest weight. */
const THICKEST = 6;

/** Smallest thickness [px] of an edge with a weight. */
const THINNEST = 0.5;

/** Thickness [px] of an edge without a weight. */
const PLAIN = 1;

/**
 * Position of the text on an edge, as a fraction of the edge's length. In most graphs edges cross only later.
 */
const LABEL_PLACE = 0.33;

/** Space before a layer whose edges have weights, as a multiple of the space before another layer. */
const WEIGHTED_ROOM = 4;

/**
 * Draws a graph in layers from left to right. Nodes are boxes with their names and values. Edges are orange
 * if their weight is positive and blue if it is negative, and thicker the larger its magnitude.
 */
export function layeredGraph({ width, layers, edges }: LayeredGraphOptions): Figure {
  const isLabelled = (edge: GraphEdge) =>
    edge.label !== undefined &&
    edges.filter(({ to, label }) => to[0] === edge.to[0] && label !== undefined).length <=
      MOST_LABELLED;
  const gap = edges.some(isLabelled) ? GAPS.labelled : GAPS.plain;
  const lines = largestOrZero(layers.flat().map(({ notes = [] }) => 1 + notes.length));
  const nodeHeight = lines * LINE + PADDING;
  const step = nodeHeight + gap;
  const most = largestOrZero(layers.map(({ length }) => length));
  const height = Math.max(0, most * step - gap);
  const lefts = layerPositions(
    layers.length,
    width,
    (layer) => edges.some(({ to, weight }) => to[0] === layer && weight !== undefined),
  );
  /** Returns the left side of a node and the middle of its height. */
  const placeOf = ([layer, node]: readonly [layer: number, node: number]) => ({
    x: lefts[layer],
    y: (height - (layers[layer].length * step - gap) + nodeHeight) / 2 + node * step,
  });
  const strongest = largestOrZero(edges.map(({ weight = 0 }) => Math.abs(weight)));
  const drawnEdges = edges.map((edge) => {
    const [start, end] = [placeOf(edge.from), placeOf(edge.to)];
    const from = { x: start.x + NODE_WIDTH, y: start.y };
    const to = { x: end.x, y: end.y };
    return drawEdge(edge, { from, to, strongest, isLabelled: isLabelled(edge) });
  });
  const nodes = layers.flatMap((layer, column) =>
    layer.map((node, row) => drawNode(node, placeOf([column, row])))
  );
  const markup = [
    ...drawnEdges.map(({ line }) => line),
    ...drawnEdges.map(({ label }) => label),
    ...nodes,
  ].filter((each) => each !== "").join("\n");
  return { width, height, markup };
}

/** A position [px]. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** Draws the line of an edge, and its text separately, since all texts are drawn over all lines. */
function drawEdge(
  { weight, label = [], title }: GraphEdge,
  { from, to, strongest, isLabelled }: {
    readonly from: Point;
    readonly to: Point;
    readonly strongest: number;
    readonly isLabelled: boolean;
  },
): { readonly line: string; readonly label: string } {
  const share = weight === undefined || strongest === 0 ? 0 : Math.abs(weight) / strongest;
  const line = element("path", {
    class: strokeClass(weight === undefined ? "muted" : weight < 0 ? "blue" : "orange"),
    d: `M${formatCoordinate(from.x)},${formatCoordinate(from.y)}L${formatCoordinate(to.x)},${
      formatCoordinate(to.y)
    }`,
    "stroke-width": weight === undefined ? PLAIN : Math.max(THINNEST, share * THICKEST),
    "stroke-opacity": weight === undefined ? 0.5 : 0.7,
  }, title === undefined ? "" : hoverTitle(title));
  if (!isLabelled) return { line, label: "" };
  const room = largestOrZero(label.map((each) => textWidth(each, { size: AXIS_SIZE }))) + 6;
  const x = from.x + LABEL_PLACE * (to.x - from.x);
  const top = from.y + LABEL_PLACE * (to.y - from.y) - label.length * LABEL_LINE / 2;
  const box = { x: x - room / 2, y: top, width: room, height: label.length * LABEL_LINE, rx: 3 };
  const texts = label.map((each, index) =>
    drawText(x, top + (index + 1) * LABEL_LINE - 3, each, {
      size: AXIS_SIZE,
      anchor: "middle",
      tone: index === 0 ? "ink" : "muted",
    })
  );
  return {
    line,
    label: element("rect", { class: fillClass("paper"), ...box, "fill-opacity": 0.85 }) +
      texts.join(""),
  };
}

/**
 * Returns the x coordinate [px] of the left side of each layer's nodes. There is more space before a layer whose
 * edges have weights.
 *
 * @param width width of the whole graph [px]
 */
function layerPositions(
  layers: number,
  width: number,
  isWeighted: (layer: number) => boolean,
): readonly number[] {
  const rooms = Array.from(
    { length: layers },
    (_, layer): number => layer === 0 ? 0 : isWeighted(layer) ? WEIGHTED_ROOM : 1,
  );
  const all = Math.max(1, rooms.reduce((sum, room) => sum + room, 0));
  const free = width - layers * NODE_WIDTH;
  let x = -NODE_WIDTH;
  return rooms.map((room) => x += NODE_WIDTH + free * room / all);
}

/** Draws a node as a box with its name, value and notes; the middle of its left side is at (x, y). */
function drawNode(
  { name, value = "", notes = [], title }: GraphNode,
  { x, y: middle }: Point,
): string {
  const height = (1 + notes.length) * LINE + PADDING;
  const y = middle - height / 2;
  const right = x + NODE_WIDTH - PADDING;
  const room = NODE_WIDTH - 2 * PADDING;
  const box = { x: x + 0.5, y: y + 0.5, width: NODE_WIDTH - 1, height: height - 1, rx: 4 };
  return element(
    "g",
    {},
    title === undefined ? "" : hoverTitle(title),
    element("rect", { class: fillClass("paper"), ...box }),
    element("rect", { class: strokeClass("muted"), ...box }),
    drawText(x + PADDING, y + LINE, name, {
      bold: true,
      width: room - (value === "" ? 0 : textWidth(value, { size: TEXT_SIZE }) + PADDING),
    }),
    drawText(right, y + LINE, value, { anchor: "end" }),
    ...notes.map((note, index) =>
      drawText(right, y + (index + 2) * LINE, note, {
        size: AXIS_SIZE,
        tone: "muted",
        anchor: "end",
        width: room,
      })
    ),
  );
}
