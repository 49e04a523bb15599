import { AXIS_SIZE } from "../axes/axes.ts";
import { column, type Figure } from "../figure.ts";
import { legend } from "../legend.ts";
import { formatCoordinate } from "../numbers.ts";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { element, hoverTitle } from "../svg.ts";
import { drawText } from "../text.ts";
import { textWidth } from "../text_width.ts";
import { fillClass, strokeClass, type Tone } from "../theme.ts";

/** Category of a layer, which determines its colour. */
export type LayerKind = "data" | "weights" | "activation" | "normalization" | "noise";

/** A layer of a network diagram. */
export interface DiagramLayer {
  /** Name of the layer, with its main option: "dense", "dropout 0.2". */
  readonly title: string;
  /** Shape of one sample after the layer: [784] or [28, 28]. */
  readonly shape: readonly number[];
  /** Number of learned parameters. A residual block has the parameters of its layers. */
  readonly parameters: number;
  /** Category of the layer, which determines its colour. */
  readonly kind: LayerKind;
  /** The layers of a residual block, whose output is added to the block's input. */
  readonly block?: readonly DiagramLayer[];
}

/** Options of a network diagram. */
export interface NetworkDiagramOptions {
  /** Width of the whole figure in pixels. */
  readonly width: number;
  /** Layers in the order of the forward pass. The first one may be the input. */
  readonly layers: readonly DiagramLayer[];
}

/** Height [px] of the line with headings, and of the line with the sum. */
const HEADER = 22;

/** Height [px] of the box of a layer. */
const BOX = 30;

/** Length [px] of the arrow between two boxes. */
const ARROW = 16;

/** Indentation [px] of the layers in a residual block. */
const INDENT = 26;

/** Width [px] of the column with numbers of parameters. */
const COUNTS = 110;

/** Radius [px] of the circle around a plus. */
const PLUS = 9;

/** Colour of each category of layers. */
const TONES: Readonly<Record<LayerKind, Tone>> = {
  data: "ink",
  weights: "blue",
  activation: "orange",
  normalization: "green",
  noise: "purple",
};

/** A row of the diagram: a layer, or the sum at the end of a residual block. */
interface Row {
  /** The layer, or the residual block that ends with the sum. */
  readonly layer: DiagramLayer;
  /** Number of residual blocks around the row. */
  readonly depth: number;
  /** Number of rows from the beginning of the block to its sum. Only rows of sums have it. */
  readonly rows?: number;
}

/**
 * Draws the layers of a network from top to bottom. Each layer is a box with its name and output shape;
 * beside it are the number of its parameters and a bar for their share of all parameters. A residual block
 * (He et al., "Deep residual learning for image recognition", 2016) is indented, with its shortcut on the
 * left and a plus at its end.
 */
export function networkDiagram({ width, layers }: NetworkDiagramOptions): Figure {
  const rows = layers.flatMap((layer) => diagramRows(layer, 0));
  const all = layers.reduce((sum, { parameters }) => sum + parameters, 0);
  const right = width - COUNTS;
  const flow = right / 2;
  const topOf = (index: number) => HEADER + index * (BOX + ARROW);
  const drawn = rows.map((row, index) => {
    const top = topOf(index);
    const place = { left: row.depth * INDENT, right, top, flow };
    const arrow = index === 0 ? "" : drawDownArrow(flow, top - ARROW, top);
    if (row.rows === undefined) return arrow + drawLayer(row.layer, place, all);
    return arrow + drawSum(row.layer, place, topOf(index - row.rows) - ARROW / 2);
  });
  const foot = topOf(rows.length) - ARROW;
  const sum = drawText(width, foot + 16, `${formatCount(all)} in all`, { ...MUTED, anchor: "end" });
  const markup = [drawHeadings(right, width), ...drawn, sum].join("\n");
  const figure = { width, height: foot + HEADER, markup };
  return column([figure, legend({ width, entries: kindLegendEntries(rows) })], { gap: 4 });
}

/**
 * Returns the rows of a layer: one row or, for a residual block, the rows of its layers and a row for its
 * sum.
 */
function diagramRows(layer: DiagramLayer, depth: number): readonly Row[] {
  if (layer.block === undefined) return [{ layer, depth }];
  const inner = layer.block.flatMap((each) => diagramRows(each, depth + 1));
  return [...inner, { layer, depth, rows: inner.length }];
}

/** Position of a row [px]: sides and top of its box, and x coordinate of arrows (`flow`). */
interface RowPlace {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly flow: number;
}

/** Style of small grey texts. */
const MUTED = { size: AXIS_SIZE, tone: "muted" } as const;

