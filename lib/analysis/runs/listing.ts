/**
 * A list of runs and other results, as `deno task runs` prints it.
 *
 * @module
 */
import { formatBytes } from "../../format/bytes.ts";
import { formatPercent, PLAIN } from "../../format/percent.ts";
import { formatTable, left, NONE, right } from "../../format/text_table.ts";
import { type Members, members } from "../../report/config.ts";
import { FILES } from "../../run/folder.ts";

/** The file that tells what kind of result a folder holds. A run writes its config first. */
export const MAIN_FILES = {
  run: FILES.config,
  sweep: "sweep.json",
  exploration: "explore.json",
  comparison: "compare.json",
  "rate test": "lr-range.svg",
} as const;

/** A kind of result. */
export type Kind = keyof typeof MAIN_FILES;

/** A run in a list, or another result. */
export interface ListedRun {
  readonly run: string;
  readonly kind: Kind;
  /** Name in its config; undefined if that cannot be read. */
  readonly config: string | undefined;
  /** Finished runs have a manifest; of broken ones a file cannot be understood. */
  readonly state: "finished" | "unfinished" | "broken";
  /** When it was finished, else begun. */
  readonly date: Date | undefined;
  /** Epochs trained. */
  readonly epochs: number | undefined;
  /** Share of right answers on the validation part, 0 to 1. */
  readonly validation: number | undefined;
  /** Share of right answers on the test part, 0 to 1. */
  readonly test: number | undefined;
  /** Size of the folder in bytes. */
  readonly bytes: number;
}

/** The files of a run that a list looks into; of another result, its main file and summary. */
export const LISTED_FILES = [FILES.config, FILES.metrics, FILES.summary, FILES.manifest] as const;

/**
 * A run in a list, or another result, of the texts of its files.
 *
 * @param texts the text of each of {@linkcode LISTED_FILES} and its main file that exists
 * @param changed when its manifest was written, or its main file
 */
export function listRun(
  run: string,
  { kind, texts, changed, bytes }: {
    readonly kind: Kind;
    readonly texts: ReadonlyMap<string, string>;
    readonly changed: Date | undefined;
    readonly bytes: number;
  },
): ListedRun {
  const summary = parsed(texts.get(FILES.summary));
  const isRun = kind === "run";
  const main = parsed(texts.get(MAIN_FILES[kind]));
  const name = main.title ?? main.name ?? summary.name;
  const lines = texts.get(FILES.metrics)?.split("\n").length;
  const { epochs } = summary;
  const finished = !isRun || texts.has(FILES.manifest);
  const readable = !isRun ||
    typeof name === "string" && (!finished || typeof epochs === "number");
  return {
    run,
    kind,
    config: typeof name === "string" ? name : undefined,
    state: readable ? finished ? "finished" : "unfinished" : "broken",
    date: dateOf(parsed(texts.get(FILES.manifest)).finished) ?? changed,
    epochs: typeof epochs === "number" ? epochs : lines && lines - 1, // a line ends each epoch
    validation: accuracyOf(summary.validation),
    test: accuracyOf(summary.test),
    bytes,
  };
}

function dateOf(text: unknown): Date | undefined {
  const date = new Date(typeof text === "string" ? text : NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The members of an object in JSON; none if the text is missing or broken. */
function parsed(text = "null"): Members {
  try {
    return members(JSON.parse(text));
  } catch {
    return {};
  }
}

function accuracyOf(part: unknown): number | undefined {
  const { accuracy } = members(part);
  return typeof accuracy === "number" ? accuracy : undefined;
}

/** Returns the lines of a table of runs. */
export function runTable(runs: readonly ListedRun[]): readonly string[] {
  return formatTable({
    columns: [
      ...["run", "kind", "config", "state", "date"].map(left),
      ...["epochs", "validation", "test", "size"].map(right),
    ],
    rows: runs.map(({ run, kind, config, state, date, epochs, validation, test, bytes }) => [
      run,
      kind,
      oneLine(config ?? NONE),
      state,
      date === undefined ? NONE : localTime(date),
      epochs === undefined ? NONE : String(epochs),
      ...[validation, test].map((share) =>
        share === undefined ? NONE : formatPercent(share, 2, PLAIN)
      ),
      formatBytes(bytes),
    ]),
  });
}

/** Returns the date and time of day in the user's time zone: "2026-11-30 14:18". */
function localTime(date: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A name from a file without what would move a terminal's cursor. */
function oneLine(name: string): string {
  return name.replaceAll(/\p{C}/gu, "?");
}
