import { join } from "@std/path";
import { FILES } from "../run/folder.ts";
import { isRunName } from "../run/identity.ts";
import { LISTED_FILES, type ListedRun, listRun } from "../analysis/runs/listing.ts";
import { entriesOf, ifFound, readFileIfAny } from "./files.ts";

/** The runs in a folder, sorted by name; none if there is no such folder. */
export async function listRuns(folder: string): Promise<readonly ListedRun[]> {
  const runs: ListedRun[] = [];
  for (const name of await runNames(folder)) runs.push(await describe(folder, name));
  return runs;
}

/**
 * The names of the runs in a folder, sorted: real folders that are named like runs and hold a
 * config, which a run writes first.
 */
export async function runNames(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { name, isDirectory } of await entriesOf(folder)) {
    if (isDirectory && isRunName(name) && await isFile(join(folder, name, FILES.config))) {
      names.push(name);
    }
  }
  return names.sort();
}

/**
 * Removes a run for good. A run is a folder of {@linkcode runNames}: nothing outside the folder can
 * be named, and links are neither runs nor followed.
 *
 * The manifest goes first, so that a run whose removal was cut short does not pass for finished.
 *
 * @throws {RangeError} if the name is not that of a run in the folder
 * @throws {Error} if the system refuses
 */
export async function removeRun(folder: string, name: string): Promise<void> {
  if (!(await runNames(folder)).includes(name)) {
    throw new RangeError(`Cannot remove run: expected a run in "${folder}": received "${name}"`);
  }
  const path = join(folder, name);
  await ifFound(Deno.remove(join(path, FILES.manifest)), undefined);
  await Deno.remove(path, { recursive: true });
}

async function describe(folder: string, name: string): Promise<ListedRun> {
  const path = join(folder, name);
  const texts = new Map<string, string>();
  for (const file of LISTED_FILES) {
    const bytes = await readFileIfAny(join(path, file), "run");
    if (bytes !== undefined) texts.set(file, new TextDecoder().decode(bytes));
  }
  const finished = await isFile(join(path, FILES.manifest));
  return listRun(name, { texts, finished, bytes: await sizeOf(path) });
}

/** Bytes of all files in a folder and its subfolders; links count nothing. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const { name, isDirectory, isFile } of await entriesOf(folder)) {
    const path = join(folder, name);
    if (isDirectory) bytes += await sizeOf(path);
    if (isFile) bytes += (await Deno.lstat(path)).size;
  }
  return bytes;
}

async function isFile(path: string): Promise<boolean> {
  const info = await ifFound(Deno.lstat(path), undefined);
  return info?.isFile === true;
}
