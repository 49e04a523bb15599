/**
 * Usual paths of native libraries on Linux and macOS.
 *
 * @module
 */

/** Files and folders of a library on one operating system. */
export interface KnownLibrary {
  readonly name: string;
  readonly system: "linux" | "darwin";
  /** File names, newest version first. */
  readonly files: readonly string[];
  /** Folders; "ARCH" stands for the processor's architecture, as in "x86_64-linux-gnu". */
  readonly folders: readonly string[];
}

/** Library folders of Linux distributions: Debian's multiarch folders, those of Fedora and SUSE, Arch's. */
export const LINUX_FOLDERS: readonly string[] = [
  "/usr/lib/ARCH-linux-gnu",
  "/usr/lib64",
  "/usr/lib",
  "/usr/local/lib",
];

/** Returns the paths to search for libraries, in their order; none on unknown systems. */
export function pathsOf(
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
