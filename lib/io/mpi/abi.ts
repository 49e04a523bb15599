/**
 * Application binary interfaces (ABIs) of MPI libraries.
 *
 * MPI names functions and constants, but leaves the types of handles and the values of constants to the
 * library. The values here are those of mpi.h in Open MPI 4.1 (the same in 4.0 to 5.0, whose library is
 * libmpi.so.40) and MPICH 4.0 (the same in all libraries of the MPICH ABI Compatibility Initiative, Intel
 * MPI and MVAPICH among them, which are libmpi.so.12). The ABI that MPI 5.0 defines, libmpi_abi.so, would
 * be another entry.
 *
 * @module
 */
import { type KnownLibrary, LINUX_FOLDERS } from "../../engine/library_places.ts";
import type { NativeSignatures } from "../../engine/native.ts";

/** Name of an application binary interface (ABI) of MPI libraries. */
export type AbiName = "openMpi" | "mpich";

/** Type of MPI's handles, such as communicators, in the functions of a library. */
type HandleType = "pointer" | "i32";

/**
 * An application binary interface (ABI) of MPI libraries: handles, constants, and the files of libraries
 * that have it.
 */
export interface Abi {
  /** Name of the library in error messages. */
  readonly library: string;
  /** Name of the Debian package that contains the library. */
  readonly package: string;
  /** Type of handles. */
  readonly handle: HandleType;
  /**
   * Values of the handles in use: integers, or names of variables of the library whose addresses they are.
   */
  readonly handles: Readonly<Record<"world" | "byte" | "errorsReturn", number | string>>;
  /** Value of MPI_STATUS_IGNORE, an address. */
  readonly statusIgnore: bigint;
  /**
   * Usual paths of the library, besides those that the operating system finds by the name of the library.
   */
  readonly files: readonly KnownLibrary[];
}

/** The supported application binary interfaces of MPI libraries, by name. */
export const ABIS: Readonly<Record<AbiName, Abi>> = {
  openMpi: {
    library: "Open MPI",
    package: "openmpi-bin",
    handle: "pointer",
    handles: {
      world: "ompi_mpi_comm_world",
      byte: "ompi_mpi_byte",
      errorsReturn: "ompi_mpi_errors_return",
    },
    statusIgnore: 0n,
    files: [
      {
        name: "Open MPI",
        system: "linux",
        files: ["libmpi.so.40"],
        folders: [...LINUX_FOLDERS, "/usr/lib64/openmpi/lib"],
      },
      {
        name: "Open MPI",
        system: "darwin",
        files: ["libmpi.40.dylib"],
        folders: ["/opt/homebrew/lib", "/usr/local/lib"],
      },
    ],
  },
  mpich: {
    library: "MPICH",
    package: "mpich",
    handle: "i32",
    handles: { world: 0x44000000, byte: 0x4c00010d, errorsReturn: 0x54000001 },
    statusIgnore: 1n,
    files: [
      {
        name: "MPICH",
        system: "linux",
        files: ["libmpich.so.12", "libmpi.so.12"],
        folders: [...LINUX_FOLDERS, "/usr/lib64/mpich/lib"],
      },
      {
        name: "MPICH",
        system: "darwin",
        files: ["libmpi.12.dylib"],
        folders: ["/opt/homebrew/lib", "/usr/local/lib"],
      },
    ],
  },
};

/**
 * Returns the signatures of the MPI functions and variables that the program uses, for a type of handles.
 */
function signaturesFor<Handle extends HandleType>(handle: Handle) {
  const optional = true;
  return {
    MPI_Init_thread: {
      parameters: ["pointer", "pointer", "i32", "buffer"], // argc, argv, level; provided level
      result: "i32",
      optional,
    },
    MPI_Finalize: { parameters: [], result: "i32", optional },
    MPI_Abort: { parameters: [handle, "i32"], result: "i32", optional, nonblocking: true },
    MPI_Comm_rank: { parameters: [handle, "buffer"], result: "i32", optional },
    MPI_Comm_size: { parameters: [handle, "buffer"], result: "i32", optional },
    MPI_Comm_set_errhandler: { parameters: [handle, handle], result: "i32", optional },
    MPI_Error_string: { parameters: ["i32", "buffer", "buffer"], result: "i32", optional },
    MPI_Get_library_version: { parameters: ["buffer", "buffer"], result: "i32", optional },
    MPI_Get_processor_name: { parameters: ["buffer", "buffer"], result: "i32", optional },
    MPI_Ialltoallv: {
      // deno-fmt-ignore
      parameters: [
        "pointer", "buffer", "buffer", handle, // sent bytes, counts, offsets, type
        "pointer", "buffer", "buffer", handle, // received bytes, counts, offsets, type
        handle, "buffer", // communicator, request
      ],
      result: "i32",
      optional,
    },
    MPI_Iallgatherv: {
      // deno-fmt-ignore
      parameters: [
        "pointer", "i32", handle, // sent bytes, count, type
        "pointer", "buffer", "buffer", handle, // received bytes, counts, offsets, type
        handle, "buffer", // communicator, request
      ],
      result: "i32",
      optional,
    },
    // source, tag, communicator; whether there is a message, status
    MPI_Iprobe: {
      parameters: ["i32", "i32", handle, "buffer", "pointer"],
      result: "i32",
      optional,
    },
    MPI_Test: { parameters: ["buffer", "buffer", "pointer"], result: "i32", optional },
    // of the C library, which every MPI library loads
    sched_yield: { parameters: [], result: "i32", optional },
    ompi_mpi_comm_world: { type: "pointer", optional },
    ompi_mpi_byte: { type: "pointer", optional },
    ompi_mpi_errors_return: { type: "pointer", optional },
  } as const satisfies NativeSignatures;
}

/** Signatures of the MPI functions and variables that the program uses. */
export type MpiSignatures = ReturnType<typeof signaturesFor<HandleType>>;

/**
 * Returns the signatures of the MPI functions and variables that the program uses, for the type of handles
 * of an ABI.
 */
export function librarySignatures(handle: HandleType): MpiSignatures {
  return signaturesFor(handle);
}
