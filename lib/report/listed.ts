/**
 * Draws a list of samples: pictures with facts beside them, or a table if there are no pictures.
 *
 * @module
 */
import {
  type BarItem,
  barList,
  captionWidth,
  column,
  type Figure,
  type Image,
  imageGrid,
  table,
  type Tone,
} from "deno-plot-svg";
import type { RunRecord } from "../run/record.ts";
import type { SplitName } from "../data/split/samples.ts";
import { type Definition, drawDefinitions } from "./definitions.ts";
import { galleryImages, imageShape, pixelAlignedSide } from "./images.ts";
import { formatPercent } from "../format/percent.ts";
import { defined } from "../config/defined.ts";

/** Largest number of pixel values in a list, so that a report can be sent by mail. */
const MOST_PIXELS = 300_000;

/** Number of pictures in a row. */
const TILES_A_ROW = 4;

/** Longest side [px] of an image. */
const LARGEST_SIDE = 96;

/** Vertical distance [px] from one bar to the next. */
const STEP = 15;

/** Width [px] to which the name before a bar is cut. */
const LONGEST_NAME = 68;

/** A sample in a list, with the texts beside its picture. */
export interface ListedSample {
  /** Row of the sample in its file. */
  readonly row: number;
  /** Text alternative of its picture. */
  readonly name: string;
  /** Facts about the sample, by terms. All samples of a list have the same terms in the same order. */
  readonly facts: readonly Definition[];
  /** Draws the figure beside the sample's picture to a width [px]. Defaults to a list of the facts. */
  readonly beside?: (width: number) => Figure;
}

/** A list of samples, ready to be drawn. */
interface SampleList {
  /** Number of samples in the list. */
  readonly shown: number;
  /** Whether samples have pictures; otherwise they are rows of a table. */
  readonly illustrated: boolean;
  /** Draws the list to a width [px]. */
  draw(width: number): Figure;
}

/** Heading and alignment of a column of the table. */
type Column = { readonly title: string; readonly align?: "left" };

/** A listed sample with its image, if the galleries of the run contain it. */
interface PicturedSample extends ListedSample {
  readonly image?: Image;
}

/**
 * Arranges samples of a split as pictures with facts beside them. If the run has no images of the split, the
 * samples become rows of a table. If there are too many pictures, only the first samples are listed.
 *
 * @param columns headings of the table, one for each fact
 */
export function arrangeSamples(
  { galleries }: Pick<RunRecord, "galleries">,
  split: SplitName,
  samples: readonly ListedSample[],
  columns: readonly Column[],
): SampleList {
  const gallery = galleries.find((each) => each.split === split);
  const shape = gallery === undefined ? undefined : imageShape(gallery.shape);
  const size = shape === undefined ? Infinity : shape.height * shape.width * shape.channels;
  const images = gallery === undefined || shape === undefined || size > MOST_PIXELS
    ? new Map<number, Image>()
    : galleryImages(gallery, shape);
  const most = images.size === 0 ? samples.length : Math.floor(MOST_PIXELS / size);
  const shown = samples.slice(0, most).map((sample): PicturedSample => {
    const image = images.get(sample.row);
    return image === undefined ? sample : { ...sample, image };
  });
  const illustrated = shown.some(({ image }) => image !== undefined);
  const rows = shown.map(({ facts }) => facts.map(([, value]) => value));
  return {
    shown: shown.length,
    illustrated,
    draw: (width) => illustrated ? drawPictures(shown, width) : table({ width, columns, rows }),
  };
}

/** Returns a bar for a probability, 0 to 1, labelled in percent. */
export function probabilityBar(name: string, probability: number, tone: Tone): BarItem {
  return {
    name,
    value: probability,
    label: formatPercent(probability, 1, { clamped: true }),
    tone,
  };
}

/** Draws facts about a sample and, below them, bars of probabilities. */
export function drawFactsAndBars(
  facts: readonly Definition[],
  items: readonly BarItem[],
  width: number,
): Figure {
  return column([
    drawDefinitions(facts, width, { long: "cut" }),
    barList({ width, items, most: 1, step: STEP, longestName: LONGEST_NAME }),
  ], { gap: 4 });
}

/**
 * Draws samples in rows of four, each as its picture with its facts on the right. A sample may have another
 * figure in place of its facts.
 */
function drawPictures(samples: readonly PicturedSample[], width: number): Figure {
  const image = samples.find((each) => each.image !== undefined)?.image;
  const side = image === undefined ? LARGEST_SIDE : pixelAlignedSide(image, LARGEST_SIDE);
  const options = { width, columns: TILES_A_ROW, side };
  const room = captionWidth(options);
  const tiles = samples.map(({ image, name, facts, beside }) => ({
    ...defined({ image }),
    name,
    caption: beside?.(room) ?? drawDefinitions(facts, room, { long: "cut" }),
  }));
  return imageGrid({ ...options, gap: 24, tiles });
}
