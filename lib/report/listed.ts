/**
 * Samples that a panel lists: as pictures with what is said of each, or as a table if they have none.
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

/** Values of pixels in the file at most; with more the report would be too large to pass around. */
const MOST_PIXELS = 300_000;

const TILES_A_ROW = 4;

/** Longer side of an image at most, in pixels. */
const LARGEST_SIDE = 96;

/** From one bar to the next, in pixels, and the longest name before one. */
const STEP = 15;
const LONGEST_NAME = 68;

export interface Listed {
  /** Row of the sample in the file it came from. */
  readonly row: number;
  /** It in words, for who cannot see its picture. */
  readonly name: string;
  /** What is said of it, the same terms of all samples of a list. */
  readonly details: readonly Definition[];
  /** What stands beside its picture, drawn to a width in pixels; what is said unless told. */
  readonly beside?: (width: number) => Figure;
}

interface SampleList {
  readonly shown: number;
  readonly illustrated: boolean;
  draw(width: number): Figure;
}

type Column = { readonly title: string; readonly align?: "left" };

interface Pictured extends Listed {
  readonly image?: Image;
}

export function sampleList(
  { galleries }: Pick<RunRecord, "galleries">,
  split: SplitName,
  samples: readonly Listed[],
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
  const rows = shown.map(({ details }) => details.map(([, value]) => value));
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

/** What is said of a sample above bars of probabilities, for beside its picture. */
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
  const tiles = shown.map(({ image, name, details, beside }) => ({
    ...defined({ image }),
    name,
    caption: beside?.(room) ?? definitions(details, room, { long: "cut" }),
  }));
  return imageGrid({ ...options, gap: 24, tiles });
}
