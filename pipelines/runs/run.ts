import { printLine, printMessage } from "../../lib/io/print.ts";
import { runTable } from "../../lib/analysis/runs/listing.ts";
import { listRuns, namesMeant, removeRun } from "../../lib/io/results/runs.ts";
import type { CallOf } from "../cli/declaration.ts";
import { UsageError } from "../cli/options.ts";
import type { command } from "../runs.ts";

type RunsCall = CallOf<typeof command>;

export async function run({ words: [action, ...names], options }: RunsCall): Promise<void> {
  const { output, json } = options;
  if (action === undefined) return await list(options);
  if (action !== "remove") {
    throw new UsageError(`expected "remove" or nothing: received "${action}"`);
  }
  if (names.length === 0) {
    throw new UsageError("expected the names of runs to remove: received none");
  }
  if (json) throw new UsageError('expected --json without "remove"');
  await remove(output, names);
}

async function list({ output, json }: RunsCall["options"]): Promise<void> {
  const runs = await listRuns(output);
  if (json) printLine(JSON.stringify(runs, null, 2));
  else if (runs.length === 0) printMessage(`no runs in "${output}"`);
  else printLine(runTable(runs).join("\n"));
}

/** Removes all that is meant, or nothing if one of the texts means nothing. */
async function remove(output: string, texts: readonly string[]): Promise<void> {
  const names = new Set<string>();
  for (const text of texts) {
    for (const name of await namesMeant(output, text)) names.add(name);
  }
  for (const name of names) {
    await removeRun(output, name);
    printLine(`removed ${name}`);
  }
}
