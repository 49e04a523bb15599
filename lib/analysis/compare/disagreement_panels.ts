import { space } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { type Listed, sampleList } from "../../report/listed.ts";
import type { Panel } from "../../report/panel.ts";
import { formatSplit } from "../../report/result.ts";
import type { Gallery } from "../../run/record.ts";
import type { Comparison } from "./comparison.ts";
import type { Disagreement, Disagreements } from "./disagreements.ts";
import { formatOmitted, letterOf } from "./letters.ts";
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
  const panelOf = (title: string, samples: readonly Disagreement[]) =>
    samplesPanel(title, comparison, { ...found, samples }, pictures);
  if (found.runs.length > 2) return [panelOf("Some right, others wrong", found.samples)];
  return found.runs.map((place, index) => {
    const other = found.runs[1 - index];
    return panelOf(
      `${letterOf(place)} right, ${letterOf(other)} wrong`,
      found.samples.filter(({ label, predictions }) => predictions[index].predicted === label),
    );
  });
}

function samplesPanel(
  title: string,
  comparison: Comparison,
  { split, runs: places, samples }: Disagreements,
  pictures: readonly Gallery[],
): Panel {
  const words = formatSplit(split);
  if (samples.length === 0) {
    return { title, caption: `No ${words} sample.`, span: 1, draw: () => space(0, 0) };
  }
  const records = places.map((place) => comparison.runs[place].record);
  const kept = records.flatMap(({ galleries }) => galleries.filter((each) => each.split === split));
  const galleries = joinedGallery([...kept, ...pictures]);
  const known = new Set(galleries.flatMap(({ rows }) => Array.from(rows)));
  const pictured = samples.filter(({ row }) => known.has(row));
  const ordered = pictured.length === 0 ? samples : pictured;
  const { classes } = records[0];
  const listed = ordered.slice(0, MOST_SHOWN).map((sample) => listedOf(sample, places, classes));
  const { shown, draw } = sampleList({ galleries }, split, listed, [
    { title: "true class", align: "left" },
    ...places.map((place) => ({ title: letterOf(place), align: "left" } as const)),
    { title: "row" },
  ]);
  const of = ordered.length === samples.length ? "" : OF_PICTURED;
  const caption = `${formatShown(shown, samples.length)} ${words} ` +
    `${samples.length === 1 ? "sample" : "samples"}, ${ORDER}${of}.` +
    formatOmitted(comparison, places);
  return { title, caption, span: 3, draw };
}

const ORDER = "by how far apart the runs are in the probability of the true class";

const OF_PICTURED = "; of those of which a run has the picture, as a mistake that it is sure of";

function formatShown(shown: number, all: number): string {
  if (shown < all) return `${formatCount(shown)} of ${formatCount(all)}`;
  return all === 1 ? "The one" : `All ${formatCount(all)}`;
}

/** Galleries of one split in one, each sample once. */
function joinedGallery(galleries: readonly Gallery[]): readonly Gallery[] {
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

function listedOf(
  { row, label, predictions }: Disagreement,
  places: readonly number[],
  classes: readonly string[],
): Listed {
  const truth = classes[label];
  const answers = predictions.map(({ predicted, probability }, index) =>
    [letterOf(places[index]), `${classes[predicted]}, ${formatPercent(probability, 1)}`] as const
  );
  const words = answers.map(([letter, answer]) => `${letter}: ${answer}`).join("; ");
  return {
    row,
    name: `row ${row}, true ${truth}, ${words}`,
    details: [["true", truth], ...answers, ["row", String(row)]],
  };
}
