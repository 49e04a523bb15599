/**
 * Claims: locks on folders. At most one process holds the claim on a folder, also among machines that share
 * a file system.
 *
 * A claim is a file beside the folder with a random token and a counter, which its holder raises every
 * second. The claims of a folder are numbered; the highest number holds the folder. A process claims a
 * folder by creating the file with the next number exclusively, so only one of several processes succeeds.
 * A claim is abandoned if its counter stands still while another process watches it; that process then
 * claims the next number. Clocks of different machines are never compared.
 *
 * A suspended holder checks its claim before each write: if its file is gone or a higher number exists, it
 * stops. Between this check and the write another process may take over, so both may write. This does no
 * harm: files are written atomically, and equal runs write equal bytes.
 *
 * A holder also locks its file. Other machines may not see the lock, so correctness does not depend on it.
 * On the same machine it ends with the holder's process, so a successor need not watch the counter.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { sha256 } from "../../data/sha256.ts";
import {
  awaitIfFound,
  readFileFacts,
  readFileIfAny,
  readFolderEntries,
  removeFile,
} from "../files.ts";
import { fileSystem, type OpenedFile } from "../file_system.ts";

/** A claim of this process on a folder. Disposing of it releases the folder. */
export interface Claim extends Disposable {
  /** Returns the state of the claim: still held, taken over by another process, or removed. */
  state(): Promise<"held" | "taken over" | "removed">;
}

/** Options of {@linkcode claimFolder}. */
interface ClaimOptions {
  /** Time between two increments of the claim's counter (ms). Defaults to 1000. */
  readonly beat?: number;
  /**
   * Time without an increment after which the claim of another process counts as abandoned (ms). Defaults
   * to 10,000.
   */
  readonly patience?: number;
  /**
   * Called before this process waits to see whether the counter of another process stands still, with the
   * longest duration of the wait (ms).
   */
  readonly onWatch?: ((patience: number) => void) | undefined;
}

const BEAT = 1000;

/**
 * Default of `patience` (ms): the time of ten increments of the counter. A slow disk, the likeliest cause
 * of a late increment, delays a process by less.
 */
const PATIENCE = 10_000;

/** Number of times that a watched counter is read during the time between two increments. */
const READS_PER_BEAT = 4;

/**
 * Number of digits of the counter. All counters have this width, so rewriting the file in place leaves no
 * old bytes.
 */
const DIGITS = 12;

/**
 * Claims a folder for this process. Returns undefined if another process holds a claim on it.
 *
 * @throws {Error} if the parent folder cannot be written
 */
export async function claimFolder(
  path: string,
  { beat = BEAT, patience = PATIENCE, onWatch }: ClaimOptions = {},
): Promise<Claim | undefined> {
  for (;;) {
    const last = (await listClaims(path)).at(-1) ?? 0;
    if (last > 0) {
      const state = await claimState(claimPath(path, last), { beat, patience, onWatch });
      if (state === "held") return undefined;
      if (state === "removed") continue; // its successor may have claimed the folder by a lower number
    }
    const file = await createExclusively(claimPath(path, last + 1));
    if (file === undefined) continue; // another process was faster
    const claim = await holdClaim(path, last + 1, file, beat);
    if (claim !== undefined) return claim;
  }
}

/** The error for a folder on which another process holds a claim. */
export class ClaimedError extends Error {
  override readonly name = "ClaimedError";
}

/**
 * Waits until at least one of several folders is not claimed by any process, and returns the paths of all
 * folders that are not. Abandoned claims do not count. Returns an empty list once the signal is aborted.
 */
