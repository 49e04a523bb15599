/**
 * A file system in memory, of which any operation can fail, or be the last of a process.
 *
 * Files keep what was written apart from what was forced to disk, so that a power cut can be tried too.
 *
 * @module
 */
import { basename, dirname, resolve } from "@std/path";
import type { FileFacts, FileSystem, OpenedFile } from "../../lib/io/file_system.ts";

/** Event at a file operation. */
export type Fault =
  | "ENOSPC"
  | "EIO"
  | "EACCES"
  /** The process is killed before the operation. */
  | "killed before"
  /** The process is killed after the operation; of a write only the first half is done. */
  | "killed after"
  /** The power is cut after the operation: files that were not forced to disk are empty. */
  | "power cut: empty files"
  /** The same, and folders that were not forced to disk are as they were before. */
  | "power cut: old folders";

export const FAULTS: readonly Fault[] = [
  "ENOSPC",
  "EIO",
  "EACCES",
  "killed before",
  "killed after",
  "power cut: empty files",
  "power cut: old folders",
];

/** The error that every operation of a process meets once it was killed. */
export class Killed extends Error {
  override readonly name = "Killed";
}

interface FileNode {
  readonly kind: "file";
  readonly id: number;
  bytes: Uint8Array<ArrayBuffer>;
  /** Content after a power cut. */
  synced: Uint8Array<ArrayBuffer>;
  lockedBy: OpenedFile | undefined;
}

interface FolderNode {
  readonly kind: "folder";
  readonly id: number;
  entries: Map<string, Node>;
  synced: Map<string, Node>;
}

type Node = FileNode | FolderNode;

/** The disk of a machine on which processes run one after the other. */
export class Disk {
  #nextId = 1;
  #root = this.#folder();

  /** Makes a disk with files, all of which are forced to it. */
  constructor(files: Readonly<Record<string, Uint8Array<ArrayBuffer> | string>> = {}) {
    const machine = { "/etc/machine-id": "0", "/etc/hostname": "memory" };
    for (const [path, content] of Object.entries({ ...machine, ...files })) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      const folder = this.#makeFolders(dirname(absolute(path)));
      folder.entries.set(basename(path), this.#file(bytes));
    }
    this.sync();
  }

