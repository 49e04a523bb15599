import { captionWidth, type Figure, imageGrid, space, table } from "deno-plot-svg";
import { formatCount } from "../../../format/numbers.ts";
import type { ExplorationRecord } from "../exploration.ts";
import type { DuplicateGroup } from "../duplicates.ts";
import { drawDefinitions } from "../../../report/definitions.ts";
import type { Panel } from "../../../report/panel.ts";
import { type ImageShape, imageShape, pixelAlignedSide } from "../../../report/images.ts";
import { capitalize, describeDuplicates, listFew } from "./facts.ts";
import { drawableImage, valueRange } from "./images.ts";
import { defined } from "../../../config/defined.ts";

const TILES_A_ROW = 4;

/** Largest side length [px] of an image. */
const SIDE = 84;

/** Largest number of rows, and of classes, listed for a group of equal samples. */
const MOST_NAMED = 4;

const HEADINGS = [
  { title: "classes", align: "left" },
  { title: "rows", align: "left" },
  { title: "equal samples" },
] as const;

/** Returns the panel with the counts of equal samples, and some groups of them: as images, or as a table. */
export function duplicatesPanel(record: ExplorationRecord): Panel {
  const { duplicates: { groups, listed }, shape } = record;
  const images = imageShape(shape);
  const shown = listed.length === groups
    ? ""
    : ` Shown are ${listed.length} of ${
      formatCount(groups)
    } groups of equal samples, first those with ` +
      "several classes, then those in several splits.";
  return {
    title: "Duplicates",
    caption: `${capitalize(describeDuplicates(record).join("; "))}.${shown}${
      groups === 0 ? "" : " Rows are numbered from 0 in the file of the split."
    }`,
    span: groups === 0 ? 1 : images === undefined ? 2 : 3,
    draw: (width) => {
      if (groups === 0) return space(0, 0);
      if (images !== undefined) return drawDuplicateGroups(record, images, width);
      const rows = listed.map((
        group,
      ) => [...formatGroup(group, record), formatCount(group.length)]);
      return table({ width, columns: HEADINGS, rows });
    },
  };
}

/** Formats the distinct classes of a group of equal samples, and its splits and rows. */
function formatGroup(
  group: DuplicateGroup,
  { classes }: ExplorationRecord,
): readonly [string, string] {
  const names = [...new Set(group.map(({ label }) => classes[label]))];
  const places = group.map(({ split, row }) => `${split} ${row}`);
  return [listFew(names, MOST_NAMED), listFew(places, MOST_NAMED)];
}

/** Draws one image for each listed group of equal samples, with its classes and rows. */
function drawDuplicateGroups(record: ExplorationRecord, shape: ImageShape, width: number): Figure {
  const { duplicates: { listed }, duplicated, features } = record;
  const ends = valueRange(features);
  const images = duplicated.map((values) => drawableImage(values, shape, ends));
  const side = images[0] === undefined ? SIDE : pixelAlignedSide(images[0], SIDE);
  const room = captionWidth({ width, columns: TILES_A_ROW, side });
  const tiles = listed.map((group, index) => {
    const [names, places] = formatGroup(group, record);
    const image = images[index];
    const several = group.some(({ label }) => label !== group[0]?.label);
    return {
      ...defined({ image }),
      name: `${places}: ${names}`,
      caption: drawDefinitions([[several ? "classes" : "class", names], ["rows", places]], room),
    };
  });
  return imageGrid({ width, columns: TILES_A_ROW, side, gap: 24, tiles });
}
