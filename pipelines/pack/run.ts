import { printLine } from "../../lib/io/print.ts";
import { join } from "@std/path";
import { writeFileAtomic } from "../../lib/io/files.ts";
import { findFile, openSearch } from "../../lib/io/find_file.ts";
import { loadPictures } from "../../lib/io/pictures/load.ts";
import { readRunFiles } from "../../lib/io/results/run_folder.ts";
import { findRun } from "../../lib/io/results/runs.ts";
import { encodeArchive, listFilesToPack } from "../../lib/analysis/pack/archive.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { concatenateBytes } from "../../lib/data/formats/content.ts";
import { decompress } from "../../lib/data/formats/gzip.ts";
import { FILES } from "../../lib/run/folder.ts";
import { PACKED_DATA } from "../../lib/run/names.ts";
import type { InvocationOf } from "../cli/declaration.ts";
import { ARCHIVE, foldersToSearch } from "../experiment/open_run.ts";
import {
  memberPaths,
  readFinished,
  readRunConfig,
  stageOptionsOf,
} from "../experiment/read_run.ts";
import type { command } from "../pack.ts";

export async function run(
  { positionals: [named], options, startup }: InvocationOf<typeof command>,
): Promise<void> {
  const { output, withData, dataDir } = options;
  const path = await findRun(named, { folders: foldersToSearch(output, startup.outputs) });
  const files = new Map<string, Uint8Array>();
  const { manifest: { run } } = await readFinished(path, []);
  for (const each of [path, ...await memberPaths(path) ?? []]) {
    const { manifest } = await readFinished(each, []);
    const names = listFilesToPack(manifest);
    await readFinished(each, names.filter((name) => name !== FILES.manifest)); // throws if they were changed
    for (const [name, bytes] of await readRunFiles(each, names)) {
      files.set(`${manifest.run}/${name}`, bytes);
    }
    if (!withData) continue;
    for (const [name, bytes] of await readUserDataFiles(each, dataDir, startup.cache)) {
      files.set(`${manifest.run}/${PACKED_DATA}/${name}`, bytes);
    }
  }
  const archive = join(output, `${run}${ARCHIVE}`);
  await writeFileAtomic(archive, encodeArchive(files));
  printLine(archive);
}

/**
 * Reads the user's own data files of a run, and returns their decompressed content by their names in the data
 * set. Published files are omitted, since the recipient can download them.
 *
 * @param configFolder path of the run folder
 * @param directory further folder in which the files may be
 */
async function readUserDataFiles(
  configFolder: string,
  directory: string | undefined,
  cacheDirectory: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { config, manifest: { data: known } } = await readRunConfig(configFolder);
  const places = { known, configFolder, directory };
  const source = datasets.create(stageOptionsOf(config, "load", configFolder).dataset);
  if (source.kind === "pictures") {
    const { files } = await loadPictures(source, { ...places, cacheDirectory });
    return new Map(Object.values(files).map(({ name, bytes }) => [name, bytes]));
  }
  const search = openSearch("data", places);
  const files = new Map<string, Uint8Array>();
  for (const { file: name, sha256, path } of known) {
    if (path === undefined) continue; // published, so the recipient can download it
    const pieces: Uint8Array[] = [];
    for await (const piece of (await decompress(await findFile({ name, sha256 }, search))).pieces) {
      pieces.push(piece);
    }
    files.set(name, concatenateBytes(pieces));
  }
  return files;
}
