/**
 * Claims: of all processes, also of several machines on one file system, at most one works on a folder.
 *
 * A claim is a file beside the folder with a random token and a counter, which its holder raises every
 * second. The claims of a folder are numbered, and the highest number holds. Whoever wants the folder
 * creates the file of the next number, and does so exclusively, so of several only one can. A claim whose
 * counter does not move while another process watches it is abandoned, and is succeeded in this way; no
 * clock of one machine is compared with that of another. A holder that was suspended for so long finds
 * its file gone, or a higher number, before it writes again. If it is between looking and writing then,
 * both may write; no harm comes of it, since files are written whole, and the same run has the same bytes.
 *
 * A holder locks its file too. Nothing rests on the lock, which other machines may not see; but on the
 * machine of the holder it ends with the holder's process, so nobody has to wait there.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { sha256 } from "../../data/sha256.ts";
import { entriesOf, factsOf, ifFound, readFileIfAny, removeFile } from "../files.ts";
import { fileSystem, type OpenedFile } from "../file_system.ts";

/** A folder that this process may work on. It is free again when the claim is disposed of. */
export interface Claim extends Disposable {
  /** Returns whether the claim is still held, was taken over by another process, or was removed. */
  state(): Promise<"held" | "taken over" | "removed">;
}

/** Times of claims, in milliseconds. */
interface ClaimOptions {
  /** From one raise of the counter to the next. */
  readonly beat?: number;
  /** How long a counter may stand still. */
  readonly patience?: number;
  /** Called when the counter of another process will be watched. */
  readonly onWatch?: ((patience: number) => void) | undefined;
}

const BEAT = 1000;

/** Ten beats: what keeps a process that works from a single one, above all a slow disk, takes less. */
const PATIENCE = 10_000;

/** Looks at a counter during one beat of it. */
const LOOKS = 4;

/** Digits of the counter: claims have one length, so one that is written again has no old end. */
const DIGITS = 12;

/**
 * Claims a folder; returns undefined if another process works on it.
 *
 * @throws {Error} if the folder beside which the claim lies cannot be written
 */
export async function claimFolder(
  path: string,
  { beat = BEAT, patience = PATIENCE, onWatch }: ClaimOptions = {},
): Promise<Claim | undefined> {
  for (;;) {
    const last = (await claimsOf(path)).at(-1) ?? 0;
    const before = claimName(path, last);
    if (last > 0 && !await isAbandoned(before, { beat, patience, onWatch })) return undefined;
    const file = await create(claimName(path, last + 1));
    if (file === undefined) continue; // another process was faster
    const claim = await hold(path, last + 1, file, beat);
    if (claim !== undefined) return claim;
  }
}

/** Removes the claims that processes of this machine have left which were killed. */
export async function removeAbandonedClaims(path: string): Promise<void> {
  for (const number of await claimsOf(path)) {
    const name = claimName(path, number);
    const found = await readFileIfAny(name, "claim");
    if (found === undefined || !await isOfThisMachine(contentOf(found).host)) continue;
    if (await isFree(name)) await removeFile(name);
  }
}

/** Returns the numbers of a folder's claims, rising. */
async function claimsOf(path: string): Promise<readonly number[]> {
  const prefix = basename(claimName(path, ""));
  const names = (await entriesOf(dirname(path))).map(({ name }) => name);
  return names.flatMap((name) => {
    const number = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    return /^\d{1,15}$/.test(number) ? Number(number) : [];
  }).sort((a, b) => a - b);
}

function claimName(path: string, number: number | ""): string {
  return join(dirname(path), `.${basename(path)}.claim-${number}`);
}

