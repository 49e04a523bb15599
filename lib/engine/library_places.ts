/**
 * Usual paths of native libraries on Linux and macOS.
 *
 * @module
 */

/** A native library as it is installed on one operating system: its usual file names and folders. */
export interface KnownLibrary {
  /** Name of the library: "OpenBLAS". */
  readonly name: string;
  readonly system: "linux" | "darwin";
  /** Names of the library's file, newest version first. */
  readonly files: readonly string[];
  /**
   * Folders that may have the file. "ARCH" stands for the processor's architecture, as in "x86_64-linux-gnu".
   */
  readonly folders: readonly string[];
}

/** Folders of libraries on Linux: Debian's multiarch folders, those of Fedora and SUSE, and Arch's. */
export const LINUX_FOLDERS: readonly string[] = [
  "/usr/lib/ARCH-linux-gnu",
  "/usr/lib64",
  "/usr/lib",
  "/usr/local/lib",
];

/**
 * Returns the paths at which to search for native libraries on a system: every file name in every folder, in
 * the order of `libraries`. Returns an empty list if none of them is a library of that system.
 *
 * @param system name of the operating system: "linux", "darwin"
 * @param architecture name of the processor's architecture: "x86_64"
 */
export function libraryPaths(
  libraries: readonly KnownLibrary[],
  system: string,
  architecture: string,
): readonly string[] {
  return libraries.filter((library) => library.system === system).flatMap(({ folders, files }) =>
    folders.flatMap((folder) =>
      files.map((file) => `${folder.replace("ARCH", architecture)}/${file}`)
    )
  );
}
