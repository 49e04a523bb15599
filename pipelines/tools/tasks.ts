/**
 * `deno task tasks`: writes the tasks of the commands in `deno.json`. With `--check` it only reports whether
 * they are up to date.
 *
 * The program's permissions are defined here and V8's flags in `v8_flags.ts`; the tasks, the line that
 * installs `ann` and the tests are derived from both.
 *
 * @module
 */
import { datasets } from "../../lib/data/datasets/mod.ts";
import { CACHE_OPTION, INIT_CWD_VARIABLE, RANK_VARIABLES, TASK_STARTUP } from "../cli/startup.ts";
import { callCommand } from "../cli/command.ts";
import { commands } from "../commands.ts";
import { defineGenerator } from "./generated.ts";
import { V8_FLAGS, V8_FLAGS_CHOICE } from "./v8_flags.ts";
import project from "../../deno.json" with { type: "json" };

/** V8 flags that every supported Deno accepts, for the installed program. */
const COMMON_V8_FLAGS = V8_FLAGS.filter((flag) => !flag.startsWith("--experimental"));

/** Path of the program's main module in the project. */
const MODULE = "pipelines/ann.ts";

/** Folder of downloads of an installed `ann`, in shell syntax. */
const USER_CACHE = "$HOME/.cache/ann-mlp";

/** A task of deno.json. */
interface Task {
  readonly description: string;
  readonly command: string;
}

/** Returns the hosts from which published data sets are downloaded, each once. */
function mirrorHosts(): readonly string[] {
  const mirrors = datasets.names.flatMap((name) => {
    const named = datasets.schema.safeParse({ name });
    const source = named.success ? datasets.create(named.data) : undefined;
    return source?.kind === "published" ? source.mirrors : [];
  });
  return [...new Set(mirrors.map((mirror) => new URL(mirror).host))];
}

/**
 * Returns Deno's permission flags for the program: it may read all files, write to some folders, and download
 * from the hosts of the published data sets.
 *
 * @param write folders that the program may write to, separated by commas
 */
function permissionFlags(write: string): readonly string[] {
  return ["--no-prompt", "--allow-read", `--allow-write=${write}`, `--allow-net=${mirrorHosts()}`];
}

/** Returns the tasks of deno.json that run or install the program, by name. */
export function commandTasks(): Readonly<Record<string, Task>> {
  const run = (more: readonly string[], variables: readonly string[] = [INIT_CWD_VARIABLE]) => {
    const flags = permissionFlags(`${TASK_STARTUP.outputs},${TASK_STARTUP.cache}`);
    const words = [...flags, `--allow-env=${variables}`, V8_FLAGS_CHOICE, ...more];
    return `deno run ${words.join(" ")}`;
  };
  const byName = commands.map(({ name, summary }) =>
    [name, { description: summary, command: `deno task -q ann ${name}` }] as const
  );
  return {
    help: {
      description: "Lists the commands, or describes one",
      command: "deno task -q ann",
    },
    ...Object.fromEntries(byName),
    "train:blas": {
      description:
        "Runs an experiment like train, with dense products computed by a BLAS library of the system",
      command: `${run(["--allow-ffi", MODULE])} train --backend blas`,
    },
    "train:mpi": {
      description: "Runs an experiment like train, by the ranks that mpirun or srun starts",
      command: `${run(["--allow-ffi", MODULE], RANK_VARIABLES)} train --mpi`,
    },
    install: { description: "Installs the command ann for this user", command: installCommand() },
    ann: { description: "Runs any command, like the installed ann", command: run([MODULE]) },
  };
}

/** Returns the shell command that installs `ann` for the user; it runs in the project's folder. */
export function installCommand(): string {
  const flags = permissionFlags(`outputs,${USER_CACHE}`).map((flag) =>
    flag.includes("$") ? flag.replace(/=(.*)/, '="$1"') : flag
  );
  return [
    "deno install --global --name ann",
    ...flags,
    `--v8-flags=${COMMON_V8_FLAGS}`,
    `--import-map deno.json ${MODULE} -- ${CACHE_OPTION} "${USER_CACHE}"`,
  ].join(" ");
}

export const command = defineGenerator({
  name: "tasks",
  summary: "Writes the tasks of the commands in deno.json",
  file: "deno.json",
  content() {
    const own = commandTasks();
    const others = Object.entries(project.tasks).filter(([name]) => !Object.hasOwn(own, name));
    const tasks = { ...own, ...Object.fromEntries(others) };
    return `${JSON.stringify({ ...project, tasks }, null, 2)}\n`;
  },
});

if (import.meta.main) Deno.exit(await callCommand(command, Deno.args));
