/**
 * Draws accuracy against the time of runs. Times differ between machines and between measurements, so this
 * drawing is kept apart from those with reproducible bytes.
 *
 * @module
 */
import { column, document, type Figure, label, paragraph, space, table } from "deno-plot-svg";
import { formatDuration, timeUnit } from "../../format/duration.ts";
import { NONE } from "../../format/text_table.ts";
import { MARGIN } from "../../report/grid.ts";
import { formatSplit } from "../../report/result.ts";
import type { Manifest } from "../../run/manifest.ts";
import type { Comparison } from "./comparison.ts";
import { type Cost, costChart } from "./cost.ts";
import { FEW, letterOf } from "./letters.ts";

/** Duration, end and machine of a run. */
export interface TimeFacts extends Pick<Manifest, "finished" | "machine"> {
  /** Undefined if unknown. */
  readonly milliseconds: number | undefined;
}

/** Formats the time of a run; a dash if it is unknown. */
export function timeText({ milliseconds }: TimeFacts): string {
  return milliseconds === undefined ? NONE : formatDuration(milliseconds);
}

const WIDTH = 760;

/** The file environment.svg of a comparison; the facts are in the order of the runs. */
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
      rows: runs.map(({ run }, place) => {
        const { finished, machine: { workers = NONE, ...machine } } = facts[place];
        const named = runs.length <= FEW ? `${letterOf(place)} ${run}` : run;
        return [
          named,
          timeText(facts[place]),
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
  "Time from start to end of each run; of a resumed run, since it was last resumed; of a " +
  "ensemble, the sum over its members. Times depend on the machine and its load.";

function timeChart(
  comparison: Comparison,
  split: Cost["split"],
  facts: readonly TimeFacts[],
): Figure {
  const times = facts.map(({ milliseconds = NaN }) => 1000 * milliseconds);
  const second = 1e6; // the shortest unit, in microseconds
  const unit = timeUnit(Math.max(second, ...times.filter(Number.isFinite)));
  return costChart(comparison, {
    split,
    title: `time (${unit.name})`,
    values: times.map((time) => time / unit.size),
    words: facts.map(timeText),
  }, 480);
}