  /** Starts a process; whatever an earlier one has locked is free again. */
  process(fault?: { readonly at: number; readonly fault: Fault }): MemoryProcess {
    for (const node of allNodes(this.#root)) if (node.kind === "file") node.lockedBy = undefined;
    return new MemoryProcess(this, fault);
  }

  /** Paths of all files below a folder with their content, sorted. */
  files(path: string): Map<string, Uint8Array<ArrayBuffer>> {
    const found = new Map<string, Uint8Array<ArrayBuffer>>();
    const walk = (node: Node | undefined, name: string) => {
      if (node?.kind === "file") found.set(name, node.bytes);
      if (node?.kind !== "folder") return;
      for (const [inner, child] of [...node.entries].sort(([a], [b]) => a < b ? -1 : 1)) {
        walk(child, name === "" ? inner : `${name}/${inner}`);
      }
    };
    walk(this.find(path), "");
    return found;
  }

  /** Copies the disk. */
  clone(): Disk {
    const files = Object.fromEntries(
      [...this.files("/")].map(([path, bytes]) => [`/${path}`, bytes.slice()]),
    );
    return new Disk(files);
  }

  /** Forces everything to disk. */
  sync(): void {
    for (const node of allNodes(this.#root)) {
      if (node.kind === "file") node.synced = node.bytes.slice();
      else node.synced = new Map(node.entries);
    }
  }

  /** Loses what was not forced to disk. */
  cutPower({ keepsFolders }: { readonly keepsFolders: boolean }): void {
    for (const node of [...allNodes(this.#root)]) {
      if (node.kind === "file") node.bytes = node.synced.slice();
      else if (!keepsFolders) node.entries = new Map(node.synced);
    }
    // what is in a folder that is found again is what was forced to disk, too
    for (const node of [...allNodes(this.#root)]) {
      if (node.kind === "file") node.bytes = node.synced.slice();
    }
    this.sync();
  }

  find(path: string): Node | undefined {
    let node: Node = this.#root;
    for (const name of namesOf(path)) {
      if (node.kind === "file") throw systemError("ENOTDIR");
      const next = node.entries.get(name);
      if (next === undefined) return undefined;
      node = next;
    }
    return node;
  }

  get(path: string): Node {
    const node = this.find(path);
    if (node === undefined) throw systemError("ENOENT");
    return node;
  }

  folder(path: string): FolderNode {
    const node = this.get(path);
    if (node.kind === "folder") return node;
    throw systemError("ENOTDIR");
  }

  create(path: string, createNew: boolean): FileNode {
    const found = this.find(path);
    if (found !== undefined && createNew) throw systemError("EEXIST");
    if (found?.kind === "folder") throw systemError("EISDIR");
    if (found !== undefined) return found;
    const file = this.#file(new Uint8Array());
    this.folder(dirname(absolute(path))).entries.set(basename(path), file);
    return file;
  }

  mkdir(path: string): void {
    this.#makeFolders(absolute(path));
  }

  #makeFolders(path: string): FolderNode {
    let node: FolderNode = this.#root;
    for (const name of namesOf(path)) {
      const next: Node = node.entries.get(name) ?? this.#folder();
      if (next.kind === "file") throw systemError("ENOTDIR");
      node.entries.set(name, next);
      node = next;
    }
    return node;
  }

  #folder(): FolderNode {
    return { kind: "folder", id: this.#nextId++, entries: new Map(), synced: new Map() };
  }

  #file(bytes: Uint8Array<ArrayBuffer>): FileNode {
    const synced = new Uint8Array();
    return { kind: "file", id: this.#nextId++, bytes, synced, lockedBy: undefined };
  }
}

/** A process on a disk: the file system that it sees. */
export class MemoryProcess implements FileSystem {
  readonly #disk: Disk;
  readonly #fault: { readonly at: number; readonly fault: Fault } | undefined;
  #operations = 0;
  #isKilled = false;
  #temporaries = 0;
  #hit: string | undefined;

  /** Starts a process; see {@linkcode Disk.process}. */
  constructor(disk: Disk, fault: { readonly at: number; readonly fault: Fault } | undefined) {
    this.#disk = disk;
    this.#fault = fault;
  }

  /** Number of operations so far. */
  get operations(): number {
    return this.#operations;
  }

  /** The operation at which the fault happened; undefined if the process did not come so far. */
  get hit(): string | undefined {
    return this.#hit;
  }

  /** Whether the fault was the end of the process. */
  get isKilled(): boolean {
    return this.#isKilled;
  }

  // deno-lint-ignore require-await -- failures are rejections, as Deno's are
  async open(path: string, options: Deno.OpenOptions): Promise<OpenedFile> {
    return this.openSync(path, options);
  }

  openSync(path: string, options: Deno.OpenOptions): OpenedFile {
    const { write = false, append = false, create = false, createNew = false } = options;
    return this.#operate(`open ${path}`, () => {
      const node = create || createNew ? this.#disk.create(path, createNew) : this.#disk.get(path);
      if (node.kind === "folder" && (write || append)) throw systemError("EISDIR");
      return this.#opened(path, node, append);
    });
  }

  // deno-lint-ignore require-await -- failures are rejections, as Deno's are
  async readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.readFileSync(path);
  }

  readFileSync(path: string): Uint8Array<ArrayBuffer> {
    return this.#operate(`read ${path}`, () => {
      const node = this.#disk.get(path);
      if (node.kind === "folder") throw systemError("EISDIR");
      return node.bytes.slice();
    });
  }

  async *readDir(path: string): AsyncIterable<Deno.DirEntry> {
    yield* this.readDirSync(path);
  }

  readDirSync(path: string): Iterable<Deno.DirEntry> {
    return this.#operate(`list ${path}`, () => {
      return [...this.#disk.folder(path).entries].map(([name, { kind }]) => ({
        name,
        isFile: kind === "file",
        isDirectory: kind === "folder",
        isSymlink: false,
      }));
    });
  }

  // deno-lint-ignore require-await -- failures are rejections, as Deno's are
  async stat(path: string): Promise<FileFacts> {
    return this.lstatSync(path);
  }

  lstatSync(path: string): FileFacts {
    return this.#operate(`stat ${path}`, () => {
      const node = this.#disk.get(path);
      return {
        isFile: node.kind === "file",
        isDirectory: node.kind === "folder",
        isSymlink: false,
        size: node.kind === "file" ? node.bytes.length : 0,
        mtime: new Date(0),
        ino: node.id,
        dev: 1,
      };
    });
  }

  statSync(path: string): FileFacts {
    return this.lstatSync(path);
  }

  lstat(path: string): Promise<FileFacts> {
    return this.stat(path);
  }

  // deno-lint-ignore require-await -- failures are rejections, as Deno's are
  async mkdir(path: string, { recursive }: { recursive: boolean }): Promise<void> {
    this.#operate(`mkdir ${path}`, () => {
      if (!recursive) this.#disk.folder(dirname(absolute(path)));
      if (!recursive && this.#disk.find(path) !== undefined) throw systemError("EEXIST");
      this.#disk.mkdir(path);
    });
  }

  async makeTempDir({ dir, prefix }: { dir: string; prefix: string }): Promise<string> {
    const path = `${dir}/${prefix}${++this.#temporaries}`;
    await this.mkdir(path, { recursive: false });
    return path;
  }

  // deno-lint-ignore require-await -- failures are rejections, as Deno's are
  async rename(from: string, to: string): Promise<void> {
    this.#operate(`rename ${from} ${to}`, () => {
      const node = this.#disk.get(from);
      if (this.#disk.find(to)?.kind === "folder") throw systemError("EISDIR");
      this.#disk.folder(dirname(absolute(to))).entries.set(basename(to), node);
      this.#disk.folder(dirname(absolute(from))).entries.delete(basename(from));
    });
  }

  // deno-lint-ignore require-await -- failures are rejections, as Deno's are
  async remove(path: string, { recursive = false }: { recursive?: boolean } = {}): Promise<void> {
    this.#remove(path, recursive);
  }

  removeSync(path: string): void {
    this.#remove(path, false);
  }

  #remove(path: string, recursive: boolean): void {
    this.#operate(`remove ${path}`, () => {
      const node = this.#disk.get(path);
      if (node.kind === "folder" && node.entries.size > 0 && !recursive) {
        throw systemError("ENOTEMPTY");
      }
      this.#disk.folder(dirname(absolute(path))).entries.delete(basename(path));
    });
  }

  #opened(path: string, node: Node, append: boolean): OpenedFile {
    let at = 0;
    const file = () => {
      if (node.kind === "folder") throw systemError("EISDIR");
      return node;
    };
    const write = (bytes: Uint8Array): number => {
      const half = Math.floor(bytes.length / 2);
      const store = (part: Uint8Array) => {
        const stored = file();
        if (append) at = stored.bytes.length;
        const longer = new Uint8Array(Math.max(stored.bytes.length, at + part.length));
        longer.set(stored.bytes);
        longer.set(part, at);
        stored.bytes = longer;
        at += part.length;
        return part.length;
      };
      return this.#operate(`write ${path}`, () => store(bytes), () => {
        store(bytes.subarray(0, half));
      });
    };
    const sync = () =>
      this.#operate(`sync ${path}`, () => {
        if (node.kind === "file") node.synced = node.bytes.slice();
        else node.synced = new Map(node.entries);
      });
    const read = (into: Uint8Array) =>
      this.#operate(`read ${path}`, () => {
        const part = file().bytes.subarray(at, at + into.length);
        into.set(part);
        at += part.length;
        return part.length === 0 ? null : part.length;
      });
    const opened: OpenedFile = {
      // deno-lint-ignore require-await -- failures are rejections, as Deno's are
      read: async (into) => read(into),
      readSync: read,
      // deno-lint-ignore require-await -- failures are rejections, as Deno's are
      write: async (bytes) => write(bytes),
      writeSync: write,
      seek: (offset) => Promise.resolve(at = Number(offset)),
      seekSync: (offset) => at = Number(offset),
      truncateSync: (length = 0) =>
        this.#operate(`truncate ${path}`, () => {
          file().bytes = file().bytes.slice(0, length);
        }),
      // deno-lint-ignore require-await -- failures are rejections, as Deno's are
      sync: async () => sync(),
      // deno-lint-ignore require-await -- failures are rejections, as Deno's are
      syncData: async () => sync(),
      // deno-lint-ignore require-await -- failures are rejections, as Deno's are
      tryLock: async () =>
        this.#operate(`lock ${path}`, () => {
          const locked = file();
          if (locked.lockedBy !== undefined) return locked.lockedBy === opened;
          locked.lockedBy = opened;
          return true;
        }),
      [Symbol.dispose]() {
        if (node.kind === "file" && node.lockedBy === opened) node.lockedBy = undefined;
      },
    };
    return opened;
  }

  /**
   * Does an operation, unless it is the one that fails or at which the process ends.
   *
   * @param cut does the part of it that is done when the process is killed meanwhile, if not all
   */
  #operate<Result>(what: string, act: () => Result, cut: () => void = () => void act()): Result {
    if (this.#isKilled) throw new Killed();
    if (++this.#operations !== this.#fault?.at) return act();
    const { fault } = this.#fault;
    this.#hit = what;
    if (fault === "ENOSPC" || fault === "EIO" || fault === "EACCES") throw systemError(fault);
    this.#isKilled = true;
    if (fault === "killed after") attempt(cut);
    if (fault.startsWith("power cut")) {
      attempt(act);
      this.#disk.cutPower({ keepsFolders: fault === "power cut: empty files" });
    }
    throw new Killed();
  }
}

