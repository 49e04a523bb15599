/**
 * Usual paths of native libraries on Linux and macOS.
 *
 * @module
 */

/** Files and folders of a native library on one operating system. */
export interface KnownLibrary {
  readonly name: string;
  readonly system: "linux" | "darwin";
  /** File names, newest version first. */
  readonly files: readonly string[];
  /** Folders. "ARCH" stands for the processor's architecture, as in "x86_64-linux-gnu". */
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
 * Returns the paths at which to search for native libraries, in the order of `libraries`. Returns an empty
 * list if the system is neither Linux nor macOS.
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
