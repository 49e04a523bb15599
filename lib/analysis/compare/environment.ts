/**
 * Draws the accuracy of runs against their time. Times differ between machines and between measurements, so this
 * drawing is a separate file: the others have reproducible bytes.
 *
 * @module
 */
import { column, document, type Figure, label, paragraph, space, table } from "deno-plot-svg";
import { formatDuration, readableTimeUnit } from "../../format/duration.ts";
import { NONE } from "../../format/text_table.ts";
import { MARGIN } from "../../report/grid.ts";
import { formatSplit } from "../../report/result.ts";
import type { Manifest } from "../../run/manifest.ts";
import type { Comparison } from "./comparison.ts";
import { type Cost, costChart } from "./cost.ts";
import { FEW, runLetter } from "./letters.ts";

/** Time from start to end, end and machine of a run. */
export interface TimeFacts extends Pick<Manifest, "finished" | "machine"> {
  /** Time from start to end; undefined if unknown. */
  readonly milliseconds: number | undefined;
}

/** Formats the time from start to end of a run; a dash if it is unknown. */
export function formatRunTime({ milliseconds }: TimeFacts): string {
  return milliseconds === undefined ? NONE : formatDuration(milliseconds);
}

const WIDTH = 760;

/**
 * Draws the time, accuracy and machine of each run of a comparison. Returns the text of environment.svg.
 *
 * @param facts times and machines, in the order of the runs
 */
export function comparisonEnvironment(
  comparison: Comparison,
  facts: readonly TimeFacts[],
): string {
  const { name, runs, split } = comparison;
  const title = `Environment of ${name}`;
  const page = column([
    label(title, { bold: true, size: 16 }),
    space(WIDTH, 4),
    paragraph(CAPTION, WIDTH, { tone: "muted" }),
    ...(split === undefined ? [] : [space(WIDTH, 16), timeChart(comparison, split, facts)]),
    space(WIDTH, 24),
    table({
      width: WIDTH,
      columns: [
        { title: "run", align: "left" },
        { title: "time" },
        { title: "workers" },
        { title: "machine", align: "left" },
        { title: "finished", align: "left" },
      ],
      rows: runs.map(({ run }, runIndex) => {
        const { finished, machine: { workers = NONE, ...machine } } = facts[runIndex];
        const named = runs.length <= FEW ? `${runLetter(runIndex)} ${run}` : run;
        return [
          named,
          formatRunTime(facts[runIndex]),
          String(workers),
          Object.values(machine).join(", "),
          finished,
        ];
      }),
    }),
  ]);
  const on = split === undefined ? "" : ` and accuracy on the ${formatSplit(split)} split`;
  return document(page, { title, description: `Times${on} of ${name}`, margin: MARGIN });
}

const CAPTION =
  "Time from start to end of each run; of a resumed run, since it was last resumed; of an " +
  "ensemble, the sum over its members. Times depend on the machine and its load.";

/** Draws accuracy against time, in a unit that suits the longest time. */
function timeChart(
  comparison: Comparison,
  split: Cost["split"],
  facts: readonly TimeFacts[],
): Figure {
  const times = facts.map(({ milliseconds = NaN }) => 1000 * milliseconds);
  const second = 1e6; // the shortest unit, in microseconds
  const unit = readableTimeUnit(Math.max(second, ...times.filter(Number.isFinite)));
  return costChart(comparison, {
    split,
    title: `time (${unit.name})`,
    values: times.map((time) => time / unit.size),
    words: facts.map(formatRunTime),
  }, 480);
}
