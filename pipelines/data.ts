/**
 * `deno task data`: lists the data sets and fetches them for work without a network.
 *
 * @module
 */
import { call, type Command, UsageError } from "./cli/command.ts";
import type { EmbeddedSource, PublishedSource } from "../lib/data/datasets/source.ts";
import type { LoadProgress } from "../lib/io/datasets.ts";
import type { Terminal } from "../lib/io/terminal.ts";

const HELP = `Lists the data sets, or fetches one so that it can be used without a network.

Usage:
  deno task data list
  deno task data fetch NAME [--data-dir DIR]

Options:
  --data-dir DIR  take the files from DIR, or from DIR/NAME, in place of the network
  --help          show this text

Fetched files lie in .cache/, unpacked and named by the SHA-256 of their content.
Exit codes: 0 done, 1 failed, 2 wrong arguments.`;

/** Where fetched files lie, from the project's folder. */
const CACHE = ".cache";

const command: Command = {
  task: "data",
  help: HELP,
  values: ["data-dir"],
  async run(given) {
    const [action, name, ...more] = given.words;
    const directory = given.value("data-dir");
    if (action === "list" && name === undefined && directory === undefined) {
      await list();
      return 0;
    }
    if (action !== "fetch") {
      const received = given.words.length === 0 ? "nothing" : `"${given.words.join(" ")}"`;
      throw new UsageError(`expected "list" or "fetch NAME": received ${received}`);
    }
    if (name === undefined || more.length > 0) {
      throw new UsageError(
        `expected the name of one data set: received ${given.words.length - 1}`,
      );
    }
    await fetchNamed(name, directory);
    return 0;
  },
};

/** Prints for each data set its name, what it is, and whether it must be downloaded. */
async function list(): Promise<void> {
  const { datasets } = await import("../lib/data/datasets/mod.ts");
  const width = Math.max(...datasets.names.map((name) => name.length)) + 2;
  for (const [name, { doc }] of datasets) {
    console.log(`${name.padEnd(width)}${doc}`);
    console.log(`${"".padEnd(width)}${await state(name)}`);
  }
}

/** Where the files of a data set are, in words. */
async function state(name: string): Promise<string> {
  const source = await sourceOf(name);
  if (source === undefined) return "read from the paths in the config";
  const { isDatasetCached } = await import("../lib/io/datasets.ts");
  const { formatBytes } = await import("../lib/format/bytes.ts");
  if (await isDatasetCached(source, CACHE)) return `ready in ${CACHE}/`;
  if (source.kind === "embedded") return "comes with the program";
  const bytes = source.files.reduce((sum, { packedBytes }) => sum + packedBytes, 0);
  return `to be downloaded, ${formatBytes(bytes)}`;
}

async function fetchNamed(name: string, directory: string | undefined): Promise<void> {
  const { datasets } = await import("../lib/data/datasets/mod.ts");
  if (!datasets.names.some((known) => known === name)) {
    const { nearest } = await import("../lib/config/suggest.ts");
    const near = nearest(name, datasets.names);
    const names = datasets.names.map((known) => `"${known}"`).join(", ");
    const hint = near === undefined ? "" : `: did you mean "${near}"?`;
    throw new UsageError(`expected one of ${names}: received "${name}"${hint}`);
  }
  const source = await sourceOf(name);
  if (source === undefined) {
    throw new UsageError(
      `expected a data set that can be fetched: "${name}" is files of your own`,
    );
  }
  const { fetchDataset } = await import("../lib/io/datasets.ts");
  const { openTerminal } = await import("../lib/io/terminal.ts");
  const terminal = openTerminal();
  const onProgress = await progressLine(terminal);
  await fetchDataset(source, { directory, cacheDirectory: CACHE, onProgress });
  terminal.show([]);
  terminal.print(`${terminal.style("ready", "green")} ${name} in ${CACHE}/`);
}

/** The source of a data set that can be fetched: one whose content is known, without options. */
async function sourceOf(name: string): Promise<PublishedSource | EmbeddedSource | undefined> {
  const { datasets } = await import("../lib/data/datasets/mod.ts");
  const named = datasets.schema.safeParse({ name });
  if (!named.success) return undefined;
  const source = datasets.create(named.data);
  return source.kind === "given" ? undefined : source;
}

/** Shows a bar on a terminal, else prints one line for each file. */
async function progressLine(terminal: Terminal): Promise<(progress: LoadProgress) => void> {
  const { formatBytes } = await import("../lib/format/bytes.ts");
  const { bar } = await import("../lib/io/text.ts");
  let announced = 0;
  return ({ file, index, files, received, total, host }) => {
    const size = total === undefined ? "" : ` of ${formatBytes(total)}`;
    if (!terminal.isLive) {
      if (index > announced) terminal.print(`downloading ${file}${size} from ${host}`);
      announced = index;
      return;
    }
    const share = total === undefined ? 0 : received / total;
    terminal.show([
      `${index}/${files} ${file}  ${formatBytes(received)}${size}  ` +
      `${terminal.style(bar(share, 24), "cyan")}  ${terminal.style(host, "dim")}`,
    ]);
  };
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
