import { space } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { type Listed, sampleList } from "../../report/listed.ts";
import type { Panel } from "../../report/panel.ts";
import { partWords } from "../../report/result.ts";
import type { Gallery, RunRecord } from "../../run/record.ts";
import type { Comparison } from "./comparison.ts";
import type { Disagreement, Disagreements } from "./disagreements.ts";
import { letterOf, withoutWords } from "./letters.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** Samples shown at most in a panel. */
const MOST_SHOWN = 12;

/**
 * Samples that one run gets right and another wrong: of two runs a panel for each, of more one for all.
 *
 * What runs disagree about is a mistake of one of them, and run folders have the pixels of the mistakes
 * that they are most sure of. So where there are pictures, samples without are left out.
 *
 * @param pictures of such samples, besides those in the galleries of the runs
 */
export function disagreementPanels(
  comparison: Comparison,
  found: Disagreements | undefined,
  pictures: readonly Gallery[],
): readonly Panel[] {
  if (found === undefined) return [];
  const asked: Asked = {
    places: found.runs,
    pictures,
    records: found.runs.map((place) => comparison.runs[place].record),
    without: withoutWords(comparison, found.runs),
  };
  if (found.runs.length > 2) return [panelOf("Some right, others wrong", found, asked)];
  return found.runs.map((place, index) => {
    const other = found.runs[1 - index];
    const samples = found.samples.filter(({ label, said }) => said[index]?.predicted === label);
    const title = `${letterOf(place)} right, ${letterOf(other)} wrong`;
    return panelOf(title, { ...found, samples }, asked);
  });
}

/** The runs that were asked about the same samples. */
interface Asked {
  readonly places: readonly number[];
  readonly records: readonly RunRecord[];
  readonly pictures: readonly Gallery[];
  /** Which runs were not asked, in words. */
  readonly without: string;
}

function panelOf(title: string, { part, samples }: Disagreements, asked: Asked): Panel {
  const { places, records, pictures, without } = asked;
  const words = partWords(part);
  if (samples.length === 0) {
    return { title, caption: `No ${words} sample.`, span: 1, draw: () => space(0, 0) };
  }
  const kept = records.flatMap(({ galleries }) => galleries.filter((each) => each.part === part));
  const galleries = joinedGallery([...kept, ...pictures]);
  const known = new Set(galleries.flatMap(({ rows }) => Array.from(rows)));
  const pictured = samples.filter(({ row }) => known.has(row));
  const ordered = pictured.length === 0 ? samples : pictured;
  const { classes } = records[0];
  const listed = ordered.slice(0, MOST_SHOWN).map((sample) => listedOf(sample, places, classes));
  const { shown, draw } = sampleList({ galleries }, part, listed, [
    { title: "true class", align: "left" },
    ...places.map((place) => ({ title: letterOf(place), align: "left" } as const)),
    { title: "row" },
  ]);
  const of = ordered.length === samples.length ? "" : OF_PICTURED;
  const caption = `${countWords(shown, samples.length)} ${words} ` +
    `${samples.length === 1 ? "sample" : "samples"}, ${ORDER}${of}.${without}`;
  return { title, caption, span: 3, draw };
}

const ORDER = "by how far apart the runs are in the probability of the true class";

const OF_PICTURED = "; of those of which a run has the picture, as a mistake that it is sure of";

function countWords(shown: number, all: number): string {
  if (shown < all) return `${formatCount(shown)} of ${formatCount(all)}`;
  return all === 1 ? "The one" : `All ${formatCount(all)}`;
}

/** Galleries of one part in one, each sample once. */
function joinedGallery(galleries: readonly Gallery[]): readonly Gallery[] {
  const [first] = galleries;
  if (first === undefined) return [];
  const size = sizeOf(first.shape);
  const samples = new Map(
    galleries.flatMap(({ rows, values }) =>
      Array.from(
        rows,
        (row, index) => [row, values.subarray(index * size, (index + 1) * size)] as const,
      )
    ),
  );
  const values = first.values.constructor === Uint8Array
    ? new Uint8Array(samples.size * size)
    : new Float32Array(samples.size * size);
  [...samples.values()].forEach((pixels, index) => values.set(pixels, index * size));
  return [{ ...first, rows: Uint32Array.from(samples.keys()), values }];
}

function listedOf(
  { row, label, said }: Disagreement,
  places: readonly number[],
  classes: readonly string[],
): Listed {
  const truth = classes[label];
  const words = said.map(({ predicted, probability }) =>
    `${classes[predicted]}, ${formatPercent(probability, 1)}`
  );
  const letters = places.map(letterOf);
  return {
    row,
    name: `row ${row}, true ${truth}, ${
      words.map((each, index) => `${letters[index]}: ${each}`).join("; ")
    }`,
    said: [
      ["true", truth],
      ...words.map((each, index) => [letters[index], each] as const),
      ["row", String(row)],
    ],
  };
}
