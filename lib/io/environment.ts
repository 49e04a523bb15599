/**
 * Versions of the software and properties of the machine, as the manifests of runs list them.
 *
 * @module
 */
import type { Backend } from "../engine/backend.ts";

/** Version of this project. */
export const VERSION = "0.1.0";

/**
 * Oldest supported version of Deno: the first that has `navigator.locks`, by which the program detects the
 * end of a worker.
 */
export const OLDEST_DENO = "2.9.0";

/** Returns whether a version of Deno is older than {@linkcode OLDEST_DENO}. */
export function isDenoTooOld(version: string): boolean {
  const numbers = (text: string) => text.split(/[.+-]/).slice(0, 3).map(Number);
  const [[major, minor, patch], [oldMajor, oldMinor, oldPatch]] = [version, OLDEST_DENO].map(
    numbers,
  );
  if (major !== oldMajor) return major < oldMajor;
  return minor === oldMinor ? patch < oldPatch : minor < oldMinor;
}

/** Versions of the software and properties of the machine. */
interface Environment {
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: Readonly<Record<string, string | number>>;
}

/** Returns the number of logical processors of the machine. */
export function countProcessors(): number {
  return navigator.hardwareConcurrency;
}

/**
 * Returns the versions of the software and the properties of the machine, among them the number of workers
 * and the properties that the backend states, such as the version of its library.
 */
export function describeEnvironment(workers: number, backend: Backend["facts"] = {}): Environment {
  const { deno, v8, typescript } = Deno.version;
  return {
    versions: { "ann-mlp": VERSION, deno, v8, typescript },
    machine: {
      system: Deno.build.os,
      architecture: Deno.build.arch,
      processors: countProcessors(),
      workers,
      ...backend,
    },
  };
}
