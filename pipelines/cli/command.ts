/**
 * Parses the arguments of commands, runs them, and turns errors into messages and exit codes.
 *
 * Declarations load nothing of the engine, so that `--help` and messages about arguments appear at once.
 *
 * @module
 */
import { printLine, printMessage } from "../../lib/io/print.ts";
import { admitCommandLinePath } from "../../lib/io/reads.ts";
import { type Startup, TASK_STARTUP } from "./startup.ts";
import type { Command, Invocation } from "./declaration.ts";
import { formatHelp, toKebabCase } from "./help.ts";
import { UsageError } from "./options.ts";

/**
 * Returns the function `run` of a command: it imports a module when it is called, and then calls the module's
 * exported function `run`.
 *
 * Deno reads the graph of a literal `import("…")`, some 350 modules, before a program starts: 27 ms, more
 * than the rest of `--help` takes.
 *
 * @param module URL of the module
 */
export function runOfModule(module: string): Command["run"] {
  return async (invocation) => (await import(module)).run(invocation);
}

/** Signals that stop a command cleanly, with their numbers; Windows has only the first. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Name of a signal that stops a command. */
type StopSignal = keyof typeof SIGNALS;

/** Returns the exit code of a program that a signal ended, 128 plus the signal's number, as in shells. */
function exitCode(name: StopSignal): number {
  return 128 + SIGNALS[name];
}

/**
 * Time [ms] after the first signal in which further ones are ignored: `deno task` forwards Ctrl-C, so that it
 * arrives twice.
 */
const ECHO = 500;

/** A listener for signals that stop a command. Disposing of it removes the listener from the process. */
interface Interrupt extends Disposable {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Returns the exit code of a command that the first signal stopped; that of SIGINT if none arrived. */
  code(): number;
}

/**
 * Listens for signals that stop a command, such as SIGINT after Ctrl-C. The first signal aborts the returned
 * `signal`; a further one more than half a second later ends the program at once.
 */
