/**
 * The backend `blas`: a BLAS library of the system computes dense products, so results depend on it.
 *
 * @module
 */
import type { Backend } from "../backend.ts";
import type { Native } from "../native.ts";
import { openMachine } from "../workers/machine.ts";
import { type BlasDescription, type KernelSetup, loadBlas } from "./library.ts";
import { usualLibraryPaths } from "./places.ts";

/** A backend that computes dense products by a BLAS library. */
export interface BlasBackend extends Backend {
  /** File, name, version and core type of the library. */
  readonly description: BlasDescription;
}

/** Options that choose the BLAS library. */
export interface BlasOptions {
  /** Path of the library's file. Defaults to the first path in `places` that has a usable library. */
  readonly path?: string | undefined;
  /** Paths at which to search for a library. Defaults to the usual ones of the operating system. */
  readonly places?: readonly string[];
}

/**
 * Finds a BLAS library (OpenBLAS, MKL, BLIS or, on macOS, Accelerate) and returns a backend that uses it.
 * Each worker calls the library for its own partition of a product, on its own thread. Results agree with
 * those of the exact backend to rounding, but depend on the library, its version, the core type that it
 * detects, and the number of workers.
 *
 * @param native access to native libraries
 * @example
 * ```ts ignore
 * const { trained } = await fit({ ...training, backend: blas(native), workers: 2 });
 * ```
 *
 * @throws {Deno.errors.NotCapable} without --allow-ffi
 * @throws {TypeError} if no library is found, or the file at `path` is not one
 */
export function blas(native: Native, options: BlasOptions = {}): BlasBackend {
  const { path, places = usualLibraryPaths(native.system, native.architecture) } = options;
  const load = (path: string) => loadBlas(native, path).description;
  const description = path === undefined
    ? native.first({ expected: EXPECTED, paths: places, hint: HINT }, load)
    : load(path);
  const { library, version, coreType } = description;
  const setup: KernelSetup = { native: native.module, path: description.path };
  const module = new URL("./kernels.ts", import.meta.url).href;
  return {
    name: `blas: ${library} ${version}, core type ${coreType}`,
    compileOptions: { densePanels: false }, // libraries are a fifth slower with panels of 32 columns
    facts: {
      library: `${library} ${version}`,
      "core type": coreType,
      "library file": description.path,
      bits: "depend on library, core type and workers",
    },
    open: (plan) => openMachine(plan, { module, setup }),
    description,
  };
}

/** Beginning of the message if no library is found. */
const EXPECTED = "Cannot find a BLAS library: expected OpenBLAS, MKL, BLIS or Accelerate";

/** End of the message if no library is found. */
const HINT = 'On Debian and Ubuntu, "apt-get install libopenblas0-pthread" installs one; ' +
  "--blas PATH names one that is elsewhere";
