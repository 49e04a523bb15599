import { type Figure, formatCount, formatPercent } from "deno-plot-svg";
import type { ComparedRun, Comparison } from "../../run/comparison.ts";
import {
  type Disagreement,
  type Disagreements,
  findDisagreements,
} from "../../run/disagreements.ts";
import type { Gallery, PartName, RunRecord } from "../../run/record.ts";
import { type Listed, sampleList } from "../listed.ts";
import type { Panel } from "../panel.ts";
import { partWords } from "../result.ts";
import { letterOf } from "./names.ts";

/** Samples shown at most in a panel. */
const MOST_SHOWN = 12;

const NOTHING: Figure = { width: 0, height: 0, markup: "" };

/**
 * Samples that one run gets right and another wrong: of two runs a panel for each, of more one for all.
 *
 * Run folders have the pixels of the mistakes that they are most sure of, and what runs disagree about
 * is a mistake of one of them; so where there are pictures, samples without are left out.
 */
export function disagreements(comparison: Comparison): readonly Panel[] {
  const { runs, part } = comparison;
  const found = part === undefined ? undefined : findDisagreements(runs, part);
  if (found === undefined) return [];
  if (found.runs.length > 2) return [panelOf(found, runs, "Some right, others wrong")];
  return found.runs.map((place, index) => {
    const other = found.runs[1 - index] as number;
    const samples = found.samples.filter(({ label, said }) => said[index]?.predicted === label);
    const title = `${letterOf(place)} right, ${letterOf(other)} wrong`;
    return panelOf({ ...found, samples }, runs, title);
  });
}

function panelOf(
  { part, runs: places, samples }: Disagreements,
  runs: readonly ComparedRun[],
  title: string,
): Panel {
  const words = partWords(part);
  if (samples.length === 0) {
    return { title, caption: `No ${words} sample.`, span: 1, draw: () => NOTHING };
  }
  const records = places.map((place) => (runs[place] as ComparedRun).record);
  const galleries = joinedGallery(records, part);
  const known = new Set(galleries.flatMap(({ rows }) => Array.from(rows)));
  const pictured = samples.filter(({ row }) => known.has(row));
  const ordered = pictured.length === 0 ? samples : pictured;
  const [first] = records as [RunRecord];
  const { classes } = first;
  const listed = ordered.slice(0, MOST_SHOWN).map((sample) => listedOf(sample, places, classes));
  const { shown, illustrated, draw } = sampleList({ galleries }, part, listed, [
    { title: "true class", align: "left" },
    ...places.map((place) => ({ title: letterOf(place), align: "left" } as const)),
    { title: "row" },
  ]);
  return {
    title,
    caption:
      `${countWords(shown, samples.length)} ${words} ${
        samples.length === 1 ? "sample" : "samples"
      }, by how far apart the runs are in the probability of the true class` +
      (illustrated && shown < samples.length
        ? "; of those of which a run has the picture, as a mistake that it is sure of."
        : "."),
    span: 3,
    draw,
  };
}

function countWords(shown: number, all: number): string {
  if (shown < all) return `${formatCount(shown)} of ${formatCount(all)}`;
  return all === 1 ? "The one" : `All ${formatCount(all)}`;
}

/** The pictures that there are of a part's samples, each once. */
function joinedGallery(records: readonly RunRecord[], part: PartName): readonly Gallery[] {
  const galleries = records.flatMap(({ galleries }) =>
    galleries.filter((each) => each.part === part)
  );
  const [first] = galleries;
  if (first === undefined) return [];
  const size = first.shape.reduce((product, length) => product * length, 1);
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
  return [{ part, rows: Uint32Array.from(samples.keys()), shape: first.shape, values }];
}

function listedOf(
  { row, label, said }: Disagreement,
  places: readonly number[],
  classes: readonly string[],
): Listed {
  const truth = classes[label] as string;
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
      ...words.map((each, index) => [letters[index] as string, each] as const),
      ["row", String(row)],
    ],
  };
}