/** Draws the headings of the columns. */
function drawHeadings(right: number, width: number): string {
  return drawText(0, AXIS_SIZE, "layer", MUTED) +
    drawText(right - 10, AXIS_SIZE, "output", { ...MUTED, anchor: "end" }) +
    drawText(width, AXIS_SIZE, "parameters", { ...MUTED, anchor: "end" });
}

/** Draws the box of a layer, with its number of parameters beside it. */
function drawLayer(
  layer: DiagramLayer,
  { left, right, top }: RowPlace,
  totalParameters: number,
): string {
  const { title, parameters, kind } = layer;
  const tone = TONES[kind];
  const box = { x: left, y: top, width: right - left, height: BOX, rx: 4 };
  const shape = layer.shape.map(formatCount).join(" × ");
  const room = right - left - 34 - textWidth(shape, { size: AXIS_SIZE });
  return element(
    "g",
    {},
    hoverTitle(`${title}, output ${shape}, ${formatCount(parameters)} parameters`),
    element("rect", { class: fillClass(tone), ...box, "fill-opacity": 0.12 }),
    element("rect", { class: fillClass(tone), ...box, width: 5, rx: 2 }),
    drawText(left + 14, top + BOX / 2 + 4, title, { bold: true, width: room }),
    drawText(right - 10, top + BOX / 2 + 4, shape, { size: AXIS_SIZE, anchor: "end" }),
    parameters > 0 ? drawParameterShare(layer, { right, top }, totalParameters) : "",
  );
}

/** Draws the number of a layer's parameters and, below it, a bar for their share of all parameters. */
function drawParameterShare(
  { parameters, kind }: DiagramLayer,
  { right, top }: Pick<RowPlace, "right" | "top">,
  totalParameters: number,
): string {
  const room = COUNTS - 14;
  const length = Math.max(1, room * parameters / totalParameters);
  const bar = { x: right + COUNTS - length, y: top + BOX - 8, width: length, height: 4 };
  const tooltip = hoverTitle(`${formatPercent(parameters / totalParameters)} of all parameters`);
  const track = { x: right + COUNTS - room, y: bar.y, width: room, height: bar.height };
  return drawText(right + COUNTS, top + 15, formatCount(parameters), { anchor: "end" }) +
    element("rect", { class: fillClass("faint"), ...track }) +
    element("rect", { class: fillClass(TONES[kind]), ...bar }, tooltip);
}

/**
 * Draws the end of a residual block: the shortcut, and the plus where it meets the path through the block.
 *
 * @param shortcutStart y coordinate [px] at which the shortcut starts
 */
function drawSum(layer: DiagramLayer, place: RowPlace, shortcutStart: number): string {
  const { left, right, top, flow } = place;
  const y = top + BOX / 2;
  const side = left + INDENT / 2;
  const x = formatCoordinate(flow);
  const circle = element("circle", { class: strokeClass("muted"), cx: flow, cy: y, r: PLUS });
  const plus = drawPath(
    `M${formatCoordinate(flow - 4)},${y}H${formatCoordinate(flow + 4)}M${x},${y - 4}V${y + 4}`,
  );
  const shortcut = drawPath(
    `M${x},${shortcutStart}H${side}V${y}H${formatCoordinate(flow - PLUS - 1)}`,
  );
  return element(
    "g",
    {},
    hoverTitle(`${layer.title}: the block's output and its input are added`),
    drawPath(`M${x},${top}V${y - PLUS}`),
    shortcut,
    circle,
    plus,
    drawText(flow + PLUS + 6, y - 4, layer.title, { ...MUTED, width: right - flow - PLUS - 6 }),
    drawPath(`M${x},${y + PLUS}V${top + BOX}`),
  );
}

/** Draws a grey line with some path data. */
function drawPath(d: string): string {
  return element("path", { class: strokeClass("muted"), d });
}

/** Draws an arrow downwards at x, between two y coordinates [px]. */
function drawDownArrow(x: number, from: number, to: number): string {
  const head = `M${formatCoordinate(x - 3)},${to - 6}H${formatCoordinate(x + 3)}L${
    formatCoordinate(x)
  },${to - 1}Z`;
  return drawPath(`M${formatCoordinate(x)},${from}V${to - 6}`) +
    element("path", { class: fillClass("muted"), d: head });
}

/** Returns legend entries for the categories of layers in the diagram. */
function kindLegendEntries(rows: readonly Row[]) {
  const used = new Set(
    rows.filter(({ rows }) => rows === undefined).map(({ layer }) => layer.kind),
  );
  const kinds = (Object.keys(TONES) as LayerKind[]).filter((kind) => used.has(kind));
  return kinds.map((kind) => ({ name: kind, tone: TONES[kind] }));
}
