/**
 * `deno-plot-svg`: charts, small multiples, heat maps, networks, tables and images as SVG text.
 *
 * Data in, text out: no DOM, no script in the file, no reference to anything outside it. Light and
 * dark live in the file's own style sheet. Same data, same bytes, on every machine. NaN and
 * infinities leave gaps.
 *
 * @example A chart as a file
 * ```ts
 * import { chart, document, line } from "deno-plot-svg";
 *
 * const loss = line({ x: [1, 2, 3], y: [0.9, 0.4, 0.3] }, { tone: "blue", label: "train" });
 * const figure = chart({
 *   width: 320,
 *   height: 200,
 *   x: { title: "epoch" },
 *   y: { title: "loss (nats)", zero: true },
 *   marks: [loss],
 * });
 * const svg = document(figure, { title: "Loss", description: "Loss falls from 0.9 to 0.3" });
 * console.log(svg.includes("NaN"), svg.endsWith("</svg>\n")); // false true
 * ```
 *
 * @module
 */
export type { AxisOptions } from "./axes/axes.ts";
export { type BarItem, barList, type BarListOptions } from "./charts/bar_list.ts";
export { binned, type BinOptions, type Bins } from "./axes/bins.ts";
export { chart, type ChartOptions } from "./charts/chart.ts";
export { divergingBar, divergingImage, largestMagnitude, type PixelValues } from "./diverging.ts";
export {
  column,
  divider,
  document,
  type DocumentOptions,
  type Figure,
  row,
  space,
  type StackOptions,
} from "./figure.ts";
export { type Cell, heatMap, type HeatMapOptions } from "./charts/heat_map.ts";
export { captionWidth, imageGrid, type ImageGridOptions, type Tile } from "./charts/image_grid.ts";
export { imageSheet, type ImageSheetOptions } from "./charts/image_sheet.ts";
export {
  type GraphEdge,
  type GraphNode,
  layeredGraph,
  type LayeredGraphOptions,
} from "./charts/layered_graph.ts";
export { legend, type LegendEntry, type LegendOptions } from "./legend.ts";
export { type DotLook, dotLook, type LineLook, lineLook, SERIES } from "./look.ts";
export { band, type BandOptions, type Edges } from "./marks/band.ts";
export { bars, type BarsOptions } from "./marks/bars.ts";
export { contour, type ContourOptions } from "./marks/contour.ts";
export { dots, type DotsOptions } from "./marks/dots.ts";
export { histogram, type HistogramOptions } from "./marks/histogram.ts";
export { type IntervalPoints, intervals, type IntervalsOptions } from "./marks/intervals.ts";
export { labels, type LabelsOptions } from "./marks/labels.ts";
export { line, type LineOptions } from "./marks/line.ts";
export type { DirectLabel, Mark, Points, Values } from "./marks/mark.ts";
export { type Extent, raster, type RasterOptions } from "./marks/raster.ts";
export { rule, type RuleOptions, type RulePlace } from "./marks/rule.ts";
export { type ClassPoints, scatter, type ScatterOptions } from "./marks/scatter.ts";
export {
  type DiagramLayer,
  type LayerKind,
  networkDiagram,
  type NetworkDiagramOptions,
} from "./charts/network_diagram.ts";
export { formatCount, formatFixed, formatNumber } from "../format/numbers.ts";
export { formatPercent, type PercentOptions } from "../format/percent.ts";
export { pane, type PaneOptions } from "./charts/pane.ts";
export {
  parallelCoordinates,
  type ParallelCoordinatesOptions,
  type ParallelLine,
} from "./charts/parallel_coordinates.ts";
export { type NotebookFigure, notebookFigure } from "./notebook.ts";
export { encodePng, type Image, pngDataUri } from "./png.ts";
export { extent, linearScale, logScale, type Scale, type ScaleOptions } from "./axes/scale.ts";
export { type Shape, SHAPES } from "./shape.ts";
export {
  type Facet,
  smallMultiples,
  type SmallMultiplesOptions,
} from "./charts/small_multiples.ts";
export { table, type TableColumn, type TableOptions } from "./charts/table.ts";
export { heading, type HeadingOptions, label, paragraph, type TextStyle, titled } from "./text.ts";
export { type Font, textWidth, truncate, wrap } from "./text_width.ts";
export { type ClassPixels, tintedImage } from "./tinted.ts";
export { DARK, LIGHT, type Theme, type Tone } from "./theme.ts";
export { linearTicks, logTicks, type Tick } from "./axes/ticks.ts";
