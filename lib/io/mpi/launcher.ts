/**
 * Detection of the program that started the ranks of a training, such as mpirun, by the environment
 * variables that it sets.
 *
 * @module
 */
import type { AbiName } from "./abi.ts";

/** The program that started this process as a rank, such as mpirun or srun. */
export interface Launcher {
  /** ABI of the MPI library to which the launcher belongs. */
  readonly abi: AbiName;
  /** Environment variable by which the launcher was detected. */
  readonly variable: string;
  /** Number of ranks, if the variable states it. */
  readonly size?: number;
}

/** An environment variable by which a launcher is detected. */
interface LauncherVariable {
  readonly variable: string;
  readonly abi: AbiName;
  /** Whether the value of the variable is the number of ranks. */
  readonly isSize: boolean;
}

/**
 * Environment variables in the order in which they are read. The first is set by Open MPI's mpirun; the
 * second by the mpirun of MPICH and Intel MPI, and by srun with PMI-1 or PMI-2; the third by srun with
 * PMIx, which Debian's Open MPI uses.
 */
const VARIABLES: readonly LauncherVariable[] = [
  { variable: "OMPI_COMM_WORLD_SIZE", abi: "openMpi", isSize: true },
  { variable: "PMI_SIZE", abi: "mpich", isSize: true },
  { variable: "PMIX_RANK", abi: "openMpi", isSize: false },
];

/** Names of the environment variables by which launchers are detected. */
export const LAUNCHER_VARIABLES: readonly string[] = VARIABLES.map(({ variable }) => variable);

/**
 * Returns the launcher that started this process as a rank, or undefined if none did.
 *
 * @param variableValue returns the value of an environment variable, or undefined if it is not set
 */
export function detectLauncher(
  variableValue: (variable: string) => string | undefined,
): Launcher | undefined {
  for (const { variable, abi, isSize } of VARIABLES) {
    const value = variableValue(variable);
    if (value !== undefined) return { abi, variable, ...(isSize ? { size: Number(value) } : {}) };
  }
  return undefined;
}
