/**
 * Result folders that one command writes at its end: sweeps, comparisons, explorations, profiles.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { ClaimedError, claimFolder } from "./claim.ts";
import {
  explainError,
  makeFolder,
  rejectLinks,
  removeLeftovers,
  writeFileAtomic,
} from "../files.ts";

/**
 * Writes files into a folder in their order, each atomically, and removes the temporary files of killed
 * processes.
 *
 * @throws {ClaimedError} if another process works on the folder
 * @throws {Error} if the folder contains links, or cannot be written
 */
export async function writeFiles(
  folder: string,
  files: Iterable<readonly [path: string, content: Uint8Array | string]>,
): Promise<void> {
  await rejectLinks(folder);
  await makeFolder(dirname(folder));
  using _claim = await claimOrThrow(folder);
  const paths = [...files].map(([path, content]) => ({ path: join(folder, path), content }));
  for (const inner of new Set([folder, ...paths.map(({ path }) => dirname(path))])) {
    await removeLeftovers(inner, 0); // nobody else writes here while the claim is held
  }
  for (const { path, content } of paths) await writeFileAtomic(path, content);
}

async function claimOrThrow(folder: string): Promise<Disposable> {
  let claim: Disposable | undefined;
  try {
    claim = await claimFolder(folder);
  } catch (error) {
    throw explainError(`Cannot write to "${folder}"`, error);
  }
  if (claim !== undefined) return claim;
  throw new ClaimedError(`Cannot write to "${folder}": another process works on it`);
}
