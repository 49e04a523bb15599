/**
 * A run folder on disk: its files written whole, its checkpoints, its log, and the lock that keeps a
 * second process out while one is at work.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../run/checkpoint.ts";
import { checkpointName, checkpointStep, FILES } from "../run/folder.ts";
import { changedFiles, decodeManifest } from "../run/manifest.ts";
import { readFile, readFileIfAny, removeLeftovers, writeFileAtomic } from "./files.ts";

/** A run folder that this process works on; others are kept out until it is closed. */
export interface RunFolder extends Disposable {
  /** Path of the folder. */
  readonly path: string;
  /** Writes a file whole or not at all. */
  write(name: string, content: Uint8Array | string): Promise<void>;
  /** Adds a line to one of the files that grow: log, timing, progress. */
  append(name: string, line: string): void;
  /** The newest checkpoint, if there is one. */
  checkpoint(): Promise<Checkpoint | undefined>;
  /** The newest checkpoint's file, by its path in the folder; empty if there is none. */
  checkpointFile(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>>;
  /** Writes a checkpoint, then removes older ones. */
  saveCheckpoint(checkpoint: Checkpoint): Promise<void>;
}

/**
 * Opens a run folder, made if it is missing.
 *
 * @param fresh whether what an earlier process left in it is removed first
 * @throws {Error} if it cannot be made or written, or another process works on it
 */
export async function openRunFolder(
  path: string,
  { fresh }: { readonly fresh: boolean },
): Promise<RunFolder> {
  await makeFolder(path);
  const lock = await lockFolder(path);
  try {
    if (fresh) await empty(path);
    await removeLeftovers(path, 0);
    await removeLeftovers(join(path, FILES.checkpoints), 0);
  } catch (error) {
    lock.close();
    throw error;
  }
  const growing = new Map<string, Deno.FsFile>();
  return {
    path,
    write: (name, content) => writeFileAtomic(join(path, name), content),
    append(name, line) {
      const file = growing.get(name) ??
        Deno.openSync(join(path, name), { append: true, create: true });
      growing.set(name, file);
      writeAll(file, new TextEncoder().encode(`${line}\n`));
    },
    checkpointFile: () => newestCheckpoint(path),
    async checkpoint() {
      for (const [name, bytes] of await newestCheckpoint(path)) {
        return decodeCheckpoint(bytes, `checkpoint "${join(path, name)}"`);
      }
      return undefined;
    },
    async saveCheckpoint(checkpoint) {
      const older = await checkpointSteps(path);
      const { step } = checkpoint.position;
      const name = join(path, FILES.checkpoints, checkpointName(step));
      await writeFileAtomic(name, encodeCheckpoint(checkpoint));
      for (const other of older.filter((other) => other !== step)) {
        await Deno.remove(join(path, FILES.checkpoints, checkpointName(other)));
      }
    },
    [Symbol.dispose]() {
      for (const file of growing.values()) file.close();
      lock.close();
    },
  };
}

/** Whether a folder holds a finished run: one whose manifest is there and tells of unchanged files. */
export async function isFinished(path: string): Promise<boolean> {
  const text = await readFileIfAny(join(path, FILES.manifest), "manifest");
  if (text === undefined) return false;
  const manifest = decodeManifest(new TextDecoder().decode(text));
  const found = new Map<string, Uint8Array>();
  for (const { path: name } of manifest.files) {
    const bytes = await readFileIfAny(join(path, name), "run");
    if (bytes !== undefined) found.set(name, bytes);
  }
  return changedFiles(manifest, found).length === 0;
}

/** The named files of a run folder. */
export async function readRunFiles(
  path: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of names) files.set(name, await readFile(join(path, name), "run"));
  return files;
}

async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot make run folder "${path}": expected a folder that may be written: ${reason}`,
      {
        cause: error,
      },
    );
  }
}

/** The lock is on a file beside the folder, so that emptying the folder does not lose it. */
async function lockFolder(path: string): Promise<Deno.FsFile> {
  const name = join(dirname(path), `.${path.split(/[\\/]/).at(-1)}.lock`);
  const file = await Deno.open(name, { write: true, create: true });
  if (await file.tryLock(true)) return file;
  file.close();
  throw new Error(`Cannot open run folder "${path}": another process works on it`);
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
  try {
    const entries = await Array.fromAsync(Deno.readDir(join(path, FILES.checkpoints)));
    return entries.flatMap(({ name }) => checkpointStep(name) ?? []).sort((a, b) => a - b);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function newestCheckpoint(
  path: string,
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const step = (await checkpointSteps(path)).at(-1);
  if (step === undefined) return new Map();
  const name = `${FILES.checkpoints}/${checkpointName(step)}`;
  return new Map([[name, await readFile(join(path, name), "checkpoint")]]);
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