function listenForSignals(): Interrupt {
  const controller = new AbortController();
  const names: StopSignal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  let first: { readonly time: number; readonly code: number } | undefined;
  const listeners = names.map((name) => {
    const listener = () => {
      first ??= { time: performance.now(), code: exitCode(name) };
      controller.abort();
      if (performance.now() - first.time > ECHO) Deno.exit(exitCode(name));
    };
    Deno.addSignalListener(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    code: () => first?.code ?? exitCode("SIGINT"),
    [Symbol.dispose]() {
      for (const { name, listener } of listeners) Deno.removeSignalListener(name, listener);
    },
  };
}

/**
 * Returns a listener whose `signal` is never aborted, for commands that cannot be resumed: a signal ends
 * their process at once.
 */
function noInterrupt(): Interrupt {
  const { signal } = new AbortController();
  return { signal, code: () => exitCode("SIGINT"), [Symbol.dispose]: () => {} };
}

/**
 * Parses the arguments of a command, runs the command, and prints its errors. With `--help`, prints its help
 * instead. Returns the exit code.
 */
export async function callCommand(
  command: Command,
  args: readonly string[],
  startup: Startup = TASK_STARTUP,
): Promise<number> {
  const { name, stops } = command;
  const commandLine = `${startup.commandPrefix} ${name}`;
  if (args.includes("--help") || args.includes("-h")) {
    printLine(formatHelp(command, startup));
    return 0;
  }
  using interrupt = stops === undefined ? noInterrupt() : listenForSignals();
  try {
    const parsed = await parseCommandLine(command, args, startup);
    const texts = [...parsed.positionals, ...Object.values(parsed.options)];
    texts.filter((value) => typeof value === "string").forEach(admitCommandLinePath);
    return await command.run({ ...parsed, args, startup, signal: interrupt.signal }) ?? 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "StoppedError") {
      if (!args.includes("--quiet")) printMessage(`stopped: ${stops}`);
      return interrupt.code();
    }
    if (error.name === "ConfigError") {
      printMessage(error.message);
      return 2;
    }
    if (error instanceof UsageError) {
      printMessage(`Cannot run "${commandLine}": ${error.message}\nSee "${commandLine} --help"`);
      return 2;
    }
    printMessage(args.includes("--verbose") ? Deno.inspect(error) : error.message);
    return 1;
  }
}

/**
 * Parses the arguments of a command into its positional arguments and the values of its options.
 *
 * @throws {UsageError} if an option is unknown or has no valid value, or the number of positional arguments is wrong
 */
async function parseCommandLine(
  { options, positionals: { count: [least, most], expected } = ANY_ARGUMENTS }: Command,
  args: readonly string[],
  startup: Startup,
): Promise<Pick<Invocation, "positionals" | "options">> {
  const named = Object.entries(options).map(([key, option]) => ({
    key,
    name: toKebabCase(key),
    option,
  }));
  const ofKind = (kind: string) =>
    named.filter(({ option }) => option.kind === kind).map(({ name }) => name);
  const flags = ofKind("flag");
  const valued = [...ofKind("value"), ...ofKind("list")];
  const { parseArgs } = await import("@std/cli/parse-args");
  const unknown: string[] = [];
  const { _, ...parsed } = parseArgs(args, {
    boolean: flags,
    string: ["_", ...valued],
    collect: valued,
    unknown(argument, key) {
      if (key !== undefined) unknown.push(argument);
    },
  });
  if (unknown.length > 0) {
    const [former] = unknown[0].slice(2).split("=");
    const renamed = named.find(({ option }) => option.former === former);
    await throwUnknownOption(unknown[0], [...flags, ...valued, "help"], renamed?.name);
  }
  const values = named.map(({ key, name, option }) => {
    const texts = optionTexts(parsed[name]);
    if (option.kind === "value" && texts.length > 1) {
      throw new UsageError(`expected --${name} once: received it ${texts.length} times`);
    }
    if (texts.includes("")) throw new UsageError(`expected a value after --${name}`);
    return [key, option.read(texts, name, startup)] as const;
  });
  const positionals = _.map(String);
  if (positionals.length < least || positionals.length > most) {
    const received = most === 0 ? `"${positionals.join(" ")}"` : positionals.length;
    throw new UsageError(`expected ${expected}: received ${received}`);
  }
  return { positionals, options: Object.fromEntries(values) };
}

/**
 * Accepted number of positional arguments of commands that check their arguments themselves: any
 * number.
 */
const ANY_ARGUMENTS = { count: [0, Infinity], expected: "" } as const;

/**
 * Returns the texts after an option, one for each time that it is given; for a flag that is set, ["true"].
 * Returns an empty list if the option is absent.
 *
 * @param parsed value of the option as `parseArgs()` returns it
 */
function optionTexts(parsed: unknown): readonly string[] {
  if (Array.isArray(parsed)) return parsed;
  return parsed === true ? ["true"] : [];
}

/**
 * Throws a usage error about an unknown option. The message suggests `presentName`, or else the most similar
 * known name.
 *
 * @param argument the option as the user wrote it: "--epoch=3"
 * @param options names of all options of the command, without dashes
 * @param presentName present name of the option, if `argument` is its former name
 */
async function throwUnknownOption(
  argument: string,
  options: readonly string[],
  presentName?: string,
): Promise<never> {
  if (presentName !== undefined) {
    throw new UsageError(`expected --${presentName}, the present name: received "${argument}"`);
  }
  const { didYouMean } = await import("../../lib/config/messages/suggest.ts");
  const known = options.map((name) => `--${name}`);
  const near = didYouMean(argument.split("=")[0], known);
  const hint = near === "" && options.includes("set")
    ? ": options of the config are set by --set, as in --set train.epochs=3"
    : near;
  throw new UsageError(`expected one of ${known.join(", ")}: received "${argument}"${hint}`);
}
