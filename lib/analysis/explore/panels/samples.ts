import { column, type Figure, imageGrid, label, row, type Tile } from "deno-plot-svg";
import { formatCount } from "../../../format/numbers.ts";
import type { ExplorationRecord } from "../exploration.ts";
import type { ClassStatistics } from "../features.ts";
import type { Examples } from "../explore.ts";
import { splitIntoChunks } from "../../../report/chunks.ts";
import { GUTTER, PAGE } from "../../../report/grid.ts";
import type { Panel } from "../../../report/panel.ts";
import { type ImageShape, imageShape, pixelAlignedSide } from "../../../report/images.ts";
import { drawableImage, largestValue, valueRange } from "./images.ts";

/** Number of classes side by side, and of samples that are drawn of each class. */
interface Layout {
  readonly columns: number;
  readonly examples: number;
}

/** Largest number of classes for the layout with two classes side by side. */
const FEW_CLASSES = 12;

const [WIDE, NARROW]: readonly [Layout, Layout] = [
  { columns: 2, examples: 7 },
  { columns: 3, examples: 4 },
];

/** Width [px] of an image with the space beside it. */
const ROOM = 58;

/** Largest side length [px] of an image. */
const SIDE = 56;

/**
 * Returns the panel with random samples, mean and standard deviation of each class. Returns undefined if the
 * data are not images.
 */
export function samplesPanel(record: ExplorationRecord): Panel | undefined {
  const shape = imageShape(record.shape);
  if (shape === undefined) return undefined;
  const { classes, examples } = record;
  const layout = classes.length <= FEW_CLASSES ? WIDE : NARROW;
  const some = examples.length < classes.length
    ? `${formatCount(examples.length)} of ${formatCount(classes.length)} classes: random`
    : "Random";
  return {
    title: "Training samples",
    caption:
      `${some} training samples of each class, then the mean and the standard deviation of all training ` +
      "samples of the class. Images of standard deviations have one scale, up to the largest of all classes.",
    span: 3,
    draw: () => {
      const deviations = record.differences.classes.map(({ deviation }) => largestValue(deviation));
      const style = { shape, layout, deviation: largestValue(deviations) };
      const blocks = examples.map((each) => drawClass(each, record, style));
      const rows = splitIntoChunks(blocks, layout.columns).map((each) =>
        row(each, { gap: GUTTER })
      );
      return column(rows, { gap: 18 });
    },
  };
}

/**
 * Shape and layout of the images of a class, and the largest standard deviation of a pixel in any class, with which
 * the scale of deviations ends.
 */
interface Style {
  readonly shape: ImageShape;
  readonly layout: Layout;
  readonly deviation: number;
}

/** Draws samples, mean and standard deviation of one class. */
function drawClass(
  { label: number, rows, values }: Examples,
  { classes, features, differences }: ExplorationRecord,
  { shape, layout, deviation }: Style,
): Figure {
  const width = (PAGE - GUTTER * (layout.columns - 1)) / layout.columns;
  const name = classes[number];
  // statistics exist for the same classes as samples
  const statistics = differences.classes.find((each) => each.label === number) as ClassStatistics;
  const ends = valueRange(features);
  const size = shape.height * shape.width * shape.channels;
  const shown = rows.slice(0, layout.examples).map((sample, index): Tile => ({
    image: drawableImage(values.subarray(index * size, (index + 1) * size), shape, ends),
    name: `${name}, row ${sample}`,
  }));
  const empty = Array.from({ length: layout.examples - shown.length }, (): Tile => ({ name: "" }));
  const moments = [
    { image: drawableImage(statistics.mean, shape, ends), name: `${name}, mean` },
    {
      image: drawableImage(statistics.deviation, shape, [0, deviation]),
      name: `${name}, deviation`,
    },
  ];
  const tiles = [...shown, ...empty, ...moments];
  const first = shown[0]?.image;
  const images = imageGrid({
    width: ROOM * tiles.length,
    columns: tiles.length,
    tiles,
    side: first === undefined ? SIDE : pixelAlignedSide(first, SIDE),
  });
  const count = `${name}: ${formatCount(statistics.count)}`;
  return { ...column([label(count, { bold: true, width }), images], { gap: 4 }), width };
}
