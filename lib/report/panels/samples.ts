import {
  column,
  type Figure,
  type Image,
  imageSheet,
  label,
  row,
  space,
  textWidth,
} from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { overview } from "../../observe/overview.ts";
import type { RunRecord } from "../../run/record.ts";
import { splitIntoChunks } from "../chunks.ts";
import { GUTTER, MOST_CLASSES } from "../grid.ts";
import { observedValue } from "../observed.ts";
import type { Panel } from "../panel.ts";
import { galleryImages, imageShape, pixelAlignedScale } from "../images.ts";

/** Longest side [px] of an image if there are few classes, and if there are many. */
const SIDES = { few: 56, many: 32 } as const;

/** Largest number of classes whose images are large. */
const FEW_CLASSES = 12;

/** Width [px] to which names of classes are cut. */
const LONGEST_NAME = 84;

/** Space [px] between the name of a class and its images. */
const NAME_GAP = 12;

/** Vertical space [px] between the images of two classes. */
const BETWEEN_CLASSES = 6;

/** Samples of one class: their rows in the file, and their images. */
interface ClassLine {
  readonly name: string;
  readonly rows: readonly number[];
  readonly images: readonly Image[];
}

/** Returns the panel with some training samples of each class; undefined if samples are not images. */
export function samples(record: RunRecord): Panel | undefined {
  const data = observedValue(record, overview);
  const shape = data === undefined ? undefined : imageShape(data.shape);
  if (data === undefined || shape === undefined || data.samples.rows.length === 0) return undefined;
  const images = galleryImages({ split: "train", shape: data.shape, ...data.samples }, shape);
  const shown = record.classes.slice(0, MOST_CLASSES);
  const lines = shown.map((name, label): ClassLine => {
    const rows = Array.from(data.samples.rows).filter((_, i) => data.samples.labels[i] === label);
    return { name, rows, images: rows.map((row) => images.get(row) as Image) };
  });
  return {
    title: "Training samples",
    caption: "Some training samples of each class, at even distances in the file." +
      (lines.length === record.classes.length
        ? ""
        : ` Shown are the first ${lines.length} of ${formatCount(record.classes.length)} classes.`),
    span: 3,
    draw: (width) => drawLines(lines, width),
  };
}

/** Draws one line of images for each class, in as many columns as fit. */
function drawLines(lines: readonly ClassLine[], width: number): Figure {
  const first = lines.flatMap(({ images }) => images)[0];
  const scale = pixelAlignedScale(first, lines.length <= FEW_CLASSES ? SIDES.few : SIDES.many);
  const most = Math.max(...lines.map(({ images }) => images.length));
  const names = Math.max(...lines.map(({ name }) => textWidth(name, { size: 12 }))) + NAME_GAP + 1;
  const room = Math.min(LONGEST_NAME, names);
  const each = room + most * (first.width + 1) * scale;
  const groups = Math.max(1, Math.floor((width + GUTTER) / (each + GUTTER)));
  const perGroup = Math.ceil(lines.length / groups);
  const columns = splitIntoChunks(lines, perGroup).map((group) => ({
    ...column(
      group.map((line) => drawLine(line, room, scale, first.height * scale)),
      { gap: BETWEEN_CLASSES },
    ),
    width: (width - (groups - 1) * GUTTER) / groups,
  }));
  return { ...row(columns, { gap: GUTTER }), width };
}

/** Draws the name of a class and, on its right, its images. */
function drawLine(
  { name, rows, images }: ClassLine,
  nameWidth: number,
  scale: number,
  height: number,
): Figure {
  const inMiddle = (text: Figure) => column([space(nameWidth, (height - text.height) / 2), text]);
  const named = { ...inMiddle(label(name, { width: nameWidth - NAME_GAP })), width: nameWidth };
  const text = `class ${name}: rows ${rows.join(", ")}`;
  const sheet = images.length === 0
    ? inMiddle(label("no training samples", { tone: "muted" }))
    : imageSheet({ images, columns: images.length, scale, name: text });
  return { ...row([named, sheet]), height };
}
