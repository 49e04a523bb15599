import { type Figure, type Image, imageGrid, row, space, type Tile } from "deno-plot-svg";
import type { AugmentedGallery, RunRecord } from "../../run/record.ts";
import { GUTTER } from "../grid.ts";
import type { Panel } from "../panel.ts";
import { galleryImages, imageShape, pixelAlignedSide } from "../images.ts";

/** Longest side [px] of an image. */
const LARGEST_SIDE = 56;

/** Space [px] between two copies, and between two samples. */
const GAP = 6;

/** Space [px] between a sample and its first copy. */
const APART = 16;

/** Number of samples side by side, each with its copies. */
const GROUPS = 2;

/**
 * Returns the panel with one training sample of each class beside its augmented copies of the first steps.
 */
export function augmented({ augmented: gallery, classes }: RunRecord): Panel | undefined {
  const lines = gallery === undefined ? [] : sampleLines(gallery);
  if (gallery === undefined || lines.length === 0) return undefined;
  return {
    title: "Augmented samples",
    caption: `One training sample of ${
      lines.length < classes.length ? `each of ${lines.length} classes` : "each class"
    }: unchanged (left), and augmented as in each of the first ${gallery.copies} steps.`,
    span: 3,
    draw: (width) => drawGroups(lines, width),
  };
}

/** Images of a sample and of its augmented copies. */
interface Line {
  readonly sample: Tile;
  readonly copies: readonly Tile[];
}

/** Returns the images of each sample in a gallery; none if samples are not images. */
function sampleLines({ rows, shape, copies, values }: AugmentedGallery): readonly Line[] {
  const image = imageShape(shape);
  if (image === undefined) return [];
  const numbers = Uint32Array.from({ length: rows.length * (1 + copies) }, (_, index) => index);
  const images = galleryImages({ split: "train", rows: numbers, shape, values }, image);
  return Array.from(rows, (row, index) => {
    const tile = (copy: number): Tile => ({
      image: images.get(index * (1 + copies) + copy) as Image,
      caption: space(0, 0),
      name: `row ${row} ${copy === 0 ? "unchanged" : `at step ${copy}`}`,
    });
    return { sample: tile(0), copies: Array.from({ length: copies }, (_, copy) => tile(copy + 1)) };
  });
}

/** Draws samples with their copies as rows in two columns. */
function drawGroups(lines: readonly Line[], width: number): Figure {
  const perGroup = Math.ceil(lines.length / GROUPS);
  const groups = Array.from({ length: GROUPS }, (_, group) => {
    const own = lines.slice(group * perGroup, (group + 1) * perGroup);
    return { ...drawGroup(own), width: (width - (GROUPS - 1) * GUTTER) / GROUPS };
  });
  return { ...row(groups, { gap: GUTTER }), width };
}

/** Draws samples one below the other, each with its copies on the right. */
function drawGroup(lines: readonly Line[]): Figure {
  const image = lines[0]?.sample.image;
  const side = image === undefined ? LARGEST_SIDE : pixelAlignedSide(image, LARGEST_SIDE);
  const grid = (columns: number, tiles: readonly Tile[]) =>
    imageGrid({ width: columns * (side + GAP), columns, side, gap: GAP, tiles });
  return row([
    grid(1, lines.map(({ sample }) => sample)),
    grid(lines[0]?.copies.length ?? 1, lines.flatMap(({ copies }) => copies)),
  ], { gap: APART - GAP });
}
