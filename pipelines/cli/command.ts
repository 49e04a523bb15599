/**
 * What all commands have in common: help, arguments, messages and exit codes.
 *
 * Only this file and the command's own are loaded before the arguments are known to be right, so that
 * the help comes at once.
 *
 * @module
 */

import type { Detail } from "./view.ts";

/** A command: how it is called, and what it does. */
export interface Command {
  /** Name of the task, as in `deno task train`. */
  readonly task: string;
  /** What --help prints. */
  readonly help: string;
  /** Options that are there or not: "fresh". */
  readonly flags?: readonly string[];
  /** Options with a value: "output". */
  readonly values?: readonly string[];
  /** Options with a value that may be repeated: "set". */
  readonly lists?: readonly string[];
  /** Does it, and returns the exit code. */
  run(given: Arguments): Promise<number> | number;
}

/** The arguments of a call, checked against the options that there are. */
export interface Arguments {
  /** What is no option: a config, a run, names. */
  readonly words: readonly string[];
  /** The flags that were given. */
  readonly flags: ReadonlySet<string>;
  /** The value of an option, or undefined if it was not given. */
  value(name: string): string | undefined;
  /** The values of a repeated option. */
  list(name: string): readonly string[];
}

/** More workers than this are a mistake. */
const MOST_THREADS = 256;

/**
 * The number after --threads, or that of the system's processors.
 *
 * @throws {UsageError} if it is no number of threads
 */
export async function threadsOf(given: Arguments): Promise<number> {
  const text = given.value("threads");
  if (text === undefined) {
    const { processors } = await import("../../lib/io/environment.ts");
    return processors();
  }
  const threads = Number(text);
  if (/^\d+$/.test(text) && threads >= 1 && threads <= MOST_THREADS) return threads;
  throw new UsageError(`expected 1 to ${MOST_THREADS} after --threads: received "${text}"`);
}

/**
 * Refuses an output folder at once, better than when the data has been loaded.
 *
 * @throws {UsageError} if this program may not write there
 */
export function expectWritable(output: string): void {
  const { state } = Deno.permissions.querySync({ name: "write", path: output });
  if (state === "granted") return;
  throw new UsageError(
    "expected an --output in outputs/, where alone this program may write: " +
      `received "${output}"`,
  );
}

/**
 * How much is shown, as --quiet and --verbose say.
 *
 * @throws {UsageError} if both are given
 */
export function detailOf({ flags }: Arguments): Detail {
  if (flags.has("quiet") && flags.has("verbose")) {
    throw new UsageError("expected --quiet or --verbose, not both");
  }
  return flags.has("quiet") ? "quiet" : flags.has("verbose") ? "verbose" : "usual";
}

/**
 * Leaves a PNG beside every SVG of a folder if --png says so.
 *
 * @throws {Error} if the renderer can be loaded from nowhere, or a file cannot be read or written
 */
export async function drawImages({ flags }: Arguments, folder: string): Promise<void> {
  if (!flags.has("png")) return;
  const { writeImages } = await import("../../lib/io/raster.ts");
  await writeImages(folder);
}

/** Thrown when a command was called in a wrong way: exit code 2. */
export class UsageError extends Error {
  /** `UsageError`. */
  override readonly name: string = "UsageError";
}

/** Exit code after Ctrl-C, as shells have it: 128 and the number of the signal. */
export const STOPPED = 130;

/** Milliseconds in which a second signal is taken for the first: `deno task` passes Ctrl-C on. */
const ECHO = 500;

/** A signal that Ctrl-C aborts; a second Ctrl-C ends the program at once. */
export function onInterrupt(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  let first: number | undefined;
  const listener = () => {
    first ??= performance.now();
    controller.abort();
    if (performance.now() - first > ECHO) Deno.exit(STOPPED);
  };
  Deno.addSignalListener("SIGINT", listener);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", listener),
  };
}

/** Calls a command with the program's arguments; returns the exit code. */
export async function call(command: Command, args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(command.help);
    return 0;
  }
  try {
    return await command.run(await parse(command, args));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "ConfigError") {
      console.error(error.message);
      return 2;
    }
    if (error instanceof UsageError) {
      const { task } = command;
      console.error(
        `Cannot run "deno task ${task}": ${error.message}\nSee "deno task ${task} --help"`,
      );
      return 2;
    }
    console.error(args.includes("--verbose") ? error : error.message);
    return 1;
  }
}

async function parse(
  { flags = [], values = [], lists = [] }: Command,
  args: readonly string[],
): Promise<Arguments> {
  const { parseArgs } = await import("@std/cli/parse-args");
  const unknown: string[] = [];
  const { _: words, ...given } = parseArgs(args, {
    boolean: flags,
    string: ["_", ...values, ...lists],
    collect: [...values, ...lists],
    unknown(argument, key) {
      if (key !== undefined) unknown.push(argument);
    },
  });
  const [first] = unknown;
  if (first !== undefined) await refuse(first, [...flags, ...values, ...lists, "help"]);
  const listOf = (name: string) => (given[name] ?? []) as readonly string[];
  for (const name of [...values, ...lists]) {
    const twice = values.includes(name) && listOf(name).length > 1;
    if (twice) {
      throw new UsageError(`expected --${name} once: received it ${listOf(name).length} times`);
    }
    if (listOf(name).includes("")) throw new UsageError(`expected a value after --${name}`);
  }
  return {
    words: words.map(String),
    flags: new Set(flags.filter((flag) => given[flag] === true)),
    value: (name) => listOf(name)[0],
    list: listOf,
  };
}

async function refuse(argument: string, options: readonly string[]): Promise<never> {
  const { nearest } = await import("../../lib/config/suggest.ts");
  const known = options.map((name) => `--${name}`);
  const near = nearest(argument.split("=")[0], known);
  const hint = near === undefined ? "" : `: did you mean "${near}"?`;
  throw new UsageError(`expected one of ${known.join(", ")}: received "${argument}"${hint}`);
}
