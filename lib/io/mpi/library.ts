/**
 * Access to an MPI library: two non-blocking collective operations on bytes, and the test whether an
 * operation is complete.
 *
 * @module
 */
import type {
  Native,
  NativeFunction,
  NativeFunctions,
  NativeSignature,
} from "../../engine/native.ts";
import { type Abi, librarySignatures, type MpiSignatures } from "./abi.ts";

/** The error for a failed call of an MPI function. */
export class MpiError extends Error {
  override readonly name: string = "MpiError";
}

/** An initialized MPI library. Only one collective operation may be active at a time. */
export interface MpiLibrary {
  /** Rank of this process, from 0. */
  readonly rank: number;
  /** Number of processes. */
  readonly size: number;
  /** Name and version of the library, as the library states them. */
  readonly version: string;
  /** Name of the host on which this process runs. */
  readonly host: string;
  /**
   * Starts to send block `send[r]` to each rank r, and to receive block `receive[r]` from it
   * (MPI_Ialltoallv). All blocks of a list must be views of the same buffer.
   */
  alltoall(send: readonly Uint8Array[], receive: readonly Uint8Array[]): void;
  /**
   * Starts to send the block `own` to all ranks, and to receive block `all[r]` from each rank r
   * (MPI_Iallgatherv). All blocks of the list must be views of the same buffer.
   */
  allgather(own: Uint8Array, all: readonly Uint8Array[]): void;
  /**
   * Lets the active collective operation progress, and returns whether it is complete. Only then have the
   * received blocks their content.
   */
  isComplete(): boolean;
  /** Lets the library send bytes that it has accepted but not sent yet. */
  progress(): void;
  /**
   * Lets other threads that wait for this processor run (sched_yield). Does nothing if the library lacks
   * the function.
   */
  yieldProcessor(): void;
  /** Ends the use of MPI in this process. Waits until the other processes do the same. */
  finalize(): void;
  /**
   * Ends all processes, this one included, with an exit code. Returns after a while if the launcher does
   * not answer, for example because its host cannot be reached.
   */
  abort(code: number): void;
}

/** MPI_THREAD_SERIALIZED: no two threads call MPI at once. Only MPI_Abort is called by another thread. */
const SERIALIZED = 2;
/** Time to wait until MPI_Abort ends this process (ms). */
const ABORT = 2000;
/** Length of the buffer for texts of a library (bytes): MPI_MAX_LIBRARY_VERSION_STRING of MPICH. */
const LONGEST_TEXT = 8192;
/** Largest number of bytes and largest offset, which in MPI have the C type int. */
const LARGEST_COUNT = 2 ** 31 - 1;

/**
 * Integers that a library reads or writes, and the same memory as bytes. It is outside the JavaScript heap,
 * so its address does not change.
 */
