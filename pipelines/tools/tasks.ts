/**
 * `deno task tasks`: writes the tasks of the commands in `deno.json`. With `--check` it only says whether
 * they are up to date.
 *
 * What the program may do stands here once, and V8's flags in `v8_flags.ts`: tasks, the line that installs
 * `ann` and the tests follow from it.
 *
 * @module
 */
import { datasets } from "../../lib/data/datasets/mod.ts";
import { CACHE_OPTION, CALLED_FROM, TASKS } from "../cli/caller.ts";
import { call } from "../cli/command.ts";
import { commands } from "../commands.ts";
import { generating } from "./generated.ts";
import { V8_FLAGS, V8_FLAGS_CHOICE } from "./v8_flags.ts";
import project from "../../deno.json" with { type: "json" };

/** The flags for V8 that every Deno knows that the program runs on. */
const COMMON_V8_FLAGS = V8_FLAGS.filter((flag) => !flag.startsWith("--experimental"));

/** The program. */
const MODULE = "pipelines/ann.ts";

/** Folder of downloads of an installed `ann`, as a shell takes it. */
const USER_CACHE = "$HOME/.cache/ann-mlp";

interface Task {
  readonly description: string;
  readonly command: string;
}

/** Hosts of the data sets that can be downloaded. */
function mirrorHosts(): readonly string[] {
  const mirrors = datasets.names.flatMap((name) => {
    const named = datasets.schema.safeParse({ name });
    const source = named.success ? datasets.create(named.data) : undefined;
    return source?.kind === "published" ? source.mirrors : [];
  });
  return [...new Set(mirrors.map((mirror) => new URL(mirror).host))];
}

/**
 * Returns the flags of the sandbox: reading, writing in two folders, loading from mirrors.
 *
 * @param write the two folders
 */
function sandbox(write: string): readonly string[] {
  return ["--no-prompt", "--allow-read", `--allow-write=${write}`, `--allow-net=${mirrorHosts()}`];
}

/** Returns the tasks of the commands by name. */
export function commandTasks(): Readonly<Record<string, Task>> {
  const run = (...more: readonly string[]) => {
    const flags = sandbox(`${TASKS.outputs},${TASKS.cache}`);
    const words = [...flags, `--allow-env=${CALLED_FROM}`, V8_FLAGS_CHOICE, ...more];
    return `deno run ${words.join(" ")}`;
  };
  const byName = commands.map(({ name, summary }) =>
    [name, { description: summary, command: `deno task -q ann ${name}` }] as const
  );
  return {
    help: {
      description: "Lists the commands, or tells more about one",
      command: "deno task -q ann",
    },
    ...Object.fromEntries(byName),
    "train:blas": {
      description:
        "Runs an experiment as train does, dense products by a BLAS library of the system",
      command: `${run("--allow-ffi", MODULE)} train --backend blas`,
    },
    install: { description: "Installs the command ann for this user", command: installLine() },
    ann: { description: "Runs any command, as the installed ann does", command: run(MODULE) },
  };
}

/** Returns the line that installs `ann` for a user, to be run in the project's folder. */
export function installLine(): string {
  const flags = sandbox(`outputs,${USER_CACHE}`).map((flag) =>
    flag.includes("$") ? flag.replace(/=(.*)/, '="$1"') : flag
  );
  return [
    "deno install --global --name ann",
    ...flags,
    `--v8-flags=${COMMON_V8_FLAGS}`,
    `--import-map deno.json ${MODULE} -- ${CACHE_OPTION} "${USER_CACHE}"`,
  ].join(" ");
}

export const command = generating({
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

if (import.meta.main) Deno.exit(await call(command, Deno.args));
