/**
 * A run folder on disk: its files written whole, its checkpoints, its log, and the claim that keeps
 * other processes out while one is at work.
 *
 * @module
 */
import { join } from "@std/path";
import { sha256 } from "../../data/sha256.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../run/checkpoint.ts";
import { BEST_CHECKPOINT, checkpointName, checkpointStep, FILES } from "../../run/folder.ts";
import { changedFiles, decodeManifest, type Manifest } from "../../run/manifest.ts";
import { type Claim, claimFolder } from "./claim.ts";
import { fileSystem, type OpenedFile } from "../file_system.ts";
import {
  entriesOf,
  explained,
  factsOf,
  readFile,
  readFileIfAny,
  refuseLinks,
  removeFile,
  removeLeftovers,
  writeFileAtomic,
} from "../files.ts";

/** A run folder that this process works on; others are kept out until it is closed. */
export interface RunFolder extends Disposable {
  readonly path: string;
  /**
   * Writes a file whole or not at all.
   *
   * @throws {Error} if the folder was removed, or another process has taken it over
   */
  write(name: string, content: Uint8Array | string): Promise<void>;
  /** Adds a line to one of the files that grow: log, progress. */
  append(name: string, line: string): void;
  /** Reads the newest checkpoint from which training can go on, and the best one. */
  resume(options: ResumeOptions): Promise<SavedState>;
  /**
   * Removes all checkpoints but those that are kept of a finished run, and returns their files by their
   * paths in the folder.
   */
  settleCheckpoints(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>>;
  /**
   * Writes a checkpoint, then removes those within an epoch, and of those at ends of epochs all but the
   * last, of which some are kept.
   */
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /** Writes the best checkpoint in the place of the one that was it before. */
  saveBest(checkpoint: Checkpoint): Promise<void>;
}

/** Where training can go on. */
export interface SavedState {
  /** The newest checkpoint that can be used; undefined if there is none. */
  readonly from?: Checkpoint;
  /** The best checkpoint until then, if one is kept. */
  readonly best?: Checkpoint;
}

/** How checkpoints are read. */
export interface ResumeOptions {
  /** Manifest of the run if it was finished; only checkpoints that are as it says are used. */
  readonly manifest?: Manifest | undefined;
  /**
   * Checks that training can go on from a checkpoint.
   *
   * @throws {RangeError} if it cannot
   */
  readonly check?: (from: Checkpoint, best: Checkpoint | undefined) => void;
  /** Called with the reason why a checkpoint is not used. */
  readonly onRefused?: (message: string) => void;
}

interface OpenOptions {
  /** Whether what an earlier process left in it is removed first. */
  readonly fresh: boolean;
  /** How many of the checkpoints at ends of epochs are kept. Defaults to 1. */
  readonly keep?: number;
  /** Called when it must be seen whether another process still works on the folder. */
  readonly onWatch?: (patience: number) => void;
}

/**
 * Opens a run folder, made if it is missing.
 *
 * @throws {Error} if another process works on it, it cannot be written, or there are links in it
 */
export async function openRunFolder(
  path: string,
  { fresh, keep = 1, onWatch }: OpenOptions,
): Promise<RunFolder> {
  const claim = await prepareFolder(path, onWatch);
  const growing = new Map<string, OpenedFile>();
  const close = () => {
    for (const file of growing.values()) file[Symbol.dispose]();
    claim[Symbol.dispose]();
  };
  let identity: string | undefined;
  try {
    if (fresh) await empty(path);
    for (const folder of [path, join(path, FILES.checkpoints), join(path, FILES.charts)]) {
      await removeLeftovers(folder, 0); // nobody else writes here while the claim is held
    }
    identity = await identityOf(path);
  } catch (error) {
    close();
    throw error;
  }
  const removed = "it was removed while the run was under way: the same command begins again";
  const lost = (reason: string) => new Error(`Cannot write run folder "${path}": ${reason}`);
  const expectOwn = async () => {
    const state = await identityOf(path) === identity ? await claim.state() : "removed";
    if (state === "held") return;
    throw lost(
      state === "removed" ? removed : "another process has taken it over, since this one paused " +
        "for too long: the same command goes on once that one has ended",
    );
  };
  const write = async (name: string, content: Uint8Array | string) => {
    await expectOwn();
    try {
      await writeFileAtomic(join(path, name), content, path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await expectOwn();
      throw lost(removed); // the removal has reached the new file, and not yet the folder
    }
  };
  const inCheckpoints = (name: string) => `${FILES.checkpoints}/${name}`;
  /** Steps to an epoch; unknown until one has ended. */
  let perEpoch: number | undefined;
  const isEpochEnd = (step: number) => perEpoch !== undefined && step % perEpoch === 0;
  const keepCheckpoints = async (kept: readonly number[]) => {
    for (const step of await checkpointSteps(path)) {
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
        const opened = growing.get(name) ?? openGrowing(file);
        growing.set(name, opened);
        writeAll(opened, new TextEncoder().encode(`${line}\n`));
      } catch (error) {
        throw explained(`Cannot write "${file}"`, error);
      }
    },
    async settleCheckpoints() {
      const steps = await checkpointSteps(path);
      await keepCheckpoints(
        steps.filter((step) => isEpochEnd(step) || step === steps.at(-1)).slice(-keep),
      );
      const names = [...(await checkpointSteps(path)).map(checkpointName), BEST_CHECKPOINT];
      const files = new Map<string, Uint8Array<ArrayBuffer>>();
      for (const name of names.map(inCheckpoints)) {
        const bytes = await readFileIfAny(join(path, name), "checkpoint");
        if (bytes !== undefined) files.set(name, bytes);
      }
      return files;
    },
    async resume(options) {
      const state = await resume(path, options);
      perEpoch = state.from?.history.epochs[0]?.step;
      return state;
    },
    async saveCheckpoint(checkpoint) {
      const { step } = checkpoint.position;
      await write(inCheckpoints(checkpointName(step)), encodeCheckpoint(checkpoint));
      perEpoch = checkpoint.history.epochs[0]?.step;
      const steps = (await checkpointSteps(path)).filter((other) => other <= step); // later ones were refused
      await keepCheckpoints([...steps.filter(isEpochEnd).slice(-keep), step]);
    },
    saveBest: (checkpoint) => write(inCheckpoints(BEST_CHECKPOINT), encodeCheckpoint(checkpoint)),
    [Symbol.dispose]: close,
  };
}

/**
 * Reads the newest checkpoint that can be used. One that is damaged, or not what the manifest of the
 * finished run says, is reported and passed over.
 *
 * If there is a manifest, it and what it does not vouch for are removed: the run is not finished any more.
 */
async function resume(
  path: string,
  { manifest, check = () => {}, onRefused = () => {} }: ResumeOptions,
): Promise<SavedState> {
  const read = async (name: string): Promise<Checkpoint | undefined> => {
    const file = join(path, FILES.checkpoints, name);
    const what = `checkpoint "${file}"`;
    const bytes = await readFileIfAny(file, "checkpoint");
    if (bytes === undefined) return undefined;
    const listed = manifest?.files.find(({ path }) => path === `${FILES.checkpoints}/${name}`);
    if (manifest !== undefined && listed?.sha256 !== sha256(bytes)) {
      onRefused(`Cannot use ${what}: expected it as the manifest has it: received another`);
      await removeFile(file);
      return undefined;
    }
    try {
      return decodeCheckpoint(bytes, { what, isVerified: listed !== undefined });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      onRefused(error.message);
      return undefined;
    }
  };
  const best = await read(BEST_CHECKPOINT);
  let state: SavedState = {};
  for (const step of (await checkpointSteps(path)).toReversed()) {
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

/** The manifest of a run, which finished runs have; undefined if there is none. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const file = join(path, FILES.manifest);
  const bytes = await readFileIfAny(file, "manifest");
  if (bytes === undefined) return undefined;
  const manifest = decodeManifest(new TextDecoder().decode(bytes), `manifest "${file}"`);
  const outside = manifest.files.find(({ path }) => !isInside(path));
  if (outside === undefined) return manifest;
  throw new SyntaxError(
    `Cannot read manifest "${file}": expected files of the run: received "${outside.path}"`,
  );
}

/** Whether a path of a manifest, which anybody may have written, stays in the run folder. */
function isInside(path: string): boolean {
  return path.split("/").every((part) => /^\w[\w.-]*$/.test(part));
}

/** The files of a finished run that are missing or not what its manifest says, in its order. */
export async function changesSince(manifest: Manifest, path: string): Promise<readonly string[]> {
  const found = new Map<string, Uint8Array>();
  for (const { path: name } of manifest.files) {
    const bytes = await readFileIfAny(join(path, name), "run");
    if (bytes !== undefined) found.set(name, bytes);
  }
  return changedFiles(manifest, found);
}

export async function readRunFiles(
  path: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of names) files.set(name, await readFile(join(path, name), "run"));
  return files;
}

async function prepareFolder(path: string, onWatch: OpenOptions["onWatch"]): Promise<Claim> {
  await refuseLinks(path);
  let claim: Claim | undefined;
  try {
    await fileSystem().mkdir(path, { recursive: true });
    claim = await claimFolder(path, { onWatch });
  } catch (error) {
    throw explained(`Cannot make run folder "${path}"`, error);
  }
  if (claim !== undefined) return claim;
  throw new Error(`Cannot open run folder "${path}": another process works on it`);
}

/** Returns what tells a folder from another of the same path; undefined if there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  const facts = await factsOf(path);
  return facts && `${facts.dev} ${facts.ino}`;
}

/** Removes what is in a folder: the manifest first, so that what is left does not pass for finished. */
async function empty(path: string): Promise<void> {
  const names = (await entriesOf(path)).map(({ name }) => name);
  const isManifest = (name: string) => Number(name === FILES.manifest);
  for (const name of names.sort((a, b) => isManifest(b) - isManifest(a))) {
    try {
      await fileSystem().remove(join(path, name), { recursive: true });
    } catch (error) {
      throw explained(`Cannot remove "${join(path, name)}"`, error);
    }
  }
}

async function checkpointSteps(path: string): Promise<readonly number[]> {
  const entries = await entriesOf(join(path, FILES.checkpoints));
  return entries.flatMap(({ name }) => checkpointStep(name) ?? []).sort((a, b) => a - b);
}

/** Opens a file to add lines to it. A line that a killed process left without its end is cut off. */
function openGrowing(path: string): OpenedFile {
  const file = fileSystem().openSync(path, { append: true, create: true });
  const bytes = fileSystem().readFileSync(path);
  const whole = bytes.lastIndexOf(NEWLINE) + 1;
  if (whole < bytes.length) file.truncateSync(whole);
  return file;
}

const NEWLINE = 10;

function writeAll(file: OpenedFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
