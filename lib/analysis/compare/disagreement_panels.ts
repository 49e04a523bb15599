import { space } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { arrangeSamples, type ListedSample } from "../../report/listed.ts";
import type { Panel } from "../../report/panel.ts";
import { formatSplit } from "../../report/result.ts";
import type { Gallery } from "../../run/record.ts";
import type { Comparison } from "./comparison.ts";
import type { Disagreement, Disagreements } from "./disagreements.ts";
import { formatMissingRuns, runLetter } from "./letters.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** Largest number of samples that a panel shows. */
const MOST_SHOWN = 12;

/**
 * Returns panels of the samples that some runs classify correctly and others do not. For two runs there are two
 * panels: the samples that only the first run classifies correctly, and those that only the second does. For
 * more runs there is one panel of all these samples. Returns an empty list if `disagreements` is undefined.
 *
 * Pixels come from the galleries of the runs, which have only the most confident mistakes of each run, and from
 * `pictures`. If pixels of at least one sample are known, samples without pixels are omitted.
 *
 * @param disagreements samples on which the runs disagree; undefined if the runs were evaluated on different
 * samples
 * @param pictures further galleries, with pixels of samples that are in no gallery of the runs
 */
export function disagreementPanels(
  comparison: Comparison,
  disagreements: Disagreements | undefined,
  pictures: readonly Gallery[],
): readonly Panel[] {
  if (disagreements === undefined) return [];
  const panelOf = (title: string, samples: readonly Disagreement[]) =>
    samplesPanel(title, comparison, { ...disagreements, samples }, pictures);
  if (disagreements.runs.length > 2) return [panelOf("Disagreements", disagreements.samples)];
  return disagreements.runs.map((runIndex, index) => {
    const other = disagreements.runs[1 - index];
    return panelOf(
      `${runLetter(runIndex)} right, ${runLetter(other)} wrong`,
      disagreements.samples.filter(({ label, predictions }) =>
        predictions[index].predicted === label
      ),
    );
  });
}

/** Returns a panel of samples with the answers of the runs; if there are none, the caption says so. */
function samplesPanel(
  title: string,
  comparison: Comparison,
  { split, runs: runIndices, samples }: Disagreements,
  pictures: readonly Gallery[],
): Panel {
  const words = formatSplit(split);
  if (samples.length === 0) {
    return { title, caption: `No ${words} samples.`, span: 1, draw: () => space(0, 0) };
  }
  const records = runIndices.map((runIndex) => comparison.runs[runIndex].record);
  const kept = records.flatMap(({ galleries }) => galleries.filter((each) => each.split === split));
  const galleries = joinGalleries([...kept, ...pictures]);
  const known = new Set(galleries.flatMap(({ rows }) => Array.from(rows)));
  const pictured = samples.filter(({ row }) => known.has(row));
  const ordered = pictured.length === 0 ? samples : pictured;
  const { classes } = records[0];
  const listed = ordered.slice(0, MOST_SHOWN).map((sample) =>
    toListedSample(sample, runIndices, classes)
  );
  const { shown, draw } = arrangeSamples({ galleries }, split, listed, [
    { title: "true class", align: "left" },
    ...runIndices.map((runIndex) => ({ title: runLetter(runIndex), align: "left" } as const)),
    { title: "row" },
  ]);
  const of = ordered.length === samples.length ? "" : OF_PICTURED;
  const caption = `${formatShownCount(shown, samples.length)} ${words} ` +
    `${samples.length === 1 ? "sample" : "samples"}, ${ORDER}${of}.` +
    formatMissingRuns(comparison, runIndices);
  return { title, caption, span: 3, draw };
}

const ORDER = "sorted by the difference between the runs' probabilities of the true class";

const OF_PICTURED =
  ". Only samples with pictures are shown: the most confident mistakes of each run";

/** Formats how many of all samples are shown: "12 of 80", "All 5" or "The only". */
function formatShownCount(shown: number, all: number): string {
  if (shown < all) return `${formatCount(shown)} of ${formatCount(all)}`;
  return all === 1 ? "The only" : `All ${formatCount(all)}`;
}

/**
 * Joins galleries of the same split into a single gallery that has each sample once. Returns a list of this
 * gallery, which is empty if there are no galleries.
 */
function joinGalleries(galleries: readonly Gallery[]): readonly Gallery[] {
  const [first] = galleries;
  if (first === undefined) return [];
  const size = sizeOf(first.shape);
  const samples = new Map<number, Gallery["values"]>();
  for (const { rows, values } of galleries) {
    rows.forEach((row, index) =>
      samples.set(row, values.subarray(index * size, (index + 1) * size))
    );
  }
  const values = first.values instanceof Uint8Array
    ? new Uint8Array(samples.size * size)
    : new Float32Array(samples.size * size);
  [...samples.values()].forEach((pixels, index) => values.set(pixels, index * size));
  return [{ ...first, rows: Uint32Array.from(samples.keys()), values }];
}

/**
 * Returns a sample with its facts: true class, row, and the class that each run predicts with its probability.
 *
 * @param runIndices index of the run, in the comparison, of each prediction
 */
function toListedSample(
  { row, label, predictions }: Disagreement,
  runIndices: readonly number[],
  classes: readonly string[],
): ListedSample {
  const truth = classes[label];
  const answers = predictions.map(({ predicted, probability }, index) =>
    [
      runLetter(runIndices[index]),
      `${classes[predicted]}, ${formatPercent(probability, 1)}`,
    ] as const
  );
  const words = answers.map(([letter, answer]) => `${letter}: ${answer}`).join("; ");
  return {
    row,
    name: `row ${row}, true ${truth}, ${words}`,
    facts: [["true", truth], ...answers, ["row", String(row)]],
  };
}
