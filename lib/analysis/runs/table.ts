/**
 * Formats the table of runs: chooses columns, sorts and filters runs, and fits the table to a terminal's width.
 *
 * @module
 */
import { formatBytes } from "../../format/bytes.ts";
import { formatDuration } from "../../format/duration.ts";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent, PLAIN } from "../../format/percent.ts";
import { formatTable, NONE } from "../../format/text_table.ts";
import { escapeForOneLine } from "../../format/visible.ts";
import { sortedIndices } from "../../report/runs/ordering.ts";
import type { ListedRun } from "./listing.ts";

/** A column of the table of runs. */
export interface RunColumn {
  readonly name: string;
  /** Returns the value of a run in the column; undefined if it is unknown. */
  readonly value: (run: ListedRun) => number | string | undefined;
  /** Formats a numeric value. Defaults to `String`. */
  readonly format?: (value: number) => string;
  readonly align: "left" | "right";
  /** Whether the largest value is first when runs are sorted by the column. Defaults to false. */
  readonly falling?: boolean;
  /** Rank of the column. If the terminal is too narrow, columns with the lowest numbers are omitted first. */
  readonly importance: number;
}

const formatAccuracy = (share: number) => formatPercent(share, 2, PLAIN);

const COLUMNS: readonly RunColumn[] = [
  { name: "run", value: ({ run }) => run, align: "left", importance: 13 },
  { name: "kind", value: ({ kind }) => kind, align: "left", importance: 5 },
  { name: "state", value: ({ state }) => state, align: "left", importance: 6 },
  {
    name: "date",
    value: ({ date }) => date?.getTime(),
    format: (time) => formatLocalTime(new Date(time)),
    align: "left",
    falling: true,
    importance: 8,
  },
  { name: "data", value: ({ data }) => data, align: "left", importance: 9 },
  { name: "network", value: ({ network }) => network, align: "left", importance: 10 },
  {
    name: "parameters",
    value: ({ parameters }) => parameters,
    format: formatCount,
    align: "right",
    importance: 7,
  },
  { name: "epochs", value: ({ epochs }) => epochs, align: "right", importance: 2 },
  {
    name: "validation",
    value: ({ validation }) => validation,
    format: formatAccuracy,
    align: "right",
    falling: true,
    importance: 4,
  },
  {
    name: "best",
    value: ({ best }) => best,
    format: formatAccuracy,
    align: "right",
    falling: true,
    importance: 12,
  },
  {
    name: "test",
    value: ({ test }) => test,
    format: formatAccuracy,
    align: "right",
    falling: true,
    importance: 13,
  },
  {
    name: "time",
    value: ({ time }) => time,
    format: formatDuration,
    align: "right",
    importance: 11,
  },
  {
    name: "size",
    value: ({ bytes }) => bytes,
    format: formatBytes,
    align: "right",
    falling: true,
    importance: 1,
  },
];

/** Returns the columns of the table of runs, with test accuracies only if `test` is true. */
export function runColumns({ test }: { readonly test: boolean }): readonly RunColumn[] {
  return COLUMNS.filter(({ name }) => test || name !== "test");
}

/**
 * Sorts runs by a column. The newest run, the best score or the smallest value is first, or last if `reverse`
 * is true. Runs without a value are always last.
 */
export function sortRuns(
  runs: readonly ListedRun[],
  { value, falling = false }: RunColumn,
  reverse: boolean,
): readonly ListedRun[] {
  return sortedIndices({ values: runs.map(value), falling }, reverse).map((place) => runs[place]);
}

/**
 * A condition on listed runs: that the cell of any column contains a text, or that the cell of one column
 * matches a pattern.
 */
export interface RunFilter {
  /** Column to which the pattern applies; undefined if any column may contain the text. */
  readonly column?: RunColumn;
  /**
   * Text, or pattern that must match the whole cell; `*` in a pattern matches any characters. Upper and lower
   * case are equal.
   */
  readonly text: string;
}

