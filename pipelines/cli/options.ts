/**
 * Options of commands, each declared once with its type, check, default and description.
 * Parsing, `--help` and the tables of the documents are derived from the declarations.
 *
 * @module
 */
import { countProcessors } from "../../lib/io/environment.ts";
import type { Startup } from "./startup.ts";

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
  /**
   * Converts the texts after the option, one for each time that it is given, to its value. There are none if
   * the option is absent; a flag that is set has one. `name` is the option's name in messages.
   */
  read(texts: readonly string[], name: string, startup: Startup): Value;
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

/**
 * A function that converts the text after an option to its value, and throws a {@linkcode UsageError} with
 * the option's name if the text is invalid.
 */
export type Reader<Value> = (text: string, name: string) => Value;

/** Description of the ways to name a run, for the help of commands with a run as argument. */
export const RUN_NAMES =
  `RUN is the path of a run folder, its name in the folder of results, an unambiguous beginning of that
name, or "latest", your most recently finished run.`;

/** Returns a boolean option, which has no text after it: true if it is given. */
export function flag(doc: string): Option<boolean> {
  return { kind: "flag", doc, read: (texts) => texts.length > 0 };
}

/**
 * Returns an option that may be repeated. Its value is the list of the texts after it, empty if it is absent.
 */
export function list(placeholder: string, doc: string): Option<readonly string[]> {
  return { kind: "list", placeholder, doc, read: (texts) => texts };
}

/** Returns an option that may be given once. Its value is undefined if the option is absent. */
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
 * Returns an option that may be given once and has a default. The default, `byDefault`, is a text as a user
 * would write it after the option.
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

/** Returns a reader that accepts each of the choices, spelled exactly so, and nothing else. */
export function oneOf<Choice extends string>(...choices: readonly Choice[]): Reader<Choice> {
  return (text, name) => {
    const choice = choices.find((choice) => choice === text);
    if (choice !== undefined) return choice;
    throw unexpectedValue(choices.map((choice) => `"${choice}"`).join(" or "), name, text);
  };
}

/**
 * Returns a reader of a comma-separated list of choices. It returns the listed ones in the order of
 * `choices`, each once, and rejects other texts.
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

/**
 * Returns the error about an option with an invalid value.
 *
 * @param expected description of valid values
 * @param name name of the option, without dashes
 * @param text invalid text
 */
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
  /** Folder to which results are written. */
  readonly output: string;
  /** Folder with the user's copies of data files. Undefined if the user named none. */
  readonly dataDirectory: string | undefined;
  /** Folder of downloaded data sets. */
  readonly cacheDirectory: string;
  readonly workers: number;
}

/**
 * Returns the folders and the number of workers of a command, from its options and the program's startup. The
 * number is 1 if the command has no option `--threads`.
 */
export function foldersAndWorkers(
  { output, dataDir, threads = 1 }: {
    readonly output: string;
    readonly dataDir: string | undefined;
    readonly threads?: number;
  },
  { cache }: Startup,
): FoldersAndWorkers {
  return { output, dataDirectory: dataDir, cacheDirectory: cache, workers: threads };
}

/**
 * Returns the option `--output` of a command that writes to a folder. Its value defaults to the program's
 * folder of results, or to `subfolder` in it. A folder to which the program may not write is a usage error.
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
 * Returns the option of an output file, which must be in the program's folder of results. Its value is
 * undefined if the option is absent.
 *
 * @param extension extension that the file must have, without the dot. Any is accepted if undefined
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

/**
 * Returns a path if the program has the permission to write to it. Throws a usage error otherwise.
 *
 * @param outputs program's folder of results, for the message
 */
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

/**
 * The option `--fresh`, which runs again even if the folder of results has a finished run of the same config.
 */
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
