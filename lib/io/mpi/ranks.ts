/**
 * Exchange of bytes between the ranks of a training over MPI.
 *
 * If a rank has ended or cannot be reached, a collective operation never completes and reports no error.
 * Therefore operations are non-blocking, and are tested until they are complete or a deadline has passed.
 *
 * @module
 */
import { libraryPaths } from "../../engine/library_places.ts";
import type { Native } from "../../engine/native.ts";
import type { Ranks } from "../../train/ranks/ranks.ts";
import { ABIS } from "./abi.ts";
import type { Launcher } from "./launcher.ts";
import { type MpiLibrary, openMpi } from "./library.ts";

/** The ranks of a training, which exchange bytes over MPI. */
export interface MpiRanks extends Ranks {
  /** Name and version of the MPI library. */
  readonly version: string;
  /** Name of the host on which this rank runs. */
  readonly host: string;
  /** Sets the largest time for which exchanges of bytes wait for other ranks (s). */
  setPatience(seconds: number): void;
  /** Ends the use of MPI in this process. Waits until all ranks have called this function. */
  close(): Promise<void>;
  /** Ends the processes of all ranks with an exit code. */
  abort(code: number): void;
}

/** Options of {@linkcode joinMpiRanks}. */
export interface MpiOptions {
  /** Program that started the ranks, or undefined if none did. */
  readonly launcher: Launcher | undefined;
  /** Path of the MPI library. Defaults to the first library that is found. */
  readonly path?: string | undefined;
  /** Largest time to wait for other ranks (s). */
  readonly patience: number;
}

/** The error for other ranks that do not answer in time. */
export class RankTimeoutError extends Error {
  override readonly name: string = "RankTimeoutError";
}

/**
 * Opens the MPI library to which the launcher belongs, and joins this process with the other ranks that the
 * launcher started.
 *
 * @param native functions that open native libraries
 * @throws {Deno.errors.NotCapable} without --allow-ffi
 * @throws {TypeError} if there is no launcher, if its library is not found, or if the library has another
 *     number of ranks than the launcher started
 * @throws {MpiError} if a call of the library fails
 */
export function joinMpiRanks(native: Native, { launcher, path, patience }: MpiOptions): MpiRanks {
  if (launcher === undefined) throw new TypeError(NO_LAUNCHER);
  const abi = ABIS[launcher.abi];
  const { system, architecture } = native;
  const names = abi.files.filter((file) => file.system === system).flatMap(({ files }) => files);
  const open = (path: string) => openMpi(native, abi, path);
  const mpi = path === undefined
    ? native.first({
      expected:
        `Cannot find an MPI library: expected ${abi.library}, whose ${launcher.variable} is set`,
      paths: [...names, ...libraryPaths(abi.files, system, architecture)],
      hint: `On Debian and Ubuntu, "apt-get install ${abi.package}" installs it; ` +
        "--mpi-library PATH names one that is elsewhere",
    }, open)
    : open(path);
  checkRankCount(mpi, launcher);
  return createRanks(mpi, patience);
}

const NO_LAUNCHER =
  "Cannot train by ranks: expected a process that mpirun, mpiexec or srun started: " +
  'received one that none of them started: run "mpirun -n 2 deno task train:mpi CONFIG"';

/**
 * Checks that the library has as many ranks as the launcher started, and throws a TypeError if not. With
 * the library of another MPI implementation, each process would be alone.
 */
function checkRankCount({ size, version }: MpiLibrary, launcher: Launcher): void {
  if (size === (launcher.size ?? size)) return;
  throw new TypeError(
    `Cannot train by ranks: expected ${launcher.size} of them, by ${launcher.variable}: ` +
      `received ${size} from ${version}: use the library of the installation that has this mpirun`,
  );
}

/**
 * Time for which a wait at first tests an operation without pauses (ms). Libraries move data only within
 * tests, so a pause delays them; between two tests, other ranks and workers can use the processor.
 */
const BUSY = 20;
/** Time for which a wait then tests the operation between two pauses (ms). */
const BURST = 0.2;
/** Length of a pause (ms). */
const PAUSE = 0.05;
/** Time after which a wait yields to the event loop, so that timers and signals are handled (ms). */
const YIELD_INTERVAL = 10;

/**
 * Time for which a rank continues to send its last messages before it calls MPI_Finalize (ms). Otherwise,
 * MPI_Finalize of MPICH over UCX may wait for ranks that have not received these messages.
 */
const FLUSH = 100;

/**
 * Returns the ranks of an initialized MPI library. `initialPatience` is the largest time to wait for other
 * ranks (s).
 */
function createRanks(mpi: MpiLibrary, initialPatience: number): MpiRanks {
  const { rank, size, version, host } = mpi;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let patience = initialPatience;
  const isCompleteBy = (end: number, firstPause: number) => {
    let next = firstPause;
    while (!mpi.isComplete()) {
      mpi.yieldProcessor();
      const now = performance.now();
      if (now >= end) return false;
      if (now < next) continue;
      Atomics.wait(pause, 0, 0, PAUSE);
      next = performance.now() + BURST;
    }
    return true;
  };
  const completion = async () => {
    const begun = performance.now();
    while (!isCompleteBy(performance.now() + YIELD_INTERVAL, begun + BUSY)) {
      if (performance.now() - begun > 1000 * patience) throw new RankTimeoutError(timeoutText());
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  const timeoutText = () =>
    `Cannot train by ${size} ranks: expected all to answer within ${patience} s: ` +
    `received no answer on rank ${rank}, host ${host}: a rank, its host or its link has failed, ` +
    "or needs longer: --mpi-timeout SECONDS sets the longest wait";
  return {
    rank,
    size,
    version,
    host,
    async exchange(send, receive) {
      mpi.alltoall(send, receive);
      await completion();
    },
    async gather(own, all) {
      mpi.allgather(own, all);
      await completion();
    },
    setPatience: (seconds) => void (patience = seconds),
    async close() {
      const end = performance.now() + FLUSH;
      while (performance.now() < end) {
        mpi.progress();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      mpi.finalize();
    },
    abort: (code) => mpi.abort(code),
  };
}
