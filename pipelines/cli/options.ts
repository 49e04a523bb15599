/**
 * Options of commands: each is declared once, with its value, its check, its default and its description.
 * Parsing, `--help` and the tables of the documents follow from the declaration.
 *
 * @module
 */
import { processors } from "../../lib/io/environment.ts";
import type { Caller } from "./caller.ts";

export interface Option<Value = unknown> {
  /** Whether it has no value, one value, or one each time that it is repeated. */
  readonly kind: "flag" | "value" | "list";
  /** Placeholder of the value in `--help`: "DIR". A flag has none. */
  readonly placeholder?: string;
  /** Former name, as it is written in a command: a message names the present one. */
  readonly former?: string;
  /** What the option does, without the final period. */
  readonly doc: string;
  /** The default as it would be written; words where it depends on the machine. */
  readonly default?: string | undefined;
  /** Returns the value of the texts that were given, none if the option was left out. */
  read(texts: readonly string[], name: string, caller: Caller): Value;
}

/** Options by name: `dataDir` is written `--data-dir`. */
export type OptionTable = Readonly<Record<string, Option>>;

export type Values<Table extends OptionTable> = {
  readonly [Name in keyof Table]: ReturnType<Table[Name]["read"]>;
};

/** Thrown when a command was called in a wrong way: exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** Reads the text after an option; throws a {@linkcode UsageError} if it is not what is expected. */
export type Reader<Value> = (text: string, name: string) => Value;

/** What stands for a run, for the text of commands that take one. */
export const RUN_NAMES =
  `RUN is the path of a run folder, its name in the folder of results, the beginning of one name alone, or
latest, the run of yours that was finished last.`;

export function flag(doc: string): Option<boolean> {
  return { kind: "flag", doc, read: (texts) => texts.length > 0 };
}

export function list(placeholder: string, doc: string): Option<readonly string[]> {
  return { kind: "list", placeholder, doc, read: (texts) => texts };
}

export function optional<Value = string>(
  placeholder: string,
  doc: string,
  reader: Reader<Value>,
): Option<Value | undefined> {
  return {
    kind: "value",
    placeholder,
    doc,
    read: ([text], name) => text === undefined ? undefined : reader(text, name),
  };
}

export function withDefault<Value>(
  placeholder: string,
  byDefault: string,
  doc: string,
  reader: Reader<Value>,
): Option<Value> {
  return {
    kind: "value",
    placeholder,
    doc,
    default: byDefault,
    read: ([text = byDefault], name) => reader(text, name),
  };
}

export function anyText(text: string): string {
  return text;
}

export function wholeNumber(from: number, to: number): Reader<number> {
  return (text, name) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw unexpected(`${from} to ${to}`, name, text);
  };
}

export function numberBetween(from: number, to: number): Reader<number> {
  return (text, name) => {
    const value = Number(text);
    if (value >= from && value <= to) return value;
    throw unexpected(`${from} to ${to}`, name, text);
  };
}

export function oneOf<Choice extends string>(...choices: readonly Choice[]): Reader<Choice> {
  return (text, name) => {
    const choice = choices.find((choice) => choice === text);
    if (choice !== undefined) return choice;
    throw unexpected(choices.map((choice) => `"${choice}"`).join(" or "), name, text);
  };
}

/** Returns a reader of words with commas between, in the order of the choices. */
export function someOf<Choice extends string>(
  nouns: string,
  choices: readonly Choice[],
): Reader<readonly Choice[]> {
  return (text) => {
    const named = text.split(",");
    const wrong = named.find((name) => !choices.some((choice) => choice === name));
    if (wrong === undefined) return choices.filter((choice) => named.includes(choice));
    throw new UsageError(`expected ${nouns} out of ${choices.join(", ")}: received "${wrong}"`);
  };
}

export function unexpected(expected: string, name: string, text: string): UsageError {
  return new UsageError(`expected ${expected} after --${name}: received "${text}"`);
}

/** More workers than this are a mistake. */
const MOST_THREADS = 256;

export const overrides: Option<readonly string[]> = list(
  "PATH=VALUE",
  "Change the config: --set train.epochs=3 --set 'train.layers[0].units=64'. May be repeated",
);

/** Where a command works, and on what data. */
interface Where {
  readonly output: string;
  readonly dataDirectory: string | undefined;
  readonly cacheDirectory: string;
  readonly workers: number;
}

/** Returns where a command works, as its options say; with one worker if it has no `--threads`. */
export function whereOf(
  { output, dataDir, threads = 1 }: {
    readonly output: string;
    readonly dataDir: string | undefined;
    readonly threads?: number;
  },
  { cache }: Caller,
): Where {
  return { output, dataDirectory: dataDir, cacheDirectory: cache, workers: threads };
}

/**
 * Returns the option of the folder that results are written to. A folder outside of what the program may
 * write is refused before the data is loaded.
 */
export function outputFolder(below?: string): Option<string> {
  const inside = (outputs: string) => below === undefined ? outputs : `${outputs}/${below}`;
  return {
    kind: "value",
    placeholder: "DIR",
    doc: "Folder of the results, in outputs/",
    default: inside("outputs"),
    read([path], _, { outputs }) {
      if (path === undefined) return inside(outputs);
      return expectWritable(path, outputs);
    },
  };
}

/** Returns the option of a file that is written in place of a folder; it must be in that of the results. */
export function outputFile(extension: string, doc: string): Option<string | undefined> {
  return {
    kind: "value",
    placeholder: "FILE",
    doc,
    read([path], name, { outputs }) {
      if (path === undefined) return undefined;
      if (!path.endsWith(`.${extension}`)) throw unexpected(`a file.${extension}`, name, path);
      return expectWritable(path, outputs);
    },
  };
}

function expectWritable(path: string, outputs: string): string {
  if (isWritable(path)) return path;
  throw new UsageError(
    `expected an --output in ${outputs}/, where alone this program may write: received "${path}"`,
  );
}

export function isWritable(path: string): boolean {
  return Deno.permissions.querySync({ name: "write", path }).state === "granted";
}

export const dataDir: Option<string | undefined> = optional(
  "DIR",
  "Find the data set's files in DIR, or in DIR/NAME, by their names or their content, in place of the network",
  anyText,
);

export const threads: Option<number> = {
  kind: "value",
  placeholder: "N",
  doc: "Workers that share the work, with the same results",
  default: "all processors",
  read: ([text], name) =>
    text === undefined ? processors() : wholeNumber(1, MOST_THREADS)(text, name),
};

export const fresh: Option<boolean> = flag("Run again what was run before");

export const png: Option<boolean> = flag(
  "Write a PNG beside each SVG, in light colours and twice the size",
);

/** Whether the test split is shown, which nothing should be chosen by. */
export const test: Option<boolean> = flag(
  "Show the test split too. Without it only the validation split is shown, by which runs are chosen",
);

/** How much is shown: nothing but errors; the usual; every epoch on terminals too. */
export type Detail = "quiet" | "usual" | "verbose";

/** Returns how much is shown, by the flags `--quiet` and `--verbose`. */
export function detailOf(
  { quiet, verbose = false }: { readonly quiet: boolean; readonly verbose?: boolean },
): Detail {
  if (quiet && verbose) throw new UsageError("expected --quiet or --verbose, not both");
  return quiet ? "quiet" : verbose ? "verbose" : "usual";
}