interface Integers {
  readonly values: Int32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Allocates integers that a library can read or write. */
function allocateIntegers(count: number): Integers {
  const buffer = new ArrayBuffer(4 * count);
  return { values: new Int32Array(buffer), bytes: new Uint8Array(buffer) };
}

type Functions = NativeFunctions<MpiSignatures>;

/**
 * Opens and initializes an MPI library. It stays loaded until the program ends.
 *
 * @throws {Deno.errors.NotCapable} without permission to use native libraries
 * @throws {TypeError} if the file is not a library with this ABI
 * @throws {MpiError} if the library cannot be initialized
 */
export function openMpi(native: Native, abi: Abi, path: string): MpiLibrary {
  const { library, handles, statusIgnore } = abi;
  const kind = `library of ${library}`;
  const functions = native.open(
    { kind, task: "train:mpi", functions: librarySignatures(abi.handle) },
    path,
  );
  const missing = (name: string) =>
    new TypeError(`Cannot use "${path}": expected a ${kind}: received one without ${name}`);
  const handle = (name: keyof typeof handles): unknown => {
    const value = handles[name];
    if (typeof value === "number") return value;
    const pointer = functions[value as keyof Functions];
    if (pointer === null) throw missing(value);
    return pointer;
  };
  const call = <Name extends FunctionName>(name: Name, ...values: Parameters<Bound<Name>>) => {
    const bound = functions[name] as ((...values: Parameters<Bound<Name>>) => number) | null;
    if (bound === null) throw missing(name);
    const code = bound(...values);
    if (code !== 0) throw new MpiError(failedCallMessage(name, describeErrorCode(functions, code)));
  };
  const integer = allocateIntegers(1);
  const integerOf = (name: "MPI_Comm_rank" | "MPI_Comm_size") => {
    call(name, world, integer.bytes);
    return integer.values[0];
  };
  const textOf = (name: "MPI_Get_library_version" | "MPI_Get_processor_name") => {
    const text = new Uint8Array(LONGEST_TEXT);
    call(name, text, integer.bytes);
    return new TextDecoder().decode(text.subarray(0, integer.values[0])).replace(/[\n\0].*$/s, "");
  };

  const [world, byte] = [handle("world"), handle("byte")];
  call("MPI_Init_thread", null, null, SERIALIZED, integer.bytes);
  call("MPI_Comm_set_errhandler", world, handle("errorsReturn")); // the default ends the process
  const [rank, size] = [integerOf("MPI_Comm_rank"), integerOf("MPI_Comm_size")];

  const [sent, received] = [createBlockTable(size), createBlockTable(size)];
  const request = allocateIntegers(2); // a pointer or an integer
  const complete = allocateIntegers(1);
  const ignored = native.pointerAt(statusIgnore);
  let operands: readonly unknown[] = []; // memory that the running collective uses must not be freed
  return {
    rank,
    size,
    version: textOf("MPI_Get_library_version"),
    host: textOf("MPI_Get_processor_name"),
    alltoall(send, receive) {
      operands = [send, receive];
      const [from, to] = [sent.set(send), received.set(receive)];
      call(
        "MPI_Ialltoallv",
        native.pointerTo(from),
        sent.counts.bytes,
        sent.offsets.bytes,
        byte,
        native.pointerTo(to),
        received.counts.bytes,
        received.offsets.bytes,
        byte,
        world,
        request.bytes,
      );
    },
    allgather(own, all) {
      operands = [own, all];
      const [from, to] = [sent.set([own]), received.set(all)];
      call(
        "MPI_Iallgatherv",
        native.pointerTo(from),
        own.length,
        byte,
        native.pointerTo(to),
        received.counts.bytes,
        received.offsets.bytes,
        byte,
        world,
        request.bytes,
      );
    },
    isComplete() {
      call("MPI_Test", request.bytes, complete.bytes, ignored);
      if (complete.values[0] === 0) return false;
      if (operands.length > 0) operands = [];
      return true;
    },
    progress: () => call("MPI_Iprobe", 0, 0, world, complete.bytes, ignored),
    yieldProcessor: () => void functions.sched_yield?.(),
    finalize: () => call("MPI_Finalize"),
    abort(code) {
      void functions.MPI_Abort?.(world, code);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ABORT);
    },
  };
}

type FunctionName = Exclude<
  Extract<keyof MpiSignatures, `MPI_${string}`>,
  "MPI_Abort"
>;
type Bound<Name extends FunctionName> = NativeFunction<
  Extract<MpiSignatures[Name], NativeSignature>
>;

/** Returns the message for a failed call of an MPI function. */
function failedCallMessage(functionName: string, received: string): string {
  return `Cannot train by ranks: expected ${functionName} to succeed: received ${received}`;
}

/** Returns the text of an error code of MPI, as the library states it. */
function describeErrorCode({ MPI_Error_string }: Functions, code: number): string {
  const [text, length] = [new Uint8Array(LONGEST_TEXT), allocateIntegers(1)];
  if (MPI_Error_string?.(code, text, length.bytes) !== 0) return `error ${code}`;
  return new TextDecoder().decode(text.subarray(0, length.values[0]));
}

/** Throws a RangeError if a list of blocks that spans `bytes` bytes is longer than MPI can count. */
function checkBlockSpan(bytes: number): void {
  if (bytes <= LARGEST_COUNT) return;
  throw new RangeError(
    `Cannot exchange bytes between ranks: expected blocks within 2 GiB: received ${bytes} bytes`,
  );
}

/**
 * Creates a table of the lengths and offsets of blocks, one for each of `size` ranks, which is passed to a
 * collective operation.
 */
function createBlockTable(size: number) {
  const [counts, offsets] = [allocateIntegers(size), allocateIntegers(size)];
  const nowhere = allocateIntegers(1).bytes;
  return {
    counts,
    offsets,
    /**
     * Sets the table to blocks, one for each rank, and returns the bytes from which the offsets count:
     * those of their buffer from the first block on. Open MPI takes equal pointers to sent and received
     * bytes for MPI_IN_PLACE, so empty blocks do not count as the first.
     */
    set(blocks: readonly Uint8Array[]): Uint8Array {
      const filled = blocks.filter(({ length }) => length > 0);
      if (filled.length === 0) {
        counts.values.fill(0);
        offsets.values.fill(0);
        return nowhere;
      }
      const start = Math.min(...filled.map(({ byteOffset }) => byteOffset));
      const end = Math.max(...filled.map(({ byteOffset, length }) => byteOffset + length));
      checkBlockSpan(end - start);
      for (const [rank, { byteOffset, length }] of blocks.entries()) {
        counts.values[rank] = length;
        offsets.values[rank] = length === 0 ? 0 : byteOffset - start;
      }
      return new Uint8Array(filled[0].buffer, start); // reading `buffer` moves small arrays out of the heap
    },
  };
}
