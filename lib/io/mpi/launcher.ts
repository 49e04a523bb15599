/**
 * Programs that start the ranks of a training, recognized by the environment variables that they set.
 *
 * @module
 */
import type { AbiName } from "./abi.ts";

/** A launcher: the library whose ranks it starts, and their number if its variables state it. */
export interface Launcher {
  /** ABI of the library that belongs to the launcher. */
  readonly abi: AbiName;
  /** Variable by which it was recognized. */
  readonly variable: string;
  /** Number of ranks; undefined if the variable does not state it. */
  readonly size?: number;
}

/** A variable that a launcher sets. */
interface LauncherVariable {
  readonly variable: string;
  readonly abi: AbiName;
  /** Whether its value is the number of ranks. */
  readonly isSize: boolean;
}

/**
 * Variables in the order in which they are tried: Open MPI's mpirun sets the first; MPICH's and Intel's, and
 * srun with PMI-1 or PMI-2, the second; srun with PMIx the third, with which Debian's Open MPI is built.
 */
const VARIABLES: readonly LauncherVariable[] = [
  { variable: "OMPI_COMM_WORLD_SIZE", abi: "openMpi", isSize: true },
  { variable: "PMI_SIZE", abi: "mpich", isSize: true },
  { variable: "PMIX_RANK", abi: "openMpi", isSize: false },
];

/** Environment variables by which launchers are recognized. */
export const LAUNCHER_VARIABLES: readonly string[] = VARIABLES.map(({ variable }) => variable);

/**
 * Returns the launcher of this process; undefined if there is none.
 *
 * @param valueOf returns the value of an environment variable
 */
export function launcherOf(
  valueOf: (variable: string) => string | undefined,
): Launcher | undefined {
  for (const { variable, abi, isSize } of VARIABLES) {
    const value = valueOf(variable);
    if (value !== undefined) return { abi, variable, ...(isSize ? { size: Number(value) } : {}) };
  }
  return undefined;
}
