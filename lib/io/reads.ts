/**
 * What may be read: regular files of a bounded length; and in a program that has restricted itself only
 * what it was called with or what its config names, see lib/docs/permissions.md.
 *
 * Deno's permission to read is unrestricted, since it is fixed before arguments are known.
 *
 * @module
 */
/** What this process has restricted itself to, for as long as it runs; as a library, to nothing. */
interface Restriction {
  /** Real paths of the user's own files and folders: what the command line names, and the program's. */
  readonly own: Set<string>;
  /** Real paths of files that configs and runs name, which may be written by anybody. */
  readonly named: Set<string>;
}

let restriction: Restriction | undefined;

/** Restricts reading to some files, and folders with all below them, for as long as the process runs. */
export function restrictReads(paths: readonly string[]): void {
  restriction = { own: new Set(), named: new Set() };
  paths.forEach(admitOwn);
}

/** Admits a file or a folder of the user's own: one that the command line names. */
export function admitOwn(path: string): void {
  restriction?.own.add(realPath(path));
}

/** Admits a file that a config or a run names: it may be read, but no message quotes its content. */
export function admitNamed(path: string): void {
  restriction?.named.add(realPath(path));
}

/** Whether messages may not quote a file, because nobody but a config or a run has named it. */
export function isForeign(path: string): boolean {
  return restriction !== undefined && !isBelow(realPath(path), restriction.own);
}

/**
 * Checks that a file may be read.
 *
 * @param most bytes that it may have
 * @throws {Error} if it is no regular file, longer than it may be, or not admitted; the message
 *   completes "Cannot read …: "
 */
export function expectReadable(
  path: string,
  { isFile, isDirectory, size }: Pick<Deno.FileInfo, "isFile" | "isDirectory" | "size">,
  most: number,
): void {
  if (isDirectory) throw new Error("it is a folder, not a file");
  if (!isFile) throw new Error("it is a device, a pipe or a socket, not a file");
  if (size > most) throw new Error(`expected at most ${most} bytes: received ${size}`);
  expectAdmitted(path);
}

/** Checks that a file or a folder is one that may be read, links in its path followed. */
export function expectAdmitted(path: string): void {
  if (restriction === undefined) return;
  const real = realPath(path);
  if (isBelow(real, restriction.own) || restriction.named.has(real)) return;
  throw new Error(`it lies outside of what this command reads, as "${real}" does`);
}

function isBelow(real: string, places: ReadonlySet<string>): boolean {
  for (let path: string | undefined = real; path !== undefined; path = split(path)?.folder) {
    if (places.has(path)) return true;
  }
  return false;
}

/** The path without links; of what does not exist the folder's, with the name. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    const { folder = ".", name = path } = split(path) ?? {};
    return folder === path ? path : `${realPath(folder)}/${name}`;
  }
}

/** The folder and the name of a path; undefined of one that has no folder. */
function split(path: string): { readonly folder: string; readonly name: string } | undefined {
  const [, folder, name] = /^(.*)[\\/]([^\\/]+)$/.exec(path) ?? [];
  return name === undefined ? undefined : { folder: folder === "" ? "/" : folder, name };
}
