/**
 * The two ways to call a command: `ann NAME` in any folder, or `deno task NAME` in a clone of the project.
 *
 * @module
 */
import { detectLauncher, type Launcher, LAUNCHER_VARIABLES } from "../../lib/io/mpi/launcher.ts";
import { restrictReads } from "../../lib/io/reads.ts";

/**
 * A permission that a command needs: to write to the folder of results or of downloads, or to download data
 * sets.
 */
export type PermissionNeed = "outputs" | "cache" | "mirrors";

/** The program name and the folders of one call. Paths are relative to the working directory. */
export interface Caller {
  /** Text before a command's name: "ann", or "deno task" in the project's folder. */
  readonly program: string;
  /** Folder of results. */
  readonly outputs: string;
  /** Folder of downloaded data. */
  readonly cache: string;
  /** Folder of the program, with its recipes in configs/. */
  readonly home: string;
  /** Launcher of MPI that started this process, if any and if its variables may be read. */
  readonly launcher?: Launcher | undefined;
}

/** The program name and folders of a command that is called by `deno task NAME` in the project's folder. */
export const TASKS: Caller = {
  program: "deno task",
  outputs: "outputs",
  cache: ".cache",
  home: ".",
};

/** Option with the folder of downloads. The installed program `ann` passes it before all other arguments. */
export const CACHE_OPTION = "--cache";

/** Environment variable in which Deno passes a task the folder that it was called from. */
export const CALLED_FROM = "INIT_CWD";

/** Environment variables that a task with ranks reads. */
export const RANK_VARIABLES: readonly string[] = [CALLED_FROM, ...LAUNCHER_VARIABLES];

/**
 * Determines from the program's arguments how it was called: installed, or as a task of the project. Returns
 * the caller and the arguments of the command. A task changes the working directory to the folder that it was
 * called from, so that paths in arguments are relative to that folder.
 *
 * @param home folder of the program
 */
export function parseCaller(
  args: readonly string[],
  home: string,
): { readonly caller: Caller; readonly args: readonly string[] } {
  const installed = { program: "ann", outputs: "outputs", home };
  const [option, cache, ...rest] = args;
  if (option === CACHE_OPTION && cache !== undefined) {
    return { caller: { ...installed, cache }, args: rest };
  }
  const folder = permittedVariable(CALLED_FROM);
  if (folder === undefined) return { caller: { ...installed, cache: `${home}/.cache` }, args };
  const project = Deno.cwd();
  const launcher = detectLauncher(permittedVariable);
  if (folder === project) return { caller: { ...TASKS, launcher }, args };
  Deno.chdir(folder);
  const { program, outputs, cache: downloads } = TASKS;
  const caller = {
    program,
    outputs: `${project}/${outputs}`,
    cache: `${project}/${downloads}`,
    home: project,
    launcher,
  };
  return { caller, args };
}

/** Returns an environment variable, or undefined if it is not set or may not be read. */
function permittedVariable(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

/**
 * Revokes the permissions that a command does not need, for the rest of the process. Reading is restricted
 * to the working folder, the program's own folders, and the paths named in arguments.
 */
export function restrictPermissions(needs: readonly PermissionNeed[], caller: Caller): void {
  const folders = (["outputs", "cache"] as const).filter((need) => !needs.includes(need));
  for (const folder of folders) {
    Deno.permissions.revokeSync({ name: "write", path: caller[folder] });
  }
  if (!needs.includes("mirrors")) Deno.permissions.revokeSync({ name: "net" });
  Deno.permissions.revokeSync({ name: "env" });
  restrictReads([".", caller.home, caller.outputs, caller.cache]);
}
