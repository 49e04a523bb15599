import type { Caller, Need } from "./caller.ts";
import type { OptionTable, Values } from "./options.ts";

/** A command: how it is called, and what it does. */
export interface Command<Options extends OptionTable = OptionTable> {
  /** Its name: "train" for `ann train` and `deno task train`. */
  readonly name: string;
  /** What the command does, in a line without the final period. */
  readonly summary: string;
  /** Arguments that are not options, for each way to call it: "CONFIG". */
  readonly usage: readonly string[];
  readonly words?: {
    readonly count: readonly [least: number, most: number];
    /** What is expected, for messages: "one config". */
    readonly expected: string;
  };
  readonly about?: string;
  /** The options by name, in the order of `--help`. */
  readonly options: Options;
  readonly result?: string;
  /** What to do after Ctrl-C, if the command can be stopped and go on. */
  readonly stops?: string;
  /** Meanings of exit codes that are not the usual ones. */
  readonly exits?: Readonly<Record<number, string>>;
  /** What it needs permission for besides reading files; a command of `ann` gives up all else. */
  readonly needs?: readonly Need[];
  /** Whether it writes in the folder of results only where `--output` names a file. */
  readonly writesOutput?: boolean;
  /** Whether it takes archives of runs, which are unpacked to the folder of results. */
  readonly opensArchives?: boolean;
  /** Runs it; returns the exit code if that is not 0. */
  run(call: Call<NoInfer<Options>>): Promise<number | void>;
}

export interface Call<Options extends OptionTable = OptionTable> {
  readonly words: readonly string[];
  readonly options: Values<Options>;
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
