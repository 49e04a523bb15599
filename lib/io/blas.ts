/**
 * The backend `blas`: dense products by a BLAS library of the system. The bits then depend on it.
 *
 * @module
 */
import type { Backend } from "../engine/backend.ts";
import { usualPlaces } from "../engine/blas/libraries.ts";
import { type BlasDescription, loadBlas } from "./blas_library.ts";

/** A backend that a library computes for. */
export interface BlasBackend extends Backend {
  /** The library, as it describes itself. */
  readonly description: BlasDescription;
}

/** Which library is taken. */
export interface BlasOptions {
  /** Its file; the first that is found in the usual places if not given. */
  readonly path?: string | undefined;
  /** The places that are looked at; those of the system if not given. */
  readonly places?: readonly string[];
}

/**
 * Finds a BLAS library: OpenBLAS, MKL, BLIS or, on macOS, Accelerate. Each worker calls it for its own
 * part of a product, on its own thread. Results agree with those of the exact backend to rounding, but depend on the
 * library, its version, the core type it takes the processor for, and the number of workers.
 *
 * @example
 * ```ts ignore
 * const { trained } = await fit({ ...training, backend: blas(), workers: 2 });
 * ```
 *
 * @throws {Deno.errors.NotCapable} without --allow-ffi
 * @throws {TypeError} if none is found, or the file that was named is none
 */
export function blas(
  { path, places = usualPlaces(Deno.build.os, Deno.build.arch) }: BlasOptions = {},
): BlasBackend {
  const description = permitted(() =>
    path === undefined ? find(places) : loadBlas(path).description
  );
  const { library, version, coreType } = description;
  return {
    name: `blas: ${library} ${version}, core type ${coreType}`,
    densePanels: false, // libraries are a fifth slower in panels of 32 columns
    module: new URL("./blas_kernels.ts", import.meta.url).href,
    setup: { path: description.path },
    description,
  };
}

/** The first library that can be used. */
function find(places: readonly string[]): BlasDescription {
  const unusable: string[] = [];
  for (const place of places) {
    try {
      return loadBlas(place).description;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      if (!/no such file/i.test(error.message)) unusable.push(error.message);
    }
  }
  throw new TypeError([
    "Cannot find a BLAS library: expected OpenBLAS, MKL, BLIS or Accelerate: received none of",
    ...places.map((place) => `  ${place}`),
    ...unusable,
    'On Debian and Ubuntu, "apt-get install libopenblas0-pthread" installs one; ' +
    "--blas PATH names one that is elsewhere",
  ].join("\n"));
}

/** Says what gives the permission that is missing. */
function permitted<Result>(use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new Deno.errors.NotCapable(
      "Cannot use a BLAS library: expected permission to call native code: received none: " +
        'use "deno task train:blas", which alone has it',
      { cause: error },
    );
  }
}
