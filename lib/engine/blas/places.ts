type System = "linux" | "darwin";

interface KnownLibrary {
  readonly name: "Accelerate" | "OpenBLAS" | "MKL" | "BLIS";
  readonly system: System;
  /** Names of its file, newest first. */
  readonly files: readonly string[];
  /** Folders it may be in; "ARCH" stands for the processor's name, as in "x86_64-linux-gnu". */
  readonly folders: readonly string[];
}

/** Where distributions of Linux keep libraries: Debian's multiarch folders, those of Fedora and SUSE, Arch's. */
const LINUX: readonly string[] = [
  "/usr/lib/ARCH-linux-gnu",
  "/usr/lib64",
  "/usr/lib",
  "/usr/local/lib",
];

/** Where Homebrew keeps what it does not link into its common folder; on Apple's processors and Intel's. */
const BREW: readonly string[] = ["/opt/homebrew/opt", "/usr/local/opt"];

/** In the order in which they are looked for. */
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
    folders: LINUX,
  },
  {
    name: "MKL",
    system: "linux",
    files: ["libmkl_rt.so.2", "libmkl_rt.so"],
    folders: [
      "/opt/intel/oneapi/mkl/latest/lib",
      "/opt/intel/oneapi/mkl/latest/lib/intel64",
      "/opt/intel/mkl/lib/intel64",
      ...LINUX,
    ],
  },
  {
    name: "BLIS",
    system: "linux",
    files: ["libblis.so.5", "libblis.so.4", "libblis.so.3", "libblis.so"],
    folders: LINUX,
  },
];

/** The paths at which a system may have a library, the first choice first; none if it is not known. */
export function usualPlaces(
  system: string,
  architecture: string,
  libraries: readonly KnownLibrary[] = LIBRARIES,
): readonly string[] {
  return libraries.filter((library) => library.system === system).flatMap(({ folders, files }) =>
    folders.flatMap((folder) =>
      files.map((file) => `${folder.replace("ARCH", architecture)}/${file}`)
    )
  );
}
