/**
 * Writing of run folders: atomic files, checkpoints and logs. A claim prevents other processes from writing
 * to the same folder.
 *
 * @module
 */
import { join } from "@std/path";
import { sha256 } from "../../data/sha256.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../run/checkpoint.ts";
import { BEST_CHECKPOINT, checkpointName, checkpointStep, FILES } from "../../run/folder.ts";
import { changedFiles, decodeManifest, type Manifest } from "../../run/manifest.ts";
import { type Claim, ClaimedError, claimFolder } from "./claim.ts";
import { fileSystem, type OpenedFile } from "../file_system.ts";
import {
  explainError,
  readFile,
  readFileFacts,
  readFileIfAny,
  readFolderEntries,
  rejectLinks,
  removeFile,
  removeTemporaryFiles,
  writeFileAtomic,
} from "../files.ts";

/** A run folder on which this process holds a claim. Disposing of it releases the folder. */
export interface RunFolder extends Disposable {
  /** Path of the run folder. */
  readonly path: string;
  /**
   * Writes a file of the run folder atomically. `name` is its path within the folder.
   *
   * @throws {Error} if the run folder was removed, or another process has taken it over
   */
  write(name: string, content: Uint8Array | string): Promise<void>;
  /** Appends a line and a line break to a file of the run folder, such as a log. */
  append(name: string, line: string): void;
  /**
   * Reads the newest checkpoint from which training can resume, and the best checkpoint. If the options
   * contain the manifest of the run, removes the manifest and the checkpoints that differ from it, since
   * training continues.
   */
  resume(options: ResumeOptions): Promise<SavedState>;
  /**
   * Removes the checkpoints that a finished run does not keep: all but the best one and the last
   * {@linkcode OpenOptions.keep} of those written at the end of an epoch or of the training. Returns the
   * content of the kept ones, by their paths in the run folder.
   */
  settleCheckpoints(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>>;
  /**
   * Writes a checkpoint, then removes all others except the best one and, up to its step, the last
   * {@linkcode OpenOptions.keep} that were written at the end of an epoch.
   */
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /** Writes a checkpoint as the best one, in place of the former best. */
  saveBest(checkpoint: Checkpoint): Promise<void>;
}

/** The checkpoints from which training resumes. */
export interface SavedState {
  /** Newest checkpoint that can be used. Absent if there is none. */
  readonly from?: Checkpoint;
  /** Checkpoint with the best score so far. Absent if there is none, or if `from` is absent. */
  readonly best?: Checkpoint;
}

/** Options of {@linkcode RunFolder.resume}. */
export interface ResumeOptions {
  /** Manifest of the run, if it is finished. Only checkpoints whose hashes it lists are used. */
  readonly manifest?: Manifest | undefined;
  /**
   * Checks that training can resume from the checkpoint `from`. If not, an older one is tried.
   *
   * @throws {RangeError} if training cannot resume from it
   */
  readonly check?: (from: Checkpoint, best: Checkpoint | undefined) => void;
  /** Called for each checkpoint that cannot be used, with the reason. */
  readonly onRefused?: (message: string) => void;
}

/** Options of {@linkcode openRunFolder}. */
interface OpenOptions {
  /** Whether the content of an existing folder is removed first. */
  readonly fresh: boolean;
  /** How many of the checkpoints at the ends of epochs are kept: the last ones. Defaults to 1. */
  readonly keep?: number;
  /**
   * Called before this process waits to see whether another one still holds its claim on the folder, with
   * the longest duration of the wait (ms).
   */
  readonly onWatch?: (patience: number) => void;
}

/**
 * Claims and opens a run folder. Creates the folder if it is missing.
 *
 * @throws {ClaimedError} if another process holds a claim on the folder
 * @throws {Error} if the folder cannot be written, or contains symbolic links
 */
export async function openRunFolder(
  path: string,
  { fresh, keep = 1, onWatch }: OpenOptions,
): Promise<RunFolder> {
  const claim = await claimRunFolder(path, onWatch);
  const growing = new Map<string, OpenedFile>();
  const close = () => {
    for (const file of growing.values()) file[Symbol.dispose]();
    claim[Symbol.dispose]();
  };
  let identity: string | undefined;
  try {
    if (fresh) await emptyFolder(path);
    for (const folder of [path, join(path, FILES.checkpoints), join(path, FILES.charts)]) {
      await removeTemporaryFiles(folder, 0); // nobody else writes here while the claim is held
    }
    identity = await folderIdentity(path);
  } catch (error) {
    close();
    throw error;
  }
  const removed = "it was removed during the run: run the same command to start again";
  const lost = (reason: string) => new Error(`Cannot write run folder "${path}": ${reason}`);
  const expectOwn = async () => {
    const state = await folderIdentity(path) === identity ? await claim.state() : "removed";
    if (state === "held") return;
    throw lost(
      state === "removed" ? removed : "another process has taken it over, since this one paused " +
        "for too long: run the same command once that process has ended",
    );
  };
  const write = async (name: string, content: Uint8Array | string) => {
    await expectOwn();
    try {
      await writeFileAtomic(join(path, name), content, path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await expectOwn();
      throw lost(removed); // the folder is being removed: its new file is gone, itself not yet
    }
  };
  const inCheckpoints = (name: string) => `${FILES.checkpoints}/${name}`;
  /** Steps per epoch; unknown until the first epoch has ended. */
  let perEpoch: number | undefined;
  const isEpochEnd = (step: number) => perEpoch !== undefined && step % perEpoch === 0;
  const keepCheckpoints = async (kept: readonly number[]) => {
    for (const step of await listCheckpointSteps(path)) {
      if (kept.includes(step)) continue;
      await removeFile(join(path, inCheckpoints(checkpointName(step))));
    }
  };
  return {
    path,
    write,
    append(name, line) {
      const file = join(path, name);
      try {
        const opened = growing.get(name) ?? openForAppending(file);
        growing.set(name, opened);
        writeAllBytes(opened, new TextEncoder().encode(`${line}\n`));
      } catch (error) {
        throw explainError(`Cannot write "${file}"`, error);
      }
    },
    async settleCheckpoints() {
      const steps = await listCheckpointSteps(path);
      await keepCheckpoints(
        steps.filter((step) => isEpochEnd(step) || step === steps.at(-1)).slice(-keep),
      );
      const names = [...(await listCheckpointSteps(path)).map(checkpointName), BEST_CHECKPOINT];
      const files = new Map<string, Uint8Array<ArrayBuffer>>();
      for (const name of names.map(inCheckpoints)) {
        const bytes = await readFileIfAny(join(path, name), "checkpoint");
        if (bytes !== undefined) files.set(name, bytes);
      }
      return files;
    },
    async resume(options) {
      const state = await readSavedState(path, options);
      perEpoch = state.from?.history.epochs[0]?.step;
      return state;
    },
    async saveCheckpoint(checkpoint) {
      const { step } = checkpoint.position;
      await write(inCheckpoints(checkpointName(step)), encodeCheckpoint(checkpoint));
      perEpoch = checkpoint.history.epochs[0]?.step;
      const steps = (await listCheckpointSteps(path)).filter((other) => other <= step); // later ones were refused
      await keepCheckpoints([...steps.filter(isEpochEnd).slice(-keep), step]);
    },
    saveBest: (checkpoint) => write(inCheckpoints(BEST_CHECKPOINT), encodeCheckpoint(checkpoint)),
    [Symbol.dispose]: close,
  };
}

/**
 * Reads the newest checkpoint from which training can resume, and the one with the best score, from the run
 * folder `path`. A checkpoint that is damaged, that `check` rejects, or that a finished run's manifest
 * lists with another hash or not at all, is reported to `onRefused` and skipped.
 *
 * Since training continues, the manifest of a finished run is removed, together with the checkpoints that
 * differ from it.
 */
async function readSavedState(
  path: string,
  { manifest, check = () => {}, onRefused = () => {} }: ResumeOptions,
): Promise<SavedState> {
  const read = async (name: string): Promise<Checkpoint | undefined> => {
    const file = join(path, FILES.checkpoints, name);
    const source = `checkpoint "${file}"`;
    const bytes = await readFileIfAny(file, "checkpoint");
    if (bytes === undefined) return undefined;
    const listed = manifest?.files.find(({ path }) => path === `${FILES.checkpoints}/${name}`);
    if (manifest !== undefined && listed?.sha256 !== sha256(bytes)) {
      onRefused(`Cannot use ${source}: expected it as the manifest has it: received another`);
      await removeFile(file);
      return undefined;
    }
    try {
      return decodeCheckpoint(bytes, { source, isVerified: listed !== undefined });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      onRefused(error.message);
      return undefined;
    }
  };
  const best = await read(BEST_CHECKPOINT);
  let state: SavedState = {};
  for (const step of (await listCheckpointSteps(path)).toReversed()) {
    const from = await read(checkpointName(step));
    if (from === undefined || state.from !== undefined) continue;
    try {
      check(from, best);
      state = best === undefined ? { from } : { from, best };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      onRefused(error.message);
    }
  }
  if (manifest !== undefined) await removeFile(join(path, FILES.manifest));
  return state;
}

/**
 * Reads the manifest of the run folder `path`. Returns undefined if the run is not finished.
 *
 * @throws {SyntaxError} if the manifest is malformed, or lists paths outside the folder
 */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const file = join(path, FILES.manifest);
  const bytes = await readFileIfAny(file, "manifest");
  if (bytes === undefined) return undefined;
  const manifest = decodeManifest(new TextDecoder().decode(bytes), `manifest "${file}"`);
  const outside = manifest.files.find(({ path }) => !isInsideRunFolder(path));
  if (outside === undefined) return manifest;
  throw new SyntaxError(
    `Cannot read manifest "${file}": expected files of the run: received "${outside.path}"`,
  );
}

/**
 * Returns whether a path from a manifest consists of plain names, without "..", so that it leads into the
 * run folder. Somebody else may have written the manifest.
 */
function isInsideRunFolder(path: string): boolean {
  return path.split("/").every((part) => /^\w[\w.-]*$/.test(part));
}

/**
 * Returns the paths of the files of a finished run that are missing or changed, in the order of its
 * manifest. `path` is the run folder.
 */
export async function findChangedFiles(
  manifest: Manifest,
  path: string,
): Promise<readonly string[]> {
  const found = new Map<string, Uint8Array>();
  for (const { path: name } of manifest.files) {
    const bytes = await readFileIfAny(join(path, name), "run");
    if (bytes !== undefined) found.set(name, bytes);
  }
  return changedFiles(manifest, found);
}

/**
 * Reads some files of the run folder `path`. Returns the content of each by its name, which is its path
 * within the folder. Throws if a file is missing.
 */
export async function readRunFiles(
  path: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of names) files.set(name, await readFile(join(path, name), "run"));
  return files;
}

