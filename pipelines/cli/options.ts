/**
 * Options of commands, each declared once with its type, check, default and description.
 * Parsing, `--help` and the tables of the documents are derived from the declarations.
 *
 * @module
 */
import { countProcessors } from "../../lib/io/environment.ts";
import type { Caller } from "./caller.ts";

/** The declaration of an option: its kind, description, default and conversion from text. */
export interface Option<Value = unknown> {
  /** Whether the option has no value, one value, or a value each time it is repeated. */
  readonly kind: "flag" | "value" | "list";
  /** Placeholder of the value in `--help`: "DIR". A flag has none. */
  readonly placeholder?: string;
  /** Former name of the option on the command line. If it is used, a message names the present one. */
  readonly former?: string;
  /** Description of the option, without the final period. */
  readonly doc: string;
  /** The default as a user would write it, or a description of a default that depends on the machine. */
  readonly default?: string | undefined;
  /** Converts the texts after the option to its value. There are no texts if the option is absent. */
  read(texts: readonly string[], name: string, caller: Caller): Value;
}

/** Declarations of options by name; the option `dataDir` is `--data-dir` on the command line. */
export type OptionTable = Readonly<Record<string, Option>>;

/** Types of the values of declared options, by their names. */
export type Values<Table extends OptionTable> = {
  readonly [Name in keyof Table]: ReturnType<Table[Name]["read"]>;
};

/** An error in the arguments of a command: exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** Converts the text after an option; throws a {@linkcode UsageError} if it is invalid. */
export type Reader<Value> = (text: string, name: string) => Value;

/** Description of the ways to name a run, for the help of commands with a run as argument. */
export const RUN_NAMES =
  `RUN is the path of a run folder, its name in the folder of results, an unambiguous beginning of that
name, or "latest", your most recently finished run.`;

/** Returns an option without a value: true if it is set. */
export function flag(doc: string): Option<boolean> {
  return { kind: "flag", doc, read: (texts) => texts.length > 0 };
}

/** Returns an option that may be repeated; its value is the list of texts. */
export function list(placeholder: string, doc: string): Option<readonly string[]> {
  return { kind: "list", placeholder, doc, read: (texts) => texts };
}

/** Returns an option with one value, which is undefined if the option is absent. */
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

/**
 * Returns an option with one value and a default. The default, `byDefault`, is a text as a user would write
 * it after the option.
 */
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

/** Returns the text after an option as it is: a reader that accepts every text. */
export function anyText(text: string): string {
  return text;
}

/** Returns a reader of whole numbers between two bounds, which are included. */
export function wholeNumber(from: number, to: number): Reader<number> {
  return (text, name) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw unexpectedValue(`${from} to ${to}`, name, text);
  };
}

/** Returns a reader of numbers between two bounds, which are included. */
export function numberBetween(from: number, to: number): Reader<number> {
  return (text, name) => {
    const value = Number(text);
    if (value >= from && value <= to) return value;
    throw unexpectedValue(`${from} to ${to}`, name, text);
  };
}

/** Returns a reader that accepts one of some words. */
export function oneOf<Choice extends string>(...choices: readonly Choice[]): Reader<Choice> {
  return (text, name) => {
    const choice = choices.find((choice) => choice === text);
    if (choice !== undefined) return choice;
    throw unexpectedValue(choices.map((choice) => `"${choice}"`).join(" or "), name, text);
  };
}

/**
 * Returns a reader of a comma-separated list of some of the choices. The reader returns them in the order of
 * `choices`, each once.
 *
 * @param nouns noun for the choices in messages: "splits"
 */
