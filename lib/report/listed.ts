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
import { type Definition, definitions } from "./definitions.ts";
import { galleryImages, imageShape, wholeSide } from "./images.ts";
import { formatPercent } from "../format/percent.ts";
import { defined } from "../config/defined.ts";

/** Largest number of pixel values in a list; with more, the report file would be too large to send. */
const MOST_PIXELS = 300_000;

const TILES_A_ROW = 4;

/** Longest side [px] of an image. */
const LARGEST_SIDE = 96;

/** Distance [px] between bars, and the longest name before one. */
const STEP = 15;
const LONGEST_NAME = 68;

export interface ListedSample {
  /** Row of the sample in its file. */
  readonly row: number;
  /** Text alternative of its picture. */
  readonly name: string;
  /** Facts about the sample; all samples of a list have the same terms. */
  readonly facts: readonly Definition[];
  /** Draws the text beside its picture to a width [px]. Defaults to its facts. */
  readonly beside?: (width: number) => Figure;
}

interface SampleList {
  readonly shown: number;
  readonly illustrated: boolean;
  draw(width: number): Figure;
}

type Column = { readonly title: string; readonly align?: "left" };

interface Pictured extends ListedSample {
  readonly image?: Image;
}

export function sampleList(
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
  const shown = samples.slice(0, most).map((sample): Pictured => {
    const image = images.get(sample.row);
    return image === undefined ? sample : { ...sample, image };
  });
  const illustrated = shown.some(({ image }) => image !== undefined);
  const rows = shown.map(({ facts }) => facts.map(([, value]) => value));
  return {
    shown: shown.length,
    illustrated,
    draw: (width) => illustrated ? pictures(shown, width) : table({ width, columns, rows }),
  };
}

export function probabilityBar(name: string, probability: number, tone: Tone): BarItem {
  return {
    name,
    value: probability,
    label: formatPercent(probability, 1, { clamped: true }),
    tone,
  };
}

/** Draws facts about a sample above bars of probabilities. */
export function namedBars(
  named: readonly Definition[],
  items: readonly BarItem[],
  width: number,
): Figure {
  return column([
    definitions(named, width, { long: "cut" }),
    barList({ width, items, most: 1, step: STEP, longestName: LONGEST_NAME }),
  ], { gap: 4 });
}

function pictures(shown: readonly Pictured[], width: number): Figure {
  const image = shown.find((each) => each.image !== undefined)?.image;
  const side = image === undefined ? LARGEST_SIDE : wholeSide(image, LARGEST_SIDE);
  const options = { width, columns: TILES_A_ROW, side };
  const room = captionWidth(options);
  const tiles = shown.map(({ image, name, facts, beside }) => ({
    ...defined({ image }),
    name,
    caption: beside?.(room) ?? definitions(facts, room, { long: "cut" }),
  }));
  return imageGrid({ ...options, gap: 24, tiles });
}