/**
 * Returns the runs that fulfil every filter.
 *
 * @param columns columns whose cells may contain the text of a filter without a column
 */
export function filterRuns(
  runs: readonly ListedRun[],
  filters: readonly RunFilter[],
  columns: readonly RunColumn[],
): readonly ListedRun[] {
  return runs.filter((run) => filters.every((filter) => matchesFilter(run, filter, columns)));
}

function matchesFilter(
  run: ListedRun,
  { column, text }: RunFilter,
  columns: readonly RunColumn[],
): boolean {
  if (column === undefined) {
    const wanted = text.toLowerCase();
    return columns.some((column) => formatCell(run, column).toLowerCase().includes(wanted));
  }
  const parts = text.split("*").map((part) => RegExp.escape(part));
  const pattern = new RegExp(`^${parts.join(".*")}$`, "i");
  return pattern.test(formatCell(run, column)) || pattern.test(`${column.value(run) ?? NONE}`);
}

/** Formats the value of a run in a column; a dash if it is unknown. */
function formatCell(run: ListedRun, { value, format = String }: RunColumn): string {
  const found = value(run);
  if (found === undefined) return NONE;
  return escapeForOneLine(typeof found === "number" ? format(found) : found);
}

/**
 * Smallest number of characters to which the name of a run is shortened: the id at its end, and a few
 * before it.
 */
const SHORTEST = 16;

/** Number of spaces between two columns. */
const GAP = 2;

/**
 * Formats the table of runs as lines. If the table is too wide, columns of low importance are omitted, then the
 * names of runs are cut. The column "state" is omitted if all runs are finished.
 *
 * @param columns columns from left to right; the first has the names of runs
 * @param room available width [characters]. Defaults to no limit.
 */
export function formatRunTable(
  runs: readonly ListedRun[],
  columns: readonly RunColumn[],
  room = Infinity,
): readonly string[] {
  const isFinished = runs.every(({ state }) => state === "finished");
  const all = columns.filter(({ name }) => !(isFinished && name === "state"))
    .map((column) => {
      const texts = runs.map((run) => formatCell(run, column));
      const width = texts.reduce((most, text) => Math.max(most, text.length), column.name.length);
      return { column, texts, width };
    });
  const shown = [...all];
  const excess = () => shown.reduce((sum, { width }) => sum + GAP + width, -GAP) - room;
  while (excess() > 0 && shown.length > LEAST) {
    const least = shown.reduce((a, b) => b.column.importance < a.column.importance ? b : a);
    shown.splice(shown.indexOf(least), 1);
  }
  const most = Math.max(SHORTEST, shown[0].width - Math.max(0, excess()));
  return formatTable({
    columns: shown.map(({ column: { name, align } }) => ({ title: name, align })),
    rows: runs.map(({ run }, place) => [
      shortenName(run, most),
      ...shown.slice(1).map(({ texts }) => texts[place]),
    ]),
  });
}

/** Number of characters of the id at the end of a run's name, with its hyphen. */
const ID = 11;

/** Shortens a run's name to at most `most` characters, keeping the id at its end. */
function shortenName(name: string, most: number): string {
  return name.length <= most ? name : `${name.slice(0, most - ID - 1)}…${name.slice(-ID)}`;
}

/** Number of columns that are always shown. */
const LEAST = 3;

/** Returns a line for each broken run, with its name and the reason. */
export function formatProblems(runs: readonly ListedRun[]): readonly string[] {
  return runs.flatMap(({ run, problem }) =>
    problem === undefined ? [] : [`${run}: ${escapeForOneLine(problem)}`]
  );
}

/** Returns the facts of a run for JSON output. Omits the test accuracy unless `test` is true. */
export function runAsJson(run: ListedRun, options: { readonly test: boolean }): ListedRun {
  const { test: _, ...others } = run;
  return options.test ? run : others;
}

/** Formats a date and its time of day in the user's time zone: "2026-11-30 14:18". */
function formatLocalTime(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
