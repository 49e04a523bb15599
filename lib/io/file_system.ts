/**
 * File-system functions that all other modules read and write files through. They are Deno's, unless a test
 * replaces them to make one fail.
 *
 * @module
 */

/** An open file, with the subset of Deno's methods that the program uses. */
export type OpenedFile =
  & Pick<
    Deno.FsFile,
    | "read"
    | "readSync"
    | "write"
    | "writeSync"
    | "seek"
    | "seekSync"
    | "truncateSync"
    | "sync"
    | "syncData"
    | "tryLock"
  >
  & Disposable;

/** Properties of a file or folder that the file system returns without opening it. */
export type FileFacts = Pick<
  Deno.FileInfo,
  "isFile" | "isDirectory" | "isSymlink" | "size" | "mtime" | "ino" | "dev"
>;

/** The subset of Deno's file-system functions that the program uses. */
export interface FileSystem {
  open(path: string, options: Deno.OpenOptions): Promise<OpenedFile>;
  openSync(path: string, options: Deno.OpenOptions): OpenedFile;
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
  readFileSync(path: string): Uint8Array<ArrayBuffer>;
  readDir(path: string): AsyncIterable<Deno.DirEntry>;
  readDirSync(path: string): Iterable<Deno.DirEntry>;
  stat(path: string): Promise<FileFacts>;
  statSync(path: string): FileFacts;
  lstat(path: string): Promise<FileFacts>;
  lstatSync(path: string): FileFacts;
  mkdir(path: string, options: { readonly recursive: boolean }): Promise<void>;
  makeTempDir(options: { readonly dir: string; readonly prefix: string }): Promise<string>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string, options?: { readonly recursive: boolean }): Promise<void>;
  removeSync(path: string): void;
}

let current: FileSystem = Deno;

/** Returns the file-system functions in use. */
export function fileSystem(): FileSystem {
  return current;
}

/** Replaces the file-system functions until the returned object is disposed of. */
export function useFileSystem(other: FileSystem): Disposable {
  const before = current;
  current = other;
  return { [Symbol.dispose]: () => void (current = before) };
}
