/**
 * `deno task runs`: lists the runs in outputs/, or removes some by name.
 *
 * @module
 */
import { call, type Command, UsageError } from "./cli/command.ts";

const HELP = `Lists the runs with their accuracy and size, or removes some by name.

Usage:
  deno task runs [--output DIR]
  deno task runs remove NAME... [--output DIR]

Options:
  --output DIR  where the runs are; "outputs" if not given
  --help        show this text

Exit codes: 0 done, 1 failed, 2 wrong arguments.`;

const command: Command = {
  task: "runs",
  help: HELP,
  values: ["output"],
  async run(given) {
    const [action, ...names] = given.words;
    const output = given.value("output") ?? "outputs";
    if (action === undefined) {
      await list(output);
      return 0;
    }
    if (action !== "remove") {
      throw new UsageError(`expected "remove" or nothing: received "${action}"`);
    }
    if (names.length === 0) {
      throw new UsageError("expected the names of runs to remove: received none");
    }
    await remove(output, [...new Set(names)]);
    return 0;
  },
};

/** Prints a table of the runs. */
async function list(output: string): Promise<void> {
  const { listRuns } = await import("../lib/io/runs.ts");
  const { runTable } = await import("../lib/analysis/runs/listing.ts");
  const runs = await listRuns(output);
  if (runs.length === 0) console.error(`no runs in "${output}"`);
  else console.log(runTable(runs).join("\n"));
}

/** Removes all the named runs, or none if one of the names is wrong. */
async function remove(output: string, names: readonly string[]): Promise<void> {
  const { removeRun, runNames } = await import("../lib/io/runs.ts");
  const { nearest } = await import("../lib/config/suggest.ts");
  const runs = await runNames(output);
  for (const name of names.filter((name) => !runs.includes(name))) {
    const near = nearest(name, runs);
    throw new RangeError(
      `Cannot remove run: expected the name of a run in "${output}": received "${name}"` +
        (near === undefined ? "" : `: did you mean "${near}"?`),
    );
  }
  for (const name of names) {
    await removeRun(output, name);
    console.log(`removed ${name}`);
  }
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
