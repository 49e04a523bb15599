import { didYouMean } from "../../lib/config/messages/suggest.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import type {
  EmbeddedSource,
  GeneratedSource,
  PublishedSource,
} from "../../lib/data/datasets/source.ts";
import { fetchDataset, isDatasetCached, type LoadProgress } from "../../lib/io/datasets.ts";
import { printLine } from "../../lib/io/print.ts";
import { openTerminal } from "../../lib/io/terminal.ts";
import { formatBytes } from "../../lib/format/bytes.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { UsageError } from "../cli/options.ts";
import { openView } from "../cli/view.ts";
import type { command } from "../data.ts";

export async function run(
  { positionals, options: { dataDir: directory }, startup: { cache } }: InvocationOf<
    typeof command
  >,
): Promise<void> {
  const [action, name] = positionals;
  if (action === undefined && directory === undefined) return await printDatasetList(cache);
  if (action !== "fetch") {
    const received = action === undefined ? "--data-dir alone" : `"${positionals.join(" ")}"`;
    throw new UsageError(`expected "fetch NAME" or nothing: received ${received}`);
  }
  if (positionals.length !== 2) {
    throw new UsageError(`expected the name of one data set: received ${positionals.length - 1}`);
  }
  await fetchNamed(name, directory, cache);
}

/** Prints the names and descriptions of all data sets, and whether their files are in the cache. */
async function printDatasetList(cache: string): Promise<void> {
  const width = Math.max(...datasets.names.map((name) => name.length)) + 2;
  for (const [name, { doc }] of datasets) {
    printLine(`${name.padEnd(width)}${doc}`);
    printLine(`${"".padEnd(width)}${await formatState(name, cache)}`);
  }
}

/** Formats where a data set comes from, and whether its files are in the cache folder. */
async function formatState(name: string, cache: string): Promise<string> {
  const source = findSource(name);
  if (source === undefined) return "your own files, read from the paths in the config";
  if (source.kind === "generated") return "computed when it is loaded";
  if (await isDatasetCached(source, cache)) return `ready in ${cache}/`;
  if (source.kind === "embedded") return "included in the program";
  const bytes = source.files.reduce((sum, { packedBytes }) => sum + packedBytes, 0);
  return `not downloaded yet, ${formatBytes(bytes)}`;
}

/**
 * Downloads the files of a data set into the cache folder unless they are there, and prints that they are
 * ready.
 *
 * @param directory folder with the user's copies of the files, used instead of downloads
 * @throws {UsageError} if there is no data set of that name, or it has no files to download
 */
async function fetchNamed(
  name: string,
  directory: string | undefined,
  cache: string,
): Promise<void> {
  const source = findSource(name);
  if (!canBeFetched(source)) {
    if (datasets.names.some((known) => known === name)) {
      throw new UsageError(
        `expected a data set that can be downloaded: received "${name}", which ` +
          (source === undefined ? "reads your own files" : "is computed when it is loaded"),
      );
    }
    const known = datasets.names.filter((name) => canBeFetched(findSource(name)));
    const names = known.map((name) => `"${name}"`).join(", ");
    throw new UsageError(`expected one of ${names}: received "${name}"${didYouMean(name, known)}`);
  }
  const terminal = openTerminal();
  using view = openView("usual", terminal);
  const onProgress = (progress: LoadProgress) => view.showDownload(progress);
  await fetchDataset(source, { directory, cacheDirectory: cache, onProgress });
  terminal.show([]);
  view.print(`${terminal.style("ready", "green")} ${name} in ${cache}/`);
}

/**
 * Returns whether `fetch` applies to the source of a data set: not to the user's own files or computed data.
 */
function canBeFetched(
  source: ReturnType<typeof findSource>,
): source is PublishedSource | EmbeddedSource {
  return source !== undefined && source.kind !== "generated";
}

/**
 * Returns the source of a data set by its name. Returns undefined if there is none of that name, or if it
 * reads the user's own files.
 */
function findSource(name: string): PublishedSource | EmbeddedSource | GeneratedSource | undefined {
  const named = datasets.schema.safeParse({ name });
  if (!named.success) return undefined;
  const source = datasets.create(named.data);
  return source.kind === "published" || source.kind === "embedded" ? source : undefined;
}
