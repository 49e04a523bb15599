/**
 * Usual paths of BLAS libraries on Linux and macOS.
 *
 * @module
 */
import { type KnownLibrary, libraryPaths, LINUX_FOLDERS } from "../library_places.ts";

/**
 * Homebrew's folders of packages that are not linked into its common folder, on Apple's and on Intel's
 * processors.
 */
const BREW: readonly string[] = ["/opt/homebrew/opt", "/usr/local/opt"];

/** Known libraries, in order of preference. */
const LIBRARIES: readonly KnownLibrary[] = [
  {
    name: "Accelerate",
    system: "darwin",
    files: ["Accelerate"],
    folders: ["/System/Library/Frameworks/Accelerate.framework"],
  },
  {
    name: "OpenBLAS",
    system: "darwin",
    files: ["libopenblas.0.dylib", "libopenblas.dylib"],
    folders: BREW.map((folder) => `${folder}/openblas/lib`),
  },
  {
    name: "BLIS",
    system: "darwin",
    files: ["libblis.4.dylib", "libblis.dylib"],
    folders: BREW.map((folder) => `${folder}/blis/lib`),
  },
  {
    name: "OpenBLAS",
    system: "linux",
    files: ["libopenblas.so.0", "libopenblasp.so.0", "libopenblas.so"],
    folders: LINUX_FOLDERS,
  },
  {
    name: "MKL",
    system: "linux",
    files: ["libmkl_rt.so.2", "libmkl_rt.so"],
    folders: [
      "/opt/intel/oneapi/mkl/latest/lib",
      "/opt/intel/oneapi/mkl/latest/lib/intel64",
      "/opt/intel/mkl/lib/intel64",
      ...LINUX_FOLDERS,
    ],
  },
  {
    name: "BLIS",
    system: "linux",
    files: ["libblis.so.5", "libblis.so.4", "libblis.so.3", "libblis.so"],
    folders: LINUX_FOLDERS,
  },
];

/**
 * Returns the paths at which to search for BLAS libraries on a system, in order of preference. Returns an
 * empty list if the system is neither Linux nor macOS.
 *
 * @param system name of the operating system: "linux", "darwin"
 * @param architecture name of the processor's architecture: "x86_64"
 */
export function usualLibraryPaths(system: string, architecture: string): readonly string[] {
  return libraryPaths(LIBRARIES, system, architecture);
}
