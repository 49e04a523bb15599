/**
 * What a run has around it: versions and machine, as far as they can be known without permissions.
 *
 * @module
 */

import type { Backend } from "../engine/backend.ts";

/** Version of this project. */
export const VERSION = "0.1.0";

/** Versions and machine. */
interface Surroundings {
  readonly versions: Readonly<Record<string, string>>;
  /** System, architecture, processors, workers. */
  readonly machine: Readonly<Record<string, string | number>>;
}

/** Number of processors that the system has for this program. */
export function processors(): number {
  return navigator.hardwareConcurrency;
}

/**
 * Looks around.
 *
 * @param workers how many workers the run was computed by
 * @param backend what the backend that computed the run adds, see `Backend.facts`
 */
export function surroundings(workers: number, backend: Backend["facts"] = {}): Surroundings {
  const { deno, v8, typescript } = Deno.version;
  return {
    versions: { "ann-mlp": VERSION, deno, v8, typescript },
    machine: {
      system: Deno.build.os,
      architecture: Deno.build.arch,
      processors: processors(),
      workers,
      ...backend,
    },
  };
}
