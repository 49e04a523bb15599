import { join } from "@std/path";
import { readFile, rejectLinks, removeFolder } from "../../lib/io/files.ts";
import { writeResultFolder } from "../../lib/io/results/result_folder.ts";
import { findRun, RECEIVED_FOLDER } from "../../lib/io/results/runs.ts";
import { decodeArchive } from "../../lib/analysis/pack/archive.ts";
import { FILES } from "../../lib/run/folder.ts";
import type { Startup } from "../cli/startup.ts";

/** Extension of archives of runs. */
export const ARCHIVE = ".zip";

/**
 * Finds a run by any name that {@linkcode findRun} accepts, or unpacks an archive of runs into the program's
 * folder of results. Returns the path of the run's folder.
 *
 * @param path path or name of the run, or path of a .zip archive
 * @param output a further folder in which the run may be, beside the program's folder of results
 * @throws {Error} if there is no such run
 * @throws {SyntaxError} if the file is not an archive of runs
 */
export async function openRun(
  path: string,
  { outputs }: Pick<Startup, "outputs">,
  output = outputs,
): Promise<string> {
  if (!path.endsWith(ARCHIVE)) {
    return await findRun(path, { folders: foldersToSearch(output, outputs) });
  }
  const files = decodeArchive(await readFile(path, "run"), `archive "${path}"`);
  const folder = join(outputs, RECEIVED_FOLDER);
  const runs = new Set([...files.keys()].map((name) => name.split("/")[0]));
  await rejectLinks(folder);
  for (const run of runs) await removeFolder(join(folder, run));
  // manifests last, so that a partly unpacked run does not count as finished
  const isManifest = (name: string) => Number(name.endsWith(`/${FILES.manifest}`));
  await writeResultFolder(folder, [...files].sort(([a], [b]) => isManifest(a) - isManifest(b)));
  return join(folder, chooseMainRun(runs, path));
}

/**
 * Returns the folders in which a run is found by its name, without duplicates: `output`, the folder of the
 * option `--output`, and `outputs`, the program's folder of results.
 */
export function foldersToSearch(output: string, outputs: string): readonly string[] {
  return [...new Set([output, outputs])];
}

/**
 * Returns the name of an archive's main run: the run after which the archive is named, else the ensemble,
 * else the first.
 *
 * @param runs names of all runs in the archive
 * @param path path of the archive
 */
function chooseMainRun(runs: ReadonlySet<string>, path: string): string {
  const [first] = runs;
  const named = [...runs].find((run) => path.endsWith(`${run}${ARCHIVE}`));
  return named ?? [...runs].find((run) => /-(ensemble|committee)-/.test(run)) ?? first;
}
