import { join } from "@std/path";
import { readFile, refuseLinks, removeFolder } from "../../lib/io/files.ts";
import { writeFiles } from "../../lib/io/results/result_folder.ts";
import { findRun, RECEIVED } from "../../lib/io/results/runs.ts";
import { decodeArchive } from "../../lib/analysis/pack/archive.ts";
import { FILES } from "../../lib/run/folder.ts";
import type { Caller } from "../cli/caller.ts";

/** Ends the names of archives of runs. */
export const ARCHIVE = ".zip";

/**
 * Returns the folder of a run, by whatever name {@linkcode findRun} knows it, or the one to which the
 * archive that is named was unpacked.
 *
 * @param output folder of the run, if it may be in another than the caller's
 * @throws {Error} if there is no such run
 * @throws {SyntaxError} if it is no archive of runs
 */
export async function openRun(
  path: string,
  { outputs }: Pick<Caller, "outputs">,
  output = outputs,
): Promise<string> {
  if (!path.endsWith(ARCHIVE)) return await findRun(path, { folders: foldersOf(output, outputs) });
  const files = decodeArchive(await readFile(path, "run"), `archive "${path}"`);
  const folder = join(outputs, RECEIVED);
  const runs = new Set([...files.keys()].map((name) => name.split("/")[0]));
  await refuseLinks(folder);
  for (const run of runs) await removeFolder(join(folder, run));
  // manifests last, so that what was cut short does not pass for a finished run
  const isManifest = (name: string) => Number(name.endsWith(`/${FILES.manifest}`));
  await writeFiles(folder, [...files].sort(([a], [b]) => isManifest(a) - isManifest(b)));
  return join(folder, mainRun(runs, path));
}

/** The folders in which a run is looked for by its name. */
export function foldersOf(output: string, outputs: string): readonly string[] {
  return [...new Set([output, outputs])];
}

/** The run that an archive was made of: the ensemble, if there are several. */
function mainRun(runs: ReadonlySet<string>, path: string): string {
  const [first] = runs;
  const named = [...runs].find((run) => path.endsWith(`${run}${ARCHIVE}`));
  return named ?? [...runs].find((run) => /-(ensemble|committee)-/.test(run)) ?? first;
}