/** Does what may fail, as it would have without a kill. */
function attempt(act: () => unknown): void {
  try {
    act();
  } catch {
    // the process is killed all the same
  }
}

function* allNodes(root: Node): Generator<Node> {
  yield root;
  if (root.kind === "file") return;
  for (const child of new Set([...root.entries.values(), ...root.synced.values()])) {
    yield* allNodes(child);
  }
}

/** Working directory of all processes. */
const STANDING = "/work";

function absolute(path: string): string {
  return resolve(STANDING, path);
}

function namesOf(path: string): readonly string[] {
  return absolute(path).split("/").filter((name) => name !== "");
}

/** Error classes of Deno, numbers and texts of Linux. */
const ERRORS = {
  ENOENT: [Deno.errors.NotFound, 2, "No such file or directory"],
  EIO: [Error, 5, "Input/output error"],
  EACCES: [Deno.errors.PermissionDenied, 13, "Permission denied"],
  EEXIST: [Deno.errors.AlreadyExists, 17, "File exists"],
  ENOTDIR: [Error, 20, "Not a directory"],
  EISDIR: [Error, 21, "Is a directory"],
  ENOSPC: [Error, 28, "No space left on device"],
  ENOTEMPTY: [Error, 39, "Directory not empty"],
} as const;

function systemError(code: keyof typeof ERRORS): Error {
  const [Kind, number, text] = ERRORS[code];
  return Object.assign(new Kind(`${text} (os error ${number})`), { code });
}
