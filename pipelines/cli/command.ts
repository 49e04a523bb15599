/**
 * Commands: parsing their arguments and calling them, messages and exit codes.
 *
 * Declarations load nothing of the engine, so that `--help` and messages about arguments come at once.
 *
 * @module
 */
import { printLine, printMessage } from "../../lib/io/print.ts";
import { type Caller, TASKS } from "./caller.ts";
import type { Call, Command } from "./declaration.ts";
import { dashed, helpText } from "./help.ts";
import { UsageError } from "./options.ts";

/**
 * Returns a function that calls `run` of a module, which is loaded only then.
 *
 * Deno reads the graph of a literal `import("…")`, of some 350 modules, before a program starts: 27 ms, more
 * than all else that `--help` does.
 *
 * @param module its URL
 */
export function runOf(module: string): Command["run"] {
  return async (call) => (await import(module)).run(call);
}

/** Exit code after Ctrl-C, as shells have it: 128 and the number of the signal. */
const STOPPED = 130;

/** Milliseconds in which a second signal is taken for the first: `deno task` passes Ctrl-C on. */
const ECHO = 500;

/** A signal that Ctrl-C aborts; a second Ctrl-C ends the program at once. */
function onInterrupt(): Disposable & { readonly signal: AbortSignal } {
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

/** A signal that nothing aborts. */
function noInterrupt(): Disposable & { readonly signal: AbortSignal } {
  return { signal: new AbortController().signal, [Symbol.dispose]: () => {} };
}

/** Calls a command with the program's arguments; returns the exit code. */
export async function call(
  command: Command,
  args: readonly string[],
  caller: Caller = TASKS,
): Promise<number> {
  const { name, stops } = command;
  const called = `${caller.program} ${name}`;
  if (args.includes("--help") || args.includes("-h")) {
    printLine(helpText(command, caller));
    return 0;
  }
  try {
    const parsed = await parse(command, args, caller);
    using interrupt = stops === undefined ? noInterrupt() : onInterrupt();
    return await command.run({ ...parsed, caller, signal: interrupt.signal }) ?? 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "StoppedError") {
      if (!args.includes("--quiet")) printMessage(`stopped: ${stops}`);
      return STOPPED;
    }
    if (error.name === "ConfigError") {
      printMessage(error.message);
      return 2;
    }
    if (error instanceof UsageError) {
      printMessage(`Cannot run "${called}": ${error.message}\nSee "${called} --help"`);
      return 2;
    }
    printMessage(args.includes("--verbose") ? Deno.inspect(error) : error.message);
    return 1;
  }
}

async function parse(
  { options, words: { count: [least, most], expected } = ANY_WORDS }: Command,
  args: readonly string[],
  caller: Caller,
): Promise<Pick<Call, "words" | "options">> {
  const named = Object.entries(options).map(([key, option]) => ({
    key,
    name: dashed(key),
    option,
  }));
  const ofKind = (kind: string) =>
    named.filter(({ option }) => option.kind === kind).map(({ name }) => name);
  const flags = ofKind("flag");
  const valued = [...ofKind("value"), ...ofKind("list")];
  const { parseArgs } = await import("@std/cli/parse-args");
  const unknown: string[] = [];
  const { _, ...given } = parseArgs(args, {
    boolean: flags,
    string: ["_", ...valued],
    collect: valued,
    unknown(argument, key) {
      if (key !== undefined) unknown.push(argument);
    },
  });
  if (unknown.length > 0) await refuse(unknown[0], [...flags, ...valued, "help"]);
  const values = named.map(({ key, name, option }) => {
    const texts = textsOf(given[name]);
    if (option.kind === "value" && texts.length > 1) {
      throw new UsageError(`expected --${name} once: received it ${texts.length} times`);
    }
    if (texts.includes("")) throw new UsageError(`expected a value after --${name}`);
    return [key, option.read(texts, name, caller)] as const;
  });
  const words = _.map(String);
  if (words.length < least || words.length > most) {
    const received = most === 0 ? `"${words.join(" ")}"` : words.length;
    throw new UsageError(`expected ${expected}: received ${received}`);
  }
  return { words, options: Object.fromEntries(values) };
}

/** The check of a command that checks its words itself. */
const ANY_WORDS = { count: [0, Infinity], expected: "" } as const;

/** What was given of an option: of a flag "true" if it was. */
function textsOf(given: unknown): readonly string[] {
  if (Array.isArray(given)) return given;
  return given === true ? ["true"] : [];
}

async function refuse(argument: string, options: readonly string[]): Promise<never> {
  const { didYouMean } = await import("../../lib/config/messages/suggest.ts");
  const known = options.map((name) => `--${name}`);
  const near = didYouMean(argument.split("=")[0], known);
  const hint = near === "" && options.includes("set")
    ? ": options of the config are set by --set, as in --set train.epochs=3"
    : near;
  throw new UsageError(`expected one of ${known.join(", ")}: received "${argument}"${hint}`);
}
