/**
 * A list of runs, as `deno task runs` prints it.
 *
 * @module
 */
import { FILES } from "../../run/folder.ts";

/** A run in a list. */
export interface ListedRun {
  /** Name of the run folder. */
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
  const config = parsed(texts.get(FILES.config));
  const name = member(config, "name");
  const lines = texts.get(FILES.metrics)?.split("\n").length;
  const epochs = member(summary, "epochs");
  const readable = typeof name === "string" && (!finished || typeof epochs === "number");
  return {
    run,
    config: typeof name === "string" ? name : undefined,
    state: readable ? finished ? "finished" : "unfinished" : "broken",
    epochs: typeof epochs === "number" ? epochs : lines && lines - 1, // a line ends each epoch
    validation: accuracyOf(summary, "validation"),
    test: accuracyOf(summary, "test"),
    bytes,
  };
}

/** The value of a text in JSON; undefined if it is missing or broken. */
function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

function accuracyOf(summary: unknown, part: string): number | undefined {
  const accuracy = member(member(summary, part), "accuracy");
  return typeof accuracy === "number" ? accuracy : undefined;
}

/**
 * The list as lines of a table, names to the left and figures to the right.
 *
 * @param size words for a number of bytes
 */
export function runTable(
  runs: readonly ListedRun[],
  size: (bytes: number) => string,
): readonly string[] {
  const rows = [
    ["run", "config", "state", "epochs", "validation", "test", "size"],
    ...runs.map(({ run, config, state, epochs, validation, test, bytes }) => [
      run,
      oneLine(config ?? "-"),
      state,
      epochs === undefined ? "-" : String(epochs),
      percent(validation),
      percent(test),
      size(bytes),
    ]),
  ];
  const [header = []] = rows;
  const widths = header.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length))
  );
  return rows.map((row) =>
    row.map((text, column) => {
      const width = widths[column] ?? 0;
      return column < 3 ? text.padEnd(width) : text.padStart(width);
    }).join("  ").trimEnd()
  );
}

function percent(share: number | undefined): string {
  return share === undefined ? "-" : `${(share * 100).toFixed(2)} %`;
}

/** A name from a file without what would move a terminal's cursor. */
function oneLine(name: string): string {
  return name.replaceAll(/\p{C}/gu, "?");
}
