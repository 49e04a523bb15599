/**
 * The tables of a sweep: its settings, the best first, and all its runs; as texts for any table, and
 * as one SVG file that has the same bytes for the same results.
 *
 * @module
 */
import { column, document, type Figure, label, paragraph, space, table } from "deno-plot-svg";
import { formatCount, formatFixed } from "../../format/numbers.ts";
import {
  behind,
  bestFirst,
  COMPARED,
  type Compared,
  type PartScore,
  REPEATS,
  settingsOf,
  type Spread,
  spreadOver,
  type SweptRun,
} from "./model.ts";
import { MARGIN, PAGE } from "../../report/grid.ts";
import { formatInterval, formatPercent, UNITLESS } from "../../format/percent.ts";
import { shortNames, valueText } from "./names.ts";
import { left, NONE, right, type TextTable } from "../../format/text_table.ts";

/** A sweep that is done. */
export interface Sweep {
  /** Name of its folder. */
  readonly name: string;
  /** What it is called. */
  readonly title: string;
  /** What it is about. */
  readonly description?: string | undefined;
  /** The keys that vary. */
  readonly keys: readonly string[];
  /** The finished runs, in the order of the grid. */
  readonly runs: readonly SweptRun[];
}

/**
 * A row for each setting with the means over its repeats, the best first; and how far it is behind that
 * one, as the mean difference between the same repeats of both.
 */
export function settingsTable({ keys, runs }: Sweep): TextTable {
  const own = keys.filter((key) => !REPEATS.includes(key));
  const settings = bestFirst(settingsOf(runs));
  const parts = partsOf(runs);
  const isPaired = own.length > 0 && own.length < keys.length && parts.includes("validation");
  return {
    columns: [
      ...settingColumns(keys, own),
      right("runs"),
      ...parts.flatMap((part) => [right(`${part} (%)`), right("loss")]),
      ...(isPaired ? [right("behind best (%)")] : []),
    ],
    rows: settings.map((setting) => [
      ...valuesOf(setting.settings, own),
      formatCount(setting.runs.length),
      ...parts.flatMap((part) => [
        spreadText(spreadOver(setting, part, "accuracy"), accuracyText),
        spreadText(spreadOver(setting, part, "loss"), lossText),
      ]),
      ...(isPaired ? [spreadText(behind(setting, settings[0]), accuracyText)] : []),
    ]),
  };
}

/** A further column of a table of runs: what is not the same every time. */
export type MoreColumns = Readonly<Record<string, (run: SweptRun) => string>>;

/** A row for each run, those of the best setting first. */
export function runsTable({ keys, runs }: Sweep, more: MoreColumns = {}): TextTable {
  return tableOf(keys, bestFirst(settingsOf(runs)).flatMap(({ runs }) => runs), more);
}

/** A row for each member of a committee in their order, and a last one for all of them together. */
export function membersTable(members: readonly SweptRun[], all: SweptRun): TextTable {
  const keys = [...new Set(members.flatMap(({ settings }) => settings.map(({ key }) => key)))];
  const { columns, rows } = tableOf(keys, [...members, all], {});
  const last = rows.at(-1) ?? [];
  return { columns, rows: [...rows.slice(0, -1), ["committee", ...last.slice(1)]] };
}

/** A row for each run in the given order. */
function tableOf(keys: readonly string[], runs: readonly SweptRun[], more: MoreColumns): TextTable {
  const parts = partsOf(runs);
  return {
    columns: [
      ...settingColumns(keys, keys),
      ...parts.flatMap((
        part,
      ) => [right(`${part} (%)`), right("95\u00a0% interval"), right("loss")]),
      ...["epochs", ...Object.keys(more)].map(right),
      left("run"),
    ],
    rows: runs.map((run) => [
      ...valuesOf(run.settings, keys),
      ...parts.flatMap((part) => scoreTexts(run.scores[part])),
      run.epochs === 0 ? "" : formatCount(run.epochs),
      ...Object.values(more).map((textOf) => textOf(run)),
      run.run,
    ]),
  };
}

/** The tables as one SVG file. */
export function sweepDrawing(sweep: Sweep): string {
  const { title, description, name, keys, runs } = sweep;
  const repeats = keys.filter((key) => REPEATS.includes(key));
  const over = repeats.length === 0 ? "" : `, mean ± standard deviation over ${repeats.join(", ")}`;
  const page = column([
    paragraph(name, PAGE, { tone: "muted" }),
    paragraph(title, PAGE, { size: 26, bold: true }),
    ...(description === undefined
      ? []
      : [paragraph(description, PAGE, { size: 14, tone: "muted" })]),
    space(PAGE, 24),
    ...section(`Settings, the best on the validation part first${over}`, settingsTable(sweep)),
    space(PAGE, 24),
    ...section("Runs", runsTable(sweep)),
  ]);
  return document(page, {
    title: `Sweep ${name}`,
    description: `${formatCount(runs.length)} runs over ${keys.join(", ")}`,
    margin: MARGIN,
  });
}

function section(heading: string, { columns, rows }: TextTable): readonly Figure[] {
  return [
    label(heading, { size: 15, bold: true }),
    space(PAGE, 6),
    table({ width: PAGE, columns, rows }),
  ];
}

/** The parts that some run was evaluated on. */
function partsOf(runs: readonly SweptRun[]): readonly Compared[] {
  return COMPARED.filter((part) => runs.some(({ scores }) => scores[part] !== undefined));
}

function settingColumns(keys: readonly string[], shown: readonly string[]): TextTable["columns"] {
  const names = shortNames(keys);
  return shown.map((key) => left(names[keys.indexOf(key)]));
}

function valuesOf(settings: SweptRun["settings"], keys: readonly string[]): readonly string[] {
  return keys.map((key) => {
    const setting = settings.find((setting) => setting.key === key);
    return setting === undefined ? "" : valueText(setting.value);
  });
}

function scoreTexts(score: PartScore | undefined): readonly string[] {
  if (score === undefined) return [NONE, NONE, NONE];
  const { accuracy, interval, loss } = score;
  return [
    accuracy === null ? NONE : accuracyText(accuracy),
    interval === null ? NONE : formatInterval(interval, 2, UNITLESS),
    loss === null ? NONE : lossText(loss),
  ];
}

function spreadText(spread: Spread | undefined, text: (value: number) => string): string {
  if (spread === undefined) return NONE;
  const { mean, deviation } = spread;
  return deviation === undefined ? text(mean) : `${text(mean)} ± ${text(deviation)}`;
}

function accuracyText(accuracy: number): string {
  return formatPercent(accuracy, 2, UNITLESS);
}

function lossText(loss: number): string {
  return formatFixed(loss, 4);
}
