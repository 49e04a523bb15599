/**
 * Restrictions of reading. All programs read only regular files of a limited length. Commands read only
 * files that the command line or the config names, see lib/docs/permissions.md.
 *
 * Deno's own permission to read must be set before the arguments are parsed, so it is unrestricted, and
 * this module restricts reading instead.
 *
 * @module
 */
/** Files and folders that this process may read. All paths are real paths, without links. */
interface Restriction {
  /** Paths from the command line, and paths of the program itself. */
  readonly fromCommandLine: Set<string>;
  /** Paths from configs and runs, which somebody else may have written. */
  readonly fromConfigs: Set<string>;
}

/** Restriction of this process. Undefined if there is none, as when this project is used as a library. */
let restriction: Restriction | undefined;

/**
 * Restricts reading by this project's functions, for the rest of the process, to some files and folders and
 * to everything in these folders. Replaces an earlier restriction.
 */
export function restrictReads(paths: readonly string[]): void {
  restriction = { fromCommandLine: new Set(), fromConfigs: new Set() };
  paths.forEach(admitCommandLinePath);
}

/** Allows reading of a file or folder that the command line names, and of everything in the folder. */
export function admitCommandLinePath(path: string): void {
  restriction?.fromCommandLine.add(realPath(path));
}

/**
 * Allows reading of a file, or listing of a folder, that a config or a run names. Files in the folder
 * remain excluded. No message may quote the content of such a file.
 */
export function admitConfigPath(path: string): void {
  restriction?.fromConfigs.add(realPath(path));
}

/**
 * Returns whether messages must not quote the content of a file, since the command line names neither the
 * file nor a folder that contains it. Always false if reading is not restricted.
 */
export function isContentWithheld(path: string): boolean {
  return restriction !== undefined && !isInOneOf(realPath(path), restriction.fromCommandLine);
}

/**
 * Checks that a file may be read: that it is a regular file, is not too long, and is not excluded by the
 * restriction of this process.
 *
 * @param maxLength largest accepted length in bytes
 * @throws {Error} if the file may not be read. The message is the reason alone, without "Cannot read …"
 */
export function expectReadable(
  path: string,
  { isFile, isDirectory, size }: Pick<Deno.FileInfo, "isFile" | "isDirectory" | "size">,
  maxLength: number,
): void {
  if (isDirectory) throw new Error("it is a folder, not a file");
  if (!isFile) throw new Error("it is a device, a pipe or a socket, not a file");
  if (size > maxLength) throw new Error(`expected at most ${maxLength} bytes: received ${size}`);
  expectAdmitted(path);
}

/**
 * Checks that the restriction of this process, if there is one, allows reading a file or folder. Links are
 * followed.
 *
 * @throws {Error} if reading is not allowed
 */
export function expectAdmitted(path: string): void {
  if (restriction === undefined) return;
  const real = realPath(path);
  if (isInOneOf(real, restriction.fromCommandLine) || restriction.fromConfigs.has(real)) return;
  throw new Error(
    `it lies outside the files and folders that this command may read, at "${real}": ` +
      "see lib/docs/permissions.md",
  );
}

/** Returns whether a real path is one of the paths `folders`, or leads to something inside one of them. */
function isInOneOf(real: string, folders: ReadonlySet<string>): boolean {
  for (let path: string | undefined = real; path !== undefined; path = splitPath(path)?.folder) {
    if (folders.has(path)) return true;
  }
  return false;
}

/**
 * Returns the real path of a file, without links. For a missing file, returns the real path of its folder,
 * followed by its name.
 */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    const { folder = ".", name = path } = splitPath(path) ?? {};
    return folder === path ? path : `${realPath(folder)}/${name}`;
  }
}

/** Splits a path into its folder and its name. Returns undefined if the path has no folder. */
function splitPath(path: string): { readonly folder: string; readonly name: string } | undefined {
  const [, folder, name] = /^(.*)[\\/]([^\\/]+)$/.exec(path) ?? [];
  return name === undefined ? undefined : { folder: folder === "" ? "/" : folder, name };
}
