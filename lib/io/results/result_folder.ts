/**
 * Result folders that a command writes when it is finished: those of sweeps, comparisons, explorations and
 * profiles.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { ClaimedError, claimFolder } from "./claim.ts";
import {
  explainError,
  makeFolder,
  rejectLinks,
  removeTemporaryFiles,
  writeFileAtomic,
} from "../files.ts";

/**
 * Writes files into a result folder, which is created if it is missing. The files are written in the given
 * order and each atomically. Before that, temporary files that killed processes left there are removed.
 *
 * @param files path of each file within the folder, and its content
 *
 * @throws {ClaimedError} if another process holds a claim on the folder
 * @throws {Error} if the folder contains symbolic links, or cannot be written
 */
export async function writeResultFolder(
  folder: string,
  files: Iterable<readonly [path: string, content: Uint8Array | string]>,
): Promise<void> {
  await rejectLinks(folder);
  await makeFolder(dirname(folder));
  using _claim = await claimOrThrow(folder);
  const paths = [...files].map(([path, content]) => ({ path: join(folder, path), content }));
  for (const inner of new Set([folder, ...paths.map(({ path }) => dirname(path))])) {
    await removeTemporaryFiles(inner, 0); // nobody else writes here while the claim is held
  }
  for (const { path, content } of paths) await writeFileAtomic(path, content);
}

/**
 * Claims a result folder for this process, or throws a ClaimedError if another process holds a claim on it.
 */
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