export function listOf<Choice extends string>(
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

/** Returns the error about an option with an invalid value. */
export function unexpectedValue(expected: string, name: string, text: string): UsageError {
  return new UsageError(`expected ${expected} after --${name}: received "${text}"`);
}

/** Largest number of workers. A larger number is rejected as a typing mistake. */
const MOST_THREADS = 256;

/** The option `--set`, which replaces values of the config. */
export const overrides: Option<readonly string[]> = list(
  "PATH=VALUE",
  "Change the config: --set train.epochs=3 --set 'train.layers[0].units=64'. May be repeated",
);

/** Folders and number of workers of a command. */
export interface FoldersAndWorkers {
  readonly output: string;
  readonly dataDirectory: string | undefined;
  readonly cacheDirectory: string;
  readonly workers: number;
}

/**
 * Returns the folders and the number of workers of a command. The number is 1 if the command has no option
 * `--threads`.
 */
export function foldersAndWorkers(
  { output, dataDir, threads = 1 }: {
    readonly output: string;
    readonly dataDir: string | undefined;
    readonly threads?: number;
  },
  { cache }: Caller,
): FoldersAndWorkers {
  return { output, dataDirectory: dataDir, cacheDirectory: cache, workers: threads };
}

/**
 * Returns the option of the folder that results are written to. Defaults to the caller's folder of results,
 * or to `subfolder` in it. A folder without write permission is rejected before the data is loaded.
 */
export function outputFolder(subfolder?: string): Option<string> {
  const inside = (outputs: string) => subfolder === undefined ? outputs : `${outputs}/${subfolder}`;
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

/**
 * Returns the option of an output file, which must be in the folder of results.
 *
 * @param extension extension that the file must have. Any extension is accepted if undefined
 */
export function outputFile(
  extension: string | undefined,
  doc: string,
): Option<string | undefined> {
  return {
    kind: "value",
    placeholder: "FILE",
    doc,
    read([path], name, { outputs }) {
      if (path === undefined) return undefined;
      if (extension !== undefined && !path.endsWith(`.${extension}`)) {
        throw unexpectedValue(`a file.${extension}`, name, path);
      }
      return expectWritable(path, outputs);
    },
  };
}

/** Returns a path if the program has the permission to write to it. Throws a usage error otherwise. */
function expectWritable(path: string, outputs: string): string {
  if (isWritable(path)) return path;
  throw new UsageError(
    `expected an --output in ${outputs}/, the only folder that this program may write to: ` +
      `received "${path}"`,
  );
}

/** Returns whether the process has the permission to write to a path. */
export function isWritable(path: string): boolean {
  return Deno.permissions.querySync({ name: "write", path }).state === "granted";
}

/** The option `--data-dir`: a folder with the files of the data set. */
export const dataDir: Option<string | undefined> = optional(
  "DIR",
  "Read the data set's files from DIR or DIR/NAME, found by name or content, instead of downloading them",
  anyText,
);

/** The option `--threads`: the number of workers. */
export const threads: Option<number> = {
  kind: "value",
  placeholder: "N",
  doc: "Number of workers; results do not depend on it",
  default: "all processors",
  read: ([text], name) =>
    text === undefined ? countProcessors() : wholeNumber(1, MOST_THREADS)(text, name),
};

/** The option `--fresh`, which ignores a finished run. */
export const fresh: Option<boolean> = flag("Run again even if there is a finished run");

/** The option `--png`, which writes PNGs beside SVGs. */
export const png: Option<boolean> = flag(
  "Also write a PNG beside each SVG, in light colours and at twice the size",
);

/**
 * The option `--test`, which also shows scores on the test split. Without it they are hidden, since no
 * choice should depend on them.
 */
export const test: Option<boolean> = flag(
  "Show the test split too, not only the validation split by which runs are chosen",
);

/** Amount of output: errors only, the usual output, or a line for every epoch even on terminals. */
export type Detail = "quiet" | "usual" | "verbose";

/** Returns the amount of output that the flags `--quiet` and `--verbose` select. */
export function selectDetail(
  { quiet, verbose = false }: { readonly quiet: boolean; readonly verbose?: boolean },
): Detail {
  if (quiet && verbose) throw new UsageError("expected --quiet or --verbose, not both");
  return quiet ? "quiet" : verbose ? "verbose" : "usual";
}
