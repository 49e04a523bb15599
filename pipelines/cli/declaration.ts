import type { Caller, PermissionNeed } from "./caller.ts";
import type { OptionTable, Values } from "./options.ts";

/** The declaration of a command: its name, arguments, options, help and function. */
export interface Command<Options extends OptionTable = OptionTable> {
  /** Name of the command: "train" for `ann train` and `deno task train`. */
  readonly name: string;
  /** Description of the command in one line, without the final period. */
  readonly summary: string;
  /** Positional arguments for each way to call the command: "CONFIG". */
  readonly usage: readonly string[];
  readonly words?: {
    readonly count: readonly [least: number, most: number];
    /** Expected positional arguments in words, for messages: "one config". */
    readonly expected: string;
  };
  readonly about?: string;
  /** Options by name, in the order of `--help`. */
  readonly options: Options;
  readonly result?: string;
  /**
   * Message printed after Ctrl-C, which states how to resume. A command without it cannot be stopped and
   * resumed.
   */
  readonly stops?: string;
  /** Meanings of exit codes that only this command has. */
  readonly exits?: Readonly<Record<number, string>>;
  /** Permissions that the command needs besides reading files. All others are revoked. */
  readonly needs?: readonly PermissionNeed[];
  /** Whether the command writes to the folder of results only if `--output` names a file. */
  readonly writesOutput?: boolean;
  /** Whether the command accepts archives of runs, which are unpacked into the folder of results. */
  readonly opensArchives?: boolean;
  /** Runs the command. Returns the exit code unless it is 0. */
  run(call: Call<NoInfer<Options>>): Promise<number | void>;
}

/** One call of a command: its arguments, option values and caller. */
export interface Call<Options extends OptionTable = OptionTable> {
  readonly words: readonly string[];
  readonly options: Values<Options>;
  /** Positional arguments and options as the user wrote them. */
  readonly args: readonly string[];
  readonly caller: Caller;
  /** Aborted by Ctrl-C, if the command can be stopped. */
  readonly signal: AbortSignal;
}

/** Type of the calls of a declared command. */
export type CallOf<Declared> = Declared extends Command<infer Options> ? Call<Options> : never;

/** Returns a command as it is, and infers the types of its options for the type checker. */
export function defineCommand<Options extends OptionTable>(
  command: Command<Options>,
): Command<Options> {
  return command;
}