/** Creates a file; undefined if there is one of this name. */
async function create(name: string): Promise<OpenedFile | undefined> {
  try {
    return await fileSystem().open(name, { write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
}

/** Begins the beat of a claim; undefined if another process has one with a higher number. */
async function hold(
  path: string,
  number: number,
  file: OpenedFile,
  beat: number,
): Promise<Claim | undefined> {
  const name = claimName(path, number);
  const token = crypto.randomUUID();
  let isWritten = false;
  const remove = () => {
    try {
      const isOwn = !isWritten || tokenOf(fileSystem().readFileSync(name)) === token;
      if (isOwn) fileSystem().removeSync(name);
    } catch {
      // it was removed with the folder of results, or cannot be; then others find its counter still
    }
    file[Symbol.dispose]();
  };
  try {
    const host = await isLocked(file) ? await hostOf() : "";
    let beats = 0;
    const raise = async () => {
      const line = JSON.stringify({ token, host, beat: `${++beats}`.padStart(DIGITS, "0") });
      file.seekSync(0, Deno.SeekMode.Start);
      file.writeSync(new TextEncoder().encode(`${line}\n`));
      await file.syncData(); // else another machine might not see it
    };
    await raise();
    isWritten = true;
    const claims = await claimsOf(path);
    if (claims.at(-1) !== number) {
      remove();
      return undefined;
    }
    for (const other of claims.slice(0, -1)) {
      await ifFound(fileSystem().remove(claimName(path, other)), undefined);
    }
    let isRaised = true;
    const timer = setInterval(async () => {
      if (!isRaised) return;
      isRaised = false;
      await raise().catch(() => {}); // the next write of the run tells of a disk that fails
      isRaised = true;
    }, beat);
    Deno.unrefTimer(timer);
    return {
      async state() {
        const found = await readFileIfAny(name, "claim");
        if (found !== undefined && tokenOf(found) !== token) return "taken over";
        const next = await factsOf(claimName(path, number + 1));
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

/** Locks a file, where the system can; the lock ends with the process at the latest. */
async function isLocked(file: OpenedFile): Promise<boolean> {
  if (Deno.build.os === "windows") return false; // there it would keep others from reading
  try {
    return await file.tryLock(true);
  } catch {
    return false;
  }
}

/** Watches a claim, if need be, until it moves or patience is over; one that is gone is abandoned. */
async function isAbandoned(
  name: string,
  { beat, patience, onWatch }: Required<Omit<ClaimOptions, "onWatch">> & ClaimOptions,
): Promise<boolean> {
  const read = () => ifFound(fileSystem().readFile(name), undefined);
  const first = await read();
  if (first === undefined) return true;
  const { host } = contentOf(first);
  // a claim says its host once it is locked, so a lock on the same host that is free was a dead process's
  if (await isOfThisMachine(host)) return await isFree(name);
  const isWritten = host !== undefined;
  if (isWritten) onWatch?.(patience);
  const begun = performance.now();
  // a process writes its claim right after creating it, or it was killed between
  while (performance.now() - begun < (isWritten ? patience : beat)) {
    await new Promise((resolve) => setTimeout(resolve, beat / LOOKS));
    const now = await read();
    if (now === undefined) return true;
    if (sha256(now) !== sha256(first)) return false;
  }
  return true;
}

async function isOfThisMachine(host: unknown): Promise<boolean> {
  return host !== "" && host === await hostOf();
}

async function isFree(name: string): Promise<boolean> {
  const file = await ifFound(fileSystem().open(name, { read: true, write: true }), undefined);
  if (file === undefined) return true;
  using opened = file;
  return await isLocked(opened);
}

function tokenOf(bytes: Uint8Array): unknown {
  return contentOf(bytes).token;
}

/** Returns what a claim says; nothing if it is not written yet. */
function contentOf(bytes: Uint8Array): { readonly token?: unknown; readonly host?: unknown } {
  try {
    return { ...JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return {};
  }
}

/** What tells machines apart without a permission to look at them; containers have names of their own. */
const HOST_FILES = ["/etc/machine-id", "/etc/hostname"];

/** Returns what no other machine has; nothing where that is not known, as on macOS. */
async function hostOf(): Promise<string> {
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
