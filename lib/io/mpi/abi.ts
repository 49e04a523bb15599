/**
 * The binary interfaces of MPI libraries.
 *
 * MPI names functions and constants, but leaves the types of handles and the values of constants to the
 * library. The values here are those of mpi.h in Open MPI 4.1 (the same in 4.0 to 5.0, whose library is
 * libmpi.so.40) and MPICH 4.0 (the same in all libraries of the MPICH ABI Compatibility Initiative, Intel
 * MPI and MVAPICH among them, which are libmpi.so.12). The ABI that MPI 5.0 defines, libmpi_abi.so, would be
 * another entry.
 *
 * @module
 */
import { type KnownLibrary, LINUX_FOLDERS } from "../../engine/library_places.ts";
import type { NativeSignatures } from "../../engine/native.ts";

/** Name of an ABI. */
export type AbiName = "openMpi" | "mpich";

/** Type of a handle in an ABI's functions. */
type HandleType = "pointer" | "i32";

/** An ABI: its handles, its constants, and the files of its libraries. */
export interface Abi {
  /** Name of the library in messages. */
  readonly library: string;
  /** Debian's package that has it. */
  readonly package: string;
  readonly handle: HandleType;
  /** Handles as integers, or as the names of variables to which they point. */
  readonly handles: Readonly<Record<"world" | "byte" | "errorsReturn", number | string>>;
  /** Address that stands for MPI_STATUS_IGNORE. */
  readonly statusIgnore: bigint;
  /** Usual files, besides those that the system's loader finds by their names. */
  readonly files: readonly KnownLibrary[];
}

/** The ABIs. */
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

/** Signatures of the functions and variables in use, for a type of handles. */
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
    MPI_Test: { parameters: ["buffer", "buffer", "pointer"], result: "i32", optional },
    ompi_mpi_comm_world: { type: "pointer", optional },
    ompi_mpi_byte: { type: "pointer", optional },
    ompi_mpi_errors_return: { type: "pointer", optional },
  } as const satisfies NativeSignatures;
}

/** Signatures of the functions and variables in use. */
export type MpiSignatures = ReturnType<typeof signaturesFor<HandleType>>;

/** Returns the signatures of the functions and variables in use, for an ABI's type of handles. */
export function signatures(handle: HandleType): MpiSignatures {
  return signaturesFor(handle);
}