/**
 * Creates a run folder if it is missing, and claims it for this process. Throws a ClaimedError if another
 * process holds a claim on it.
 */
async function claimRunFolder(path: string, onWatch: OpenOptions["onWatch"]): Promise<Claim> {
  await rejectLinks(path);
  let claim: Claim | undefined;
  try {
    await fileSystem().mkdir(path, { recursive: true });
    claim = await claimFolder(path, { onWatch });
  } catch (error) {
    throw explainError(`Cannot make run folder "${path}"`, error);
  }
  if (claim !== undefined) return claim;
  throw new ClaimedError(`Cannot open run folder "${path}": another process works on it`);
}

/**
 * Returns an identifier of a folder, which changes if the folder is replaced by another one. Returns
 * undefined if the folder does not exist.
 */
async function folderIdentity(path: string): Promise<string | undefined> {
  const facts = await readFileFacts(path);
  return facts && `${facts.dev} ${facts.ino}`;
}

/**
 * Removes everything in a run folder. The manifest is removed first, so that the remaining files never
 * count as a finished run.
 */
async function emptyFolder(path: string): Promise<void> {
  const names = (await readFolderEntries(path)).map(({ name }) => name);
  const isManifest = (name: string) => Number(name === FILES.manifest);
  for (const name of names.sort((a, b) => isManifest(b) - isManifest(a))) {
    try {
      await fileSystem().remove(join(path, name), { recursive: true });
    } catch (error) {
      throw explainError(`Cannot remove "${join(path, name)}"`, error);
    }
  }
}

/** Returns the numbers of steps at which a run folder has checkpoints, in rising order. */
async function listCheckpointSteps(path: string): Promise<readonly number[]> {
  const entries = await readFolderEntries(join(path, FILES.checkpoints));
  return entries.flatMap(({ name }) => checkpointStep(name) ?? []).sort((a, b) => a - b);
}

/**
 * Opens a file for appending lines, and creates it if it is missing. Removes a last line without a line
 * break, which a killed process may have left.
 */
function openForAppending(path: string): OpenedFile {
  const file = fileSystem().openSync(path, { append: true, create: true });
  const bytes = fileSystem().readFileSync(path);
  const whole = bytes.lastIndexOf(NEWLINE) + 1;
  if (whole < bytes.length) file.truncateSync(whole);
  return file;
}

const NEWLINE = 10;

/** Writes bytes to an open file. */
function writeAllBytes(file: OpenedFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
