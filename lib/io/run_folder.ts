/**
 * A run folder on disk: its files written whole, its checkpoints, its log, and the lock that keeps a
 * second process out while one is at work.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../run/checkpoint.ts";
import { BEST_CHECKPOINT, checkpointName, checkpointStep, FILES } from "../run/folder.ts";
import { changedFiles, decodeManifest, type Manifest } from "../run/manifest.ts";
import {
  entriesOf,
  explained,
  ifFound,
  readFile,
  readFileIfAny,
  removeLeftovers,
  writeFileAtomic,
} from "./files.ts";

/** A run folder that this process works on; others are kept out until it is closed. */
export interface RunFolder extends Disposable {
  readonly path: string;
  /** Writes a file whole or not at all. */
  write(name: string, content: Uint8Array | string): Promise<void>;
  /** Adds a line to one of the files that grow: log, progress. */
  append(name: string, line: string): void;
  checkpoint(): Promise<Checkpoint | undefined>;
  /** The best checkpoint, if one is kept. */
  best(): Promise<Checkpoint | undefined>;
  /** The files of all checkpoints, by their paths in the folder. */
  checkpointFiles(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>>;
  /** Writes a checkpoint, then removes older ones but for as many as are kept. */
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /** Writes the best checkpoint in the place of the one that was it before. */
  saveBest(checkpoint: Checkpoint): Promise<void>;
}

/**
 * Opens a run folder, made if it is missing.
 *
 * @param fresh whether what an earlier process left in it is removed first
 * @param keep how many of the last checkpoints are kept, 1 if not given
 */
export async function openRunFolder(
  path: string,
  { fresh, keep = 1 }: { readonly fresh: boolean; readonly keep?: number },
): Promise<RunFolder> {
  const lock = await prepareFolder(path);
  try {
    if (fresh) await empty(path);
    for (const folder of [path, join(path, FILES.checkpoints), join(path, FILES.charts)]) {
      await removeLeftovers(folder, 0); // nobody else writes here while the lock is held
    }
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
  const growing = new Map<string, Deno.FsFile>();
  return {
    path,
    write: (name, content) => writeFileAtomic(join(path, name), content),
    append(name, line) {
      try {
        const file = growing.get(name) ??
          Deno.openSync(join(path, name), { append: true, create: true });
        growing.set(name, file);
        writeAll(file, new TextEncoder().encode(`${line}\n`));
      } catch (error) {
        throw explained(`Cannot write "${join(path, name)}"`, error);
      }
    },
    async checkpointFiles() {
      const names = [...(await checkpointSteps(path)).map(checkpointName), BEST_CHECKPOINT];
      const files = new Map<string, Uint8Array<ArrayBuffer>>();
      for (const name of names.map((name) => `${FILES.checkpoints}/${name}`)) {
        const bytes = await readFileIfAny(join(path, name), "checkpoint");
        if (bytes !== undefined) files.set(name, bytes);
      }
      return files;
    },
    async checkpoint() {
      const step = (await checkpointSteps(path)).at(-1);
      return step === undefined ? undefined : await readCheckpoint(path, checkpointName(step));
    },
    best: () => readCheckpoint(path, BEST_CHECKPOINT),
    async saveCheckpoint(checkpoint) {
      const { step } = checkpoint.position;
      await saveCheckpoint(path, checkpointName(step), checkpoint);
      const others = (await checkpointSteps(path)).filter((other) => other !== step);
      for (const other of others.slice(0, Math.max(0, others.length - keep + 1))) {
        await Deno.remove(join(path, FILES.checkpoints, checkpointName(other)));
      }
    },
    saveBest: (checkpoint) => saveCheckpoint(path, BEST_CHECKPOINT, checkpoint),
    [Symbol.dispose]() {
      for (const file of growing.values()) file.close();
      lock[Symbol.dispose]();
    },
  };
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

async function prepareFolder(path: string): Promise<Disposable> {
  let lock: Disposable | undefined;
  try {
    await Deno.mkdir(path, { recursive: true });
    lock = await lockFolder(path);
  } catch (error) {
    throw explained(`Cannot make run folder "${path}"`, error);
  }
  if (lock !== undefined) return lock;
  throw new Error(`Cannot open run folder "${path}": another process works on it`);
}

/**
 * Takes the lock of a run folder, or returns undefined if another process has it.
 *
 * The lock is on a file beside the folder, so that emptying the folder does not lose it. Whoever
 * had the lock removes the file; so a lock counts only if its file is still the one of that name.
 */
async function lockFolder(path: string): Promise<Disposable | undefined> {
  const name = join(dirname(path), `.${basename(path)}.lock`);
  for (;;) {
    const file = await Deno.open(name, { write: true, create: true });
    const isLocked = await file.tryLock(true);
    if (isLocked && await isFileOf(name, file)) {
      return {
        [Symbol.dispose]() {
          Deno.removeSync(name);
          file.close();
        },
      };
    }
    file.close();
    if (!isLocked) return undefined;
  }
}

async function isFileOf(name: string, file: Deno.FsFile): Promise<boolean> {
  const [there, here] = [await ifFound(Deno.stat(name), undefined), await file.stat()];
  return there?.ino === here.ino && there.dev === here.dev;
}

/** Removes what is in a folder: the manifest first, so that what is left does not pass for finished. */
async function empty(path: string): Promise<void> {
  const names = (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
  const isManifest = (name: string) => Number(name === FILES.manifest);
  for (const name of names.sort((a, b) => isManifest(b) - isManifest(a))) {
    await Deno.remove(join(path, name), { recursive: true });
  }
}

async function checkpointSteps(path: string): Promise<readonly number[]> {
  const entries = await entriesOf(join(path, FILES.checkpoints));
  return entries.flatMap(({ name }) => checkpointStep(name) ?? []).sort((a, b) => a - b);
}

async function readCheckpoint(path: string, name: string): Promise<Checkpoint | undefined> {
  const file = join(path, FILES.checkpoints, name);
  const bytes = await readFileIfAny(file, "checkpoint");
  return bytes && decodeCheckpoint(bytes, `checkpoint "${file}"`);
}

async function saveCheckpoint(path: string, name: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(join(path, FILES.checkpoints, name), encodeCheckpoint(checkpoint));
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
