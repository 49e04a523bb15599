/**
 * Draws environment.svg: versions, machine and times of a run, and the time of each part of its training.
 * These differ from machine to machine, so they are kept out of report.svg, whose bytes are the same
 * everywhere.
 *
 * @module
 */
import { barList, column, document, type Figure, label, row, space } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import type { RunTiming } from "../../run/timing.ts";
import { type Definition, drawDefinitions } from "../definitions.ts";
import { COLUMN, drawSection, GUTTER, MARGIN, PAGE } from "../grid.ts";
import { trainingTimePanels } from "./training_time.ts";

/** Environment of a run: versions, machine and times. */
export interface EnvironmentFacts {
  /** Version of each program and library, by its name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Properties of the machine by name, such as processor and memory. */
  readonly machine: Readonly<Record<string, string | number>>;
  /** Start of the run, ISO 8601 in UTC. */
  readonly started: string;
  /** End of the run, ISO 8601 in UTC. */
  readonly finished: string;
  /** Times of the stages and of the training. */
  readonly timing: RunTiming;
}

/** Draws the content of environment.svg of a run. */
export function drawEnvironment(run: string, facts: EnvironmentFacts): string {
  const { versions, machine, timing, started, finished } = facts;
  const columns = [
    drawDefinitionGroup("Versions", Object.entries(versions)),
    drawDefinitionGroup(
      "Machine",
      Object.entries(machine).map(([name, value]) => [name, String(value)]),
    ),
    column([
      drawDefinitionGroup("Time", [["started", started], ["finished", finished]]),
      drawStageTimes(timing.stages),
    ], { gap: 10 }),
  ];
  const title = label(`Environment of ${run}`, { bold: true, size: 16 });
  const panels = trainingTimePanels(timing);
  const training = panels.length === 0 ? [] : [space(PAGE, 12), drawSection("Training", panels)];
  return document(column([title, row(columns, { gap: GUTTER }), ...training], { gap: 16 }), {
    title: `Environment of ${run}`,
    description: `Versions, machine and times of ${run}`,
    margin: MARGIN,
  });
}

/** Draws a bar for the time of each stage of the pipeline. */
function drawStageTimes(stages: RunTiming["stages"]): Figure {
  const items = stages.map(({ stage, milliseconds }) => ({
    name: stage,
    value: milliseconds,
    label: `${formatCount(milliseconds)} ms`,
  }));
  return barList({ width: COLUMN, items });
}

/** Draws definitions below a bold heading, one column wide. */
function drawDefinitionGroup(name: string, items: readonly Definition[]): Figure {
  const heading = label(name, { bold: true });
  return { ...column([heading, drawDefinitions(items, COLUMN)], { gap: 4 }), width: COLUMN };
}
