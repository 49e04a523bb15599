/**
 * surroundings.svg: with what, where and how long a run was made. All that differs from machine to
 * machine is here, so that the report itself has the same bytes everywhere.
 *
 * @module
 */
import { barList, column, document, type Figure, formatCount, label, row } from "deno-plot-svg";
import { type Definition, definitions } from "./definitions.ts";
import { COLUMN, GUTTER, MARGIN } from "./grid.ts";

/** What a run had around it. */
export interface SurroundingsFacts {
  /** Versions by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** The machine, as far as it is known. */
  readonly machine: Readonly<Record<string, string | number>>;
  /** Start, ISO 8601 in UTC. */
  readonly started: string;
  /** End, ISO 8601 in UTC. */
  readonly finished: string;
  /** How long each stage took. */
  readonly timing: readonly { readonly stage: string; readonly milliseconds: number }[];
}

/** The file surroundings.svg of a run. */
export function surroundingsReport(run: string, facts: SurroundingsFacts): string {
  const { versions, machine, timing, started, finished } = facts;
  const columns = [
    group("Versions", Object.entries(versions)),
    group("Machine", Object.entries(machine).map(([name, value]) => [name, String(value)])),
    column([group("Time", [["started", started], ["finished", finished]]), stageBars(timing)], {
      gap: 10,
    }),
  ];
  const title = label(`Surroundings of ${run}`, { bold: true, size: 16 });
  return document(column([title, row(columns, { gap: GUTTER })], { gap: 16 }), {
    title: `Surroundings of ${run}`,
    description: `Versions, machine and times of ${run}`,
    margin: MARGIN,
  });
}

/** How long each stage took, as bars. */
function stageBars(timing: SurroundingsFacts["timing"]): Figure {
  const items = timing.map(({ stage, milliseconds }) => ({
    ...{ name: stage, value: milliseconds, label: `${formatCount(milliseconds)} ms` },
  }));
  return barList({ width: COLUMN, items });
}

function group(name: string, items: readonly Definition[]): Figure {
  const heading = label(name, { bold: true });
  return { ...column([heading, definitions(items, COLUMN)], { gap: 4 }), width: COLUMN };
}
