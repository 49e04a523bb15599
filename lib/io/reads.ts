/**
 * Restriction of reading: regular files of a bounded length; in a command, only those that the command
 * line or the config names, see lib/docs/permissions.md.
 *
 * Deno fixes its read permission before the arguments are known, so that permission is unrestricted and
 * this module restricts reading instead.
 *
 * @module
 */
/** Files and folders that this process may read. */
interface Restriction {
  /** Real paths from the command line, and those of the program itself. */
  readonly fromCommandLine: Set<string>;
  /** Real paths from configs and runs, which anybody may have written. */
  readonly fromConfigs: Set<string>;
}

/** Undefined without a restriction, as when this project is used as a library. */
let restriction: Restriction | undefined;

/** Restricts reading to files, and to folders with their content, for the rest of the process. */
export function restrictReads(paths: readonly string[]): void {
  restriction = { fromCommandLine: new Set(), fromConfigs: new Set() };
  paths.forEach(admitCommandLinePath);
}

/** Admits a file or folder that the command line names. */
export function admitCommandLinePath(path: string): void {
  restriction?.fromCommandLine.add(realPath(path));
}

/** Admits a file that a config or a run names. It may be read, but no message quotes its content. */
export function admitConfigPath(path: string): void {
  restriction?.fromConfigs.add(realPath(path));
}

/** Returns whether only a config or a run names a file, so that no message may quote its content. */
export function isContentWithheld(path: string): boolean {
  return restriction !== undefined && !isInOneOf(realPath(path), restriction.fromCommandLine);
}

/**
 * Checks that a file may be read.
 *
 * @param most largest length in bytes
 * @throws {Error} if it is not a regular file, too long, or not admitted; the message is the reason in
 *   "Cannot read …: reason"
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

/**
 * Checks that a file or folder may be read, after following links.
 *
 * @throws {Error} if it is not admitted
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

function isInOneOf(real: string, folders: ReadonlySet<string>): boolean {
  for (let path: string | undefined = real; path !== undefined; path = splitPath(path)?.folder) {
    if (folders.has(path)) return true;
  }
  return false;
}

/** Returns a path without links. For a missing file, this is the real path of its folder, and its name. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    const { folder = ".", name = path } = splitPath(path) ?? {};
    return folder === path ? path : `${realPath(folder)}/${name}`;
  }
}

/** Splits a path into its folder and its name; undefined if it has no folder. */
function splitPath(path: string): { readonly folder: string; readonly name: string } | undefined {
  const [, folder, name] = /^(.*)[\\/]([^\\/]+)$/.exec(path) ?? [];
  return name === undefined ? undefined : { folder: folder === "" ? "/" : folder, name };
}
