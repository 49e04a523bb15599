/**
 * How commands are called: `ann NAME` in any folder, or `deno task NAME` in the project's own.
 *
 * @module
 */
import { restrictReads } from "../../lib/io/reads.ts";

/** A permission: to write in the folder of results or in the cache, or to load from data mirrors. */
export type Need = "outputs" | "cache" | "mirrors";

/** How a command was called, and which folders it has. Paths are from the working directory. */
export interface Caller {
  /** What stands before a command's name: "ann", or "deno task" in the project's folder. */
  readonly program: string;
  /** Folder of results. */
  readonly outputs: string;
  /** Folder of downloads. */
  readonly cache: string;
  /** Folder of the program, with its recipes in configs/. */
  readonly home: string;
}

/** The caller of tasks in the project's folder. */
export const TASKS: Caller = {
  program: "deno task",
  outputs: "outputs",
  cache: ".cache",
  home: ".",
};

/** The option that installing puts before all other arguments: the folder of the cache. */
export const CACHE_OPTION = "--cache";

/** The variable in which Deno tells a task the folder that it was called from. */
export const CALLED_FROM = "INIT_CWD";

/**
 * Returns who called the program, and the arguments that are the command's. A task changes into the
 * folder that it was called from, so that paths in arguments are relative to it.
 *
 * @param home folder of the program
 */
export function callerOf(
  args: readonly string[],
  home: string,
): { readonly caller: Caller; readonly args: readonly string[] } {
  const installed = { program: "ann", outputs: "outputs", home };
  const [option, cache, ...rest] = args;
  if (option === CACHE_OPTION && cache !== undefined) {
    return { caller: { ...installed, cache }, args: rest };
  }
  const standing = calledFrom();
  if (standing === undefined) return { caller: { ...installed, cache: `${home}/.cache` }, args };
  const project = Deno.cwd();
  if (standing === project) return { caller: TASKS, args };
  Deno.chdir(standing);
  const { program, outputs, cache: downloads } = TASKS;
  const caller = {
    program,
    outputs: `${project}/${outputs}`,
    cache: `${project}/${downloads}`,
    home: project,
  };
  return { caller, args };
}

/** The folder that a task was called from; undefined for another program than a task of the project. */
function calledFrom(): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: CALLED_FROM });
  return state === "granted" ? Deno.env.get(CALLED_FROM) : undefined;
}

/**
 * Gives up the permissions that a command does not need, for as long as the program runs, and reads nothing
 * outside of the working folder and the program's own folders but what is named to it.
 */
export function restrict(needs: readonly Need[], caller: Caller): void {
  const folders = (["outputs", "cache"] as const).filter((need) => !needs.includes(need));
  for (const folder of folders) {
    Deno.permissions.revokeSync({ name: "write", path: caller[folder] });
  }
  if (!needs.includes("mirrors")) Deno.permissions.revokeSync({ name: "net" });
  Deno.permissions.revokeSync({ name: "env" });
  restrictReads([".", caller.home, caller.outputs, caller.cache]);
}
