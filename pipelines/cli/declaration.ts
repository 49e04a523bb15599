import type { PermissionNeed, Startup } from "./startup.ts";
import type { OptionTable, Values } from "./options.ts";

/** The declaration of a command: its name, arguments, options, help and function. */
export interface Command<Options extends OptionTable = OptionTable> {
  /** Name of the command: "train" for `ann train` and `deno task train`. */
  readonly name: string;
  /** Description of the command in one line, without the final period. */
  readonly summary: string;
  /** Placeholders of the positional arguments, as in "CONFIG"; one text for each form of the command line. */
  readonly usage: readonly string[];
  /** Check on the positional arguments. Any are accepted if it is missing. */
  readonly positionals?: {
    /** Smallest and largest number of positional arguments. */
    readonly count: readonly [least: number, most: number];
    /** Description of the expected arguments, for messages: "one config". */
    readonly expected: string;
  };
  /** Paragraphs of `--help` before the options. */
  readonly about?: string;
  /** Options by name, in the order of `--help`. */
  readonly options: Options;
  /** Paragraphs of `--help` about the command's results, after the options. */
  readonly result?: string;
  /**
   * Message printed after Ctrl-C, which states how to resume. If it is missing, the command cannot be
   * resumed, and Ctrl-C ends the process at once.
   */
  readonly stops?: string;
  /** Meanings of exit codes that only this command has. */
  readonly exits?: Readonly<Record<number, string>>;
  /** Permissions that the command needs besides reading files. The others are revoked before it runs. */
  readonly needs?: readonly PermissionNeed[];
  /** Whether the command writes to the folder of results only if `--output` names a file. */
  readonly writesOutput?: boolean;
  /** Whether the command accepts .zip archives of runs, which are unpacked into the folder of results. */
  readonly opensArchives?: boolean;
  /** Runs the command. Returns the exit code; undefined stands for 0. */
  run(call: Invocation<NoInfer<Options>>): Promise<number | void>;
}

/** One invocation of a command: its parsed arguments, and how the program was started. */
export interface Invocation<Options extends OptionTable = OptionTable> {
  /** Positional arguments. */
  readonly positionals: readonly string[];
  readonly options: Values<Options>;
  /** All arguments after the command's name, as the user wrote them. */
  readonly args: readonly string[];
  readonly startup: Startup;
  /** Aborted by Ctrl-C if the command can be resumed; never aborted otherwise. */
  readonly signal: AbortSignal;
}

/** Type of the invocations of a declared command. */
export type InvocationOf<Declared> = Declared extends Command<infer Options> ? Invocation<Options>
  : never;

/** Returns a declaration unchanged. The call lets the type checker infer the types of the options' values. */
export function defineCommand<Options extends OptionTable>(
  command: Command<Options>,
): Command<Options> {
  return command;
}
