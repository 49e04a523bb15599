/**
 * A list of runs, as `deno task runs` prints it.
 *
 * @module
 */
import { formatBytes } from "../../format/bytes.ts";
import { formatPercent, PLAIN } from "../../format/percent.ts";
import { formatTable, left, NONE, right } from "../../format/text_table.ts";
import { type Members, members } from "../../report/config.ts";
import { FILES } from "../../run/folder.ts";

/** A run in a list. */
export interface ListedRun {
  readonly run: string;
  /** Name in its config; undefined if that cannot be read. */
  readonly config: string | undefined;
  /** Finished runs have a manifest; of broken ones a file cannot be understood. */
  readonly state: "finished" | "unfinished" | "broken";
  /** Epochs trained. */
  readonly epochs: number | undefined;
  /** Share of right answers on the validation part, 0 to 1. */
  readonly validation: number | undefined;
  /** Share of right answers on the test part, 0 to 1. */
  readonly test: number | undefined;
  /** Size of the folder in bytes. */
  readonly bytes: number;
}

/** The files that a list looks into. */
export const LISTED_FILES = [FILES.config, FILES.metrics, FILES.summary] as const;

/**
 * A run in a list, of the texts of its files.
 *
 * @param texts the text of each of {@linkcode LISTED_FILES} that exists
 */
export function listRun(
  run: string,
  { texts, finished, bytes }: {
    readonly texts: ReadonlyMap<string, string>;
    readonly finished: boolean;
    readonly bytes: number;
  },
): ListedRun {
  const summary = parsed(texts.get(FILES.summary));
  const { name } = parsed(texts.get(FILES.config));
  const lines = texts.get(FILES.metrics)?.split("\n").length;
  const { epochs } = summary;
  const readable = typeof name === "string" && (!finished || typeof epochs === "number");
  return {
    run,
    config: typeof name === "string" ? name : undefined,
    state: readable ? finished ? "finished" : "unfinished" : "broken",
    epochs: typeof epochs === "number" ? epochs : lines && lines - 1, // a line ends each epoch
    validation: accuracyOf(summary.validation),
    test: accuracyOf(summary.test),
    bytes,
  };
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
      ...["run", "config", "state"].map(left),
      ...["epochs", "validation", "test", "size"].map(right),
    ],
    rows: runs.map(({ run, config, state, epochs, validation, test, bytes }) => [
      run,
      oneLine(config ?? NONE),
      state,
      epochs === undefined ? NONE : String(epochs),
      ...[validation, test].map((share) =>
        share === undefined ? NONE : formatPercent(share, 2, PLAIN)
      ),
      formatBytes(bytes),
    ]),
  });
}

/** A name from a file without what would move a terminal's cursor. */
function oneLine(name: string): string {
  return name.replaceAll(/\p{C}/gu, "?");
}