export async function waitForRelease(
  paths: readonly string[],
  { signal, beat = BEAT, patience = PATIENCE }: ClaimOptions & { readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const isReleased = async (path: string) => {
    const last = (await listClaims(path)).at(-1);
    return last === undefined ||
      await claimState(claimPath(path, last), { beat, patience }) !== "held";
  };
  while (!signal.aborted) {
    const released = await Promise.all(paths.map(isReleased));
    if (released.includes(true)) return paths.filter((_, index) => released[index]);
    await new Promise((resolve) => setTimeout(resolve, beat));
  }
  return [];
}

/** Removes the claims on a folder that killed processes of this machine left. */
export async function removeAbandonedClaims(path: string): Promise<void> {
  for (const number of await listClaims(path)) {
    const name = claimPath(path, number);
    const found = await readFileIfAny(name, "claim");
    if (found === undefined || !await isOfThisMachine(parseClaim(found).host)) continue;
    if (await localClaimState(name) === "abandoned") await removeFile(name);
  }
}

/** Returns the numbers of the claims on a folder, in rising order. */
async function listClaims(path: string): Promise<readonly number[]> {
  const prefix = basename(claimPath(path, ""));
  const names = (await readFolderEntries(dirname(path))).map(({ name }) => name);
  return names.flatMap((name) => {
    const number = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    return /^\d{1,15}$/.test(number) ? Number(number) : [];
  }).sort((a, b) => a - b);
}

/**
 * Returns the path of the file that represents a claim on the folder `path`. Claims on a folder are
 * numbered. If `number` is empty, returns the beginning that the paths of all its claims have in common.
 */
function claimPath(path: string, number: number | ""): string {
  return join(dirname(path), `.${basename(path)}.claim-${number}`);
}

/** Creates a new file and opens it for writing. Returns undefined if the file exists. */
async function createExclusively(path: string): Promise<OpenedFile | undefined> {
  try {
    return await fileSystem().open(path, { write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
}

/**
 * Writes the file of a new claim on the folder `path`, removes the claims with lower numbers, and starts
 * incrementing the counter every `beat` milliseconds. `file` is the claim's file, open for writing. Returns
 * undefined, and removes the new claim, if another process has one with a higher number.
 */
async function holdClaim(
  path: string,
  number: number,
  file: OpenedFile,
  beat: number,
): Promise<Claim | undefined> {
  const name = claimPath(path, number);
  const token = crypto.randomUUID();
  let isWritten = false;
  const remove = () => {
    try {
      const isOwn = !isWritten || claimToken(fileSystem().readFileSync(name)) === token;
      if (isOwn) fileSystem().removeSync(name);
    } catch {
      // the folder of results was removed with it, or it cannot be removed and others see it stand still
    }
    file[Symbol.dispose]();
  };
  try {
    const host = await tryLock(file) ? await machineId() : "";
    let beats = 0;
    const raise = async () => {
      const line = JSON.stringify({ token, host, beat: `${++beats}`.padStart(DIGITS, "0") });
      file.seekSync(0, Deno.SeekMode.Start);
      file.writeSync(new TextEncoder().encode(`${line}\n`));
      await file.syncData(); // so that other machines see it
    };
    await raise();
    isWritten = true;
    const claims = await listClaims(path);
    if (claims.at(-1) !== number) {
      remove();
      return undefined;
    }
    for (const other of claims.slice(0, -1)) {
      await awaitIfFound(fileSystem().remove(claimPath(path, other)), undefined);
    }
    let isRaised = true;
    const timer = setInterval(async () => {
      if (!isRaised) return;
      isRaised = false;
      await raise().catch(() => {}); // the next write of the run reports a failing disk
      isRaised = true;
    }, beat);
    Deno.unrefTimer(timer);
    return {
      async state() {
        const found = await readFileIfAny(name, "claim");
        if (found !== undefined && claimToken(found) !== token) return "taken over";
        const next = await readFileFacts(claimPath(path, number + 1));
        if (next !== undefined) return "taken over";
        return found === undefined ? "removed" : "held";
      },
      [Symbol.dispose]() {
        clearInterval(timer);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Tries to lock an open file exclusively, without waiting. Returns whether it succeeded; always false on
 * Windows. The lock ends with the process.
 */
async function tryLock(file: OpenedFile): Promise<boolean> {
  if (Deno.build.os === "windows") return false; // a lock there keeps others from reading the file
  try {
    return await file.tryLock(true);
  } catch {
    return false;
  }
}

/**
 * Returns the state of another process's claim, given the path of its file. If the process runs on another
 * machine, its counter is watched. The claim is held if the counter changes within `patience`, and
 * abandoned otherwise.
 */
async function claimState(
  claimFile: string,
  { beat, patience, onWatch }: Required<Omit<ClaimOptions, "onWatch">> & ClaimOptions,
): Promise<"held" | "abandoned" | "removed"> {
  const read = () => awaitIfFound(fileSystem().readFile(claimFile), undefined);
  const first = await read();
  if (first === undefined) return "removed";
  const { host } = parseClaim(first);
  // a claim states its host only if it is locked, so a free lock on the same host means a dead process
  if (await isOfThisMachine(host)) return await localClaimState(claimFile);
  const isWritten = host !== undefined;
  if (isWritten) onWatch?.(patience);
  const begun = performance.now();
  // an empty claim is a beat away from being written, unless its process was killed in between
  while (performance.now() - begun < (isWritten ? patience : beat)) {
    await new Promise((resolve) => setTimeout(resolve, beat / READS_PER_BEAT));
    const now = await read();
    if (now === undefined) return "removed";
    if (sha256(now) !== sha256(first)) return "held";
  }
  return "abandoned";
}

/** Returns whether the host that a claim states is this machine. */
async function isOfThisMachine(host: unknown): Promise<boolean> {
  return host !== "" && host === await machineId();
}

/**
 * Returns the state of a claim by a process of this machine, given the path of the claim's file. The
 * process keeps this file locked until it ends.
 */
async function localClaimState(claimFile: string): Promise<"held" | "abandoned" | "removed"> {
  const file = await awaitIfFound(
    fileSystem().open(claimFile, { read: true, write: true }),
    undefined,
  );
  if (file === undefined) return "removed";
  using opened = file;
  return await tryLock(opened) ? "abandoned" : "held";
}

/** Returns the random token in the bytes of a claim file, or undefined if it is not written yet. */
function claimToken(bytes: Uint8Array): unknown {
  return parseClaim(bytes).token;
}

/** Parses the bytes of a claim file. Returns an empty object if it is not written yet. */
function parseClaim(bytes: Uint8Array): { readonly token?: unknown; readonly host?: unknown } {
  try {
    return { ...JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return {};
  }
}

/** Files that identify a machine or container and can be read without further permission. */
const HOST_FILES = ["/etc/machine-id", "/etc/hostname"];

/** Returns an identifier of this machine, or an empty text if there is none, as on macOS. */
async function machineId(): Promise<string> {
  const facts: unknown[] = [];
  for (const path of HOST_FILES) {
    try {
      const { ino, dev, mtime } = await fileSystem().stat(path);
      facts.push(new TextDecoder().decode(await fileSystem().readFile(path)), ino, dev, mtime);
    } catch {
      return "";
    }
  }
  return sha256(new TextEncoder().encode(JSON.stringify(facts)));
}
