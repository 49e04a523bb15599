/**
 * The two ways to start the program: `ann NAME` in any folder, or `deno task NAME` in a clone of the project.
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

/**
 * How the program was started: the start of its command lines, its folders, and the MPI launcher. Paths are
 * relative to the working directory or absolute.
 */
export interface Startup {
  /** Text before a command's name in messages: "ann", or "deno task" in a clone of the project. */
  readonly commandPrefix: string;
  /** Folder of results, to which commands may write. */
  readonly outputs: string;
  /** Folder of downloaded data sets. */
  readonly cache: string;
  /** Folder of the program, with its recipes in configs/. */
  readonly programFolder: string;
  /** MPI launcher that started this process. Undefined if none did, or if its variables may not be read. */
  readonly launcher?: Launcher | undefined;
}

/** Startup by `deno task NAME` in the project's folder, without an MPI launcher. */
export const TASK_STARTUP: Startup = {
  commandPrefix: "deno task",
  outputs: "outputs",
  cache: ".cache",
  programFolder: ".",
};

/**
 * Option with the folder of downloaded data sets. The installed program `ann` passes it before all other
 * arguments.
 */
export const CACHE_OPTION = "--cache";

/** Environment variable in which `deno task` passes the folder in which it was started. */
export const INIT_CWD_VARIABLE = "INIT_CWD";

/** Environment variables that a task which trains on MPI ranks may read. */
export const RANK_VARIABLES: readonly string[] = [INIT_CWD_VARIABLE, ...LAUNCHER_VARIABLES];

/**
 * Determines how the program was started: installed, from the option `--cache`, or as a task of the project,
 * from the variable `INIT_CWD`. Returns the startup, and the arguments without that option. In a task,
 * changes the working directory to the folder in which the task was started, so that paths in arguments are
 * relative to that folder.
 *
 * @param programFolder folder of the program
 */
export function detectStartup(
  args: readonly string[],
  programFolder: string,
): { readonly startup: Startup; readonly args: readonly string[] } {
  const installed = { commandPrefix: "ann", outputs: "outputs", programFolder };
  const [option, cache, ...rest] = args;
  if (option === CACHE_OPTION && cache !== undefined) {
    return { startup: { ...installed, cache }, args: rest };
  }
  const folder = permittedVariable(INIT_CWD_VARIABLE);
  if (folder === undefined) {
    return { startup: { ...installed, cache: `${programFolder}/.cache` }, args };
  }
  const project = Deno.cwd();
  const launcher = detectLauncher(permittedVariable);
  if (folder === project) return { startup: { ...TASK_STARTUP, launcher }, args };
  Deno.chdir(folder);
  const { commandPrefix, outputs, cache: downloads } = TASK_STARTUP;
  const startup = {
    commandPrefix,
    outputs: `${project}/${outputs}`,
    cache: `${project}/${downloads}`,
    programFolder: project,
    launcher,
  };
  return { startup, args };
}

/** Returns an environment variable, or undefined if it is not set or may not be read. */
function permittedVariable(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

/**
 * Revokes the permissions that a command does not need, for the rest of the process: writing to folders,
 * network access, and reading environment variables. Reading files is restricted to the working directory,
 * the folders in `startup`, and the paths named in arguments.
 */
export function restrictPermissions(needs: readonly PermissionNeed[], startup: Startup): void {
  const folders = (["outputs", "cache"] as const).filter((need) => !needs.includes(need));
  for (const folder of folders) {
    Deno.permissions.revokeSync({ name: "write", path: startup[folder] });
  }
  if (!needs.includes("mirrors")) Deno.permissions.revokeSync({ name: "net" });
  Deno.permissions.revokeSync({ name: "env" });
  restrictReads([".", startup.programFolder, startup.outputs, startup.cache]);
}
