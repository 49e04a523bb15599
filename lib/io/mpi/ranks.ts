/**
 * Ranks that exchange bytes over MPI.
 *
 * A collective of a rank that has died, or behind a link that is cut, never completes and reports no error.
 * So collectives are non-blocking, and are tested until they are complete or a deadline has passed.
 *
 * @module
 */
import { libraryPaths } from "../../engine/library_places.ts";
import type { Native } from "../../engine/native.ts";
import type { Ranks } from "../../train/ranks/ranks.ts";
import { ABIS } from "./abi.ts";
import type { Launcher } from "./launcher.ts";
import { type MpiLibrary, openMpi } from "./library.ts";

/** Ranks over MPI. */
export interface MpiRanks extends Ranks {
  /** Name and version of the library. */
  readonly version: string;
  /** Name of this rank's host. */
  readonly host: string;
  /** Sets the longest wait of later calls for other ranks [s]. */
  setPatience(seconds: number): void;
  /** Ends MPI in this process, after all ranks have called this function. */
  close(): void;
  /** Ends the processes of all ranks with an exit code. */
  abort(code: number): void;
}

/** Options of ranks. */
export interface MpiOptions {
  /** The program that started the ranks; undefined if there was none. */
  readonly launcher: Launcher | undefined;
  /** File of the library. Defaults to the first that is found. */
  readonly path?: string | undefined;
  /** Longest wait for other ranks [s]. */
  readonly patience: number;
}

/** Thrown when other ranks do not answer within the deadline. */
export class RankTimeoutError extends Error {
  override readonly name: string = "RankTimeoutError";
}

/**
 * Opens the MPI library that belongs to the launcher, and joins the ranks that it has started.
 *
 * @param native access to native libraries
 * @throws {Deno.errors.NotCapable} without --allow-ffi
 * @throws {TypeError} if there is no launcher, or no library of its kind
 * @throws {MpiError} if the library fails
 */
export function mpiRanks(native: Native, { launcher, path, patience }: MpiOptions): MpiRanks {
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
  expectRanks(mpi, launcher);
  return ranksOf(mpi, patience);
}

const NO_LAUNCHER =
  "Cannot train by ranks: expected a process that mpirun, mpiexec or srun started: " +
  'received one that none of them started: run "mpirun -n 2 deno task train:mpi CONFIG"';

/** Checks that the library has joined the ranks of the launcher; one of another kind is alone. */
function expectRanks({ size, version }: MpiLibrary, launcher: Launcher): void {
  if (size === (launcher.size ?? size)) return;
  throw new TypeError(
    `Cannot train by ranks: expected ${launcher.size} of them, by ${launcher.variable}: ` +
      `received ${size} from ${version}: use the library of the installation that has this mpirun`,
  );
}

/** Time for which a wait tests without pause [ms]: most steps' exchanges take less. */
const BUSY = 0.2;
/** Pause between two tests afterwards [ms], in which other ranks and workers have the processor. */
const PAUSE = 0.05;
/** Time after which a wait lets timers and signals run [ms]. */
const TURN = 10;

function ranksOf(mpi: MpiLibrary, seconds: number): MpiRanks {
  const { rank, size, version, host } = mpi;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let patience = seconds;
  const isCompleteBy = (time: number) => {
    const busy = Math.min(time, performance.now() + BUSY);
    while (!mpi.isComplete()) {
      const now = performance.now();
      if (now >= time) return false;
      if (now >= busy) Atomics.wait(pause, 0, 0, PAUSE);
    }
    return true;
  };
  const completion = async () => {
    const begun = performance.now();
    while (!isCompleteBy(performance.now() + TURN)) {
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
    close: () => mpi.finalize(),
    abort: (code) => mpi.abort(code),
  };
}
