import { findMatchingResults, listRuns, removeResult } from "../../lib/io/results/runs.ts";
import {
  filterRuns,
  formatProblems,
  formatRunTable,
  runAsJson,
  type RunColumn,
  runColumns,
  type RunFilter,
  sortRuns,
} from "../../lib/analysis/runs/table.ts";
import { didYouMean } from "../../lib/config/messages/suggest.ts";
import { printLine, printMessage } from "../../lib/io/print.ts";
import { stdoutColumns } from "../../lib/io/terminal.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { UsageError } from "../cli/options.ts";
import type { command } from "../runs.ts";

/** An invocation of the command `runs`. */
type RunsInvocation = InvocationOf<typeof command>;

export async function run(
  { positionals: [action = "list", ...names], options }: RunsInvocation,
): Promise<void> {
  const { output, json, sort, reverse, filter } = options;
  if (action === "list") {
    if (names.length === 0) return await printRunList(options);
    throw new UsageError(`expected nothing after "list": received "${names.join(" ")}"`);
  }
  if (action !== "remove") {
    throw new UsageError(`expected "list" or "remove": received "${action}"`);
  }
  if (names.length === 0) {
    throw new UsageError("expected the names of runs to remove: received none");
  }
  if (json || reverse || sort !== undefined || filter.length > 0) {
    throw new UsageError('expected no options of "list" after "remove"');
  }
  await removeMatching(output, names);
}

/**
 * Prints the list of runs in a folder of results, filtered, sorted and formatted by the options of `list`.
 */
async function printRunList(options: RunsInvocation["options"]): Promise<void> {
  const { output, json, sort, reverse, filter, test } = options;
  const columns = runColumns({ test });
  const order = sort === undefined ? undefined : findColumn(sort, columns, "after --sort");
  const filters = filter.map((text) => parseFilter(text, columns));
  const { runs: all, others } = await listRuns(output);
  const found = filterRuns(all, filters, columns);
  const runs = order === undefined
    ? reverse ? found.toReversed() : found
    : sortRuns(found, order, reverse);
  if (json) {
    printLine(JSON.stringify(runs.map((run) => runAsJson(run, { test })), null, 2));
    return;
  }
  if (runs.length > 0) {
    for (const line of formatRunTable(runs, columns, stdoutColumns())) printLine(line);
  } else if (all.length === 0) printMessage(`no runs in "${output}"`);
  else printMessage(`none of the ${all.length} runs in "${output}" matches the filter`);
  for (const line of formatProblems(runs)) printMessage(line);
  if (others.length > 0 && filters.length === 0) {
    printMessage(`not listed, since they are not results: ${others.map(quotedName).join(", ")}`);
  }
}

/** Returns a folder's name, quoted if it has unusual characters. */
function quotedName(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name);
}

/** Second name of the column "best" in options. */
const BEST = "accuracy";

/**
 * Returns the column of a name. Throws a usage error if there is none.
 *
 * @param where position of the name, for the message: "after --sort"
 */
function findColumn(name: string, columns: readonly RunColumn[], where: string): RunColumn {
  const found = columns.find((column) => column.name === (name === BEST ? "best" : name));
  if (found !== undefined) return found;
  if (name === "test") throw new UsageError(`expected --test beside "test" ${where}`);
  const known = [...columns.map(({ name }) => name), BEST];
  throw new UsageError(
    `expected one of ${known.join(", ")} ${where}: received "${name}"${didYouMean(name, known)}`,
  );
}

/** Parses "key=value" as a filter on the column `key`, and a text without "=" as a filter on all columns. */
function parseFilter(text: string, columns: readonly RunColumn[]): RunFilter {
  const { key, value } = /^(?<key>[^=]*)=(?<value>.*)$/.exec(text)?.groups ?? {};
  if (key === undefined) return { text };
  return { column: findColumn(key, columns, "before = in --filter"), text: value };
}

/**
 * Removes the results that match any of the texts from a folder, and prints their names. Throws an error and
 * removes nothing if one of the texts matches no result.
 */
async function removeMatching(output: string, texts: readonly string[]): Promise<void> {
  const names = new Set<string>();
  for (const text of texts) {
    for (const name of await findMatchingResults(output, text)) names.add(name);
  }
  for (const name of names) {
    await removeResult(output, name);
    printLine(`removed ${name}`);
  }
}
