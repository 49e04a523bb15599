import type { Caller, Need } from "./caller.ts";
import type { OptionTable, Values } from "./options.ts";

/** The declaration of a command: its name, arguments, options, help and function. */
export interface Command<Options extends OptionTable = OptionTable> {
  /** Its name: "train" for `ann train` and `deno task train`. */
  readonly name: string;
  /** One line about the command, without the final period. */
  readonly summary: string;
  /** Positional arguments, for each way to call it: "CONFIG". */
  readonly usage: readonly string[];
  readonly words?: {
    readonly count: readonly [least: number, most: number];
    /** The expectation in words, for messages: "one config". */
    readonly expected: string;
  };
  readonly about?: string;
  /** Options by name, in the order of `--help`. */
  readonly options: Options;
  readonly result?: string;
  /** How to resume after Ctrl-C, for commands that can be stopped. */
  readonly stops?: string;
  /** Meanings of exit codes beyond the usual ones. */
  readonly exits?: Readonly<Record<number, string>>;
  /** Permissions besides reading files; all others are revoked. */
  readonly needs?: readonly Need[];
  /** Whether it writes in the folder of results only where `--output` names a file. */
  readonly writesOutput?: boolean;
  /** Whether it accepts archives of runs, which are unpacked into the folder of results. */
  readonly opensArchives?: boolean;
  /** Runs the command; returns the exit code unless it is 0. */
  run(call: Call<NoInfer<Options>>): Promise<number | void>;
}

export interface Call<Options extends OptionTable = OptionTable> {
  readonly words: readonly string[];
  readonly options: Values<Options>;
  /** Words and options as they were typed. */
  readonly args: readonly string[];
  readonly caller: Caller;
  /** Aborted by Ctrl-C, if the command can be stopped. */
  readonly signal: AbortSignal;
}

export type CallOf<Declared> = Declared extends Command<infer Options> ? Call<Options> : never;

export function defineCommand<Options extends OptionTable>(
  command: Command<Options>,
): Command<Options> {
  return command;
}
