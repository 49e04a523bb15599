import { runTable } from "../../lib/analysis/runs/listing.ts";
import { didYouMean } from "../../lib/config/messages/suggest.ts";
import { listRuns, removeRun, runNames } from "../../lib/io/runs.ts";
import type { CallOf } from "../cli/declaration.ts";
import { UsageError } from "../cli/options.ts";
import type { command } from "../runs.ts";

export async function run(
  { words: [action, ...names], options: { output } }: CallOf<typeof command>,
): Promise<void> {
  if (action === undefined) return await list(output);
  if (action !== "remove") {
    throw new UsageError(`expected "remove" or nothing: received "${action}"`);
  }
  if (names.length === 0) {
    throw new UsageError("expected the names of runs to remove: received none");
  }
  await remove(output, [...new Set(names)]);
}

async function list(output: string): Promise<void> {
  const runs = await listRuns(output);
  if (runs.length === 0) console.error(`no runs in "${output}"`);
  else console.log(runTable(runs).join("\n"));
}

/** Removes all the named runs, or none if one of the names is wrong. */
async function remove(output: string, names: readonly string[]): Promise<void> {
  const runs = await runNames(output);
  const wrong = names.find((name) => !runs.includes(name));
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot remove run: expected the name of a run in "${output}": received "${wrong}"` +
        didYouMean(wrong, runs),
    );
  }
  for (const name of names) {
    await removeRun(output, name);
    console.log(`removed ${name}`);
  }
}
