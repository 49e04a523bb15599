/**
 * Loads a BLAS library that has `cblas_sgemm` with 32-bit integers, and sets it to one thread.
 *
 * The other functions are declared in OpenBLAS's cblas.h, BLIS's bli_info.h, bli_arch.h and bli_thread.h,
 * MKL's mkl_service.h and Accelerate's thread_api.h.
 *
 * @module
 */

import type { Native, NativeFunctions, NativeLibrary, NativeSignatures } from "../native.ts";

/** File, name, version and core type of a BLAS library. */
export interface BlasDescription {
  /** Path of the file from which the library was loaded. */
  readonly path: string;
  /** Name of the library: `OpenBLAS`, `BLIS`, `MKL`, `Accelerate`, or `BLAS` for any other. */
  readonly library: string;
  /** Version of the library, or "unknown". */
  readonly version: string;
  /** Kind of processor for which the library's kernels are made, or "unknown". */
  readonly coreType: string;
}

/** Data with which each worker opens the kernels of the backend. */
export interface KernelSetup {
  /** URL of the module that exports access to native libraries. */
  readonly native: string;
  /** Path of the library's file. */
  readonly path: string;
}

/** A loaded BLAS library: its description, and its function for products of matrices. */
interface LoadedBlas {
  readonly description: BlasDescription;
  readonly sgemm: Exclude<Functions["cblas_sgemm"], null>;
}

/** Signatures of the functions of BLAS libraries. Each library lacks some of them. */
const FUNCTIONS = {
  cblas_sgemm: {
    // deno-fmt-ignore
    parameters: [
      "i32", "i32", "i32", "i32", "i32", "i32", // order, transposes, m, n, k
      "f32", "pointer", "i32", "pointer", "i32", // alpha, a, lda, b, ldb
      "f32", "pointer", "i32", // beta, c, ldc
    ],
    result: "void",
    optional: true,
  },
  openblas_get_config: { parameters: [], result: "pointer", optional: true },
  openblas_get_corename: { parameters: [], result: "pointer", optional: true },
  openblas_set_num_threads: { parameters: ["i32"], result: "void", optional: true },
  bli_info_get_version_str: { parameters: [], result: "pointer", optional: true },
  bli_info_get_blas_int_type_size: { parameters: [], result: "isize", optional: true },
  bli_arch_query_id: { parameters: [], result: "i32", optional: true },
  bli_arch_string: { parameters: ["i32"], result: "pointer", optional: true },
  bli_thread_set_num_threads: { parameters: ["isize"], result: "void", optional: true },
  MKL_Set_Threading_Layer: { parameters: ["i32"], result: "i32", optional: true },
  MKL_Set_Num_Threads: { parameters: ["i32"], result: "void", optional: true },
  MKL_Get_Version_String: { parameters: ["buffer", "i32"], result: "void", optional: true },
  BLASSetThreading: { parameters: ["i32"], result: "i32", optional: true },
} as const satisfies NativeSignatures;

type Functions = NativeFunctions<typeof FUNCTIONS>;

/** Kind of native library that {@linkcode loadBlas} opens. */
const LIBRARY: NativeLibrary<typeof FUNCTIONS> = {
  kind: "BLAS library",
  task: "train:blas",
  functions: FUNCTIONS,
};

/** MKL's constant for its sequential threading layer. */
const MKL_THREADING_SEQUENTIAL = 1;
/** Accelerate's constant for computing on the calling thread. */
const BLAS_THREADING_SINGLE_THREADED = 1;

/**
 * Loads the BLAS library at a path, and sets it to one thread.
 *
 * @throws {Deno.errors.NotCapable} without permission to use native libraries
 * @throws {TypeError} if the file is not a library, lacks `cblas_sgemm`, has 64-bit integers, or does not
 *   allow calls by several threads
 */
export function loadBlas(native: Native, path: string): LoadedBlas {
  const functions = native.open(LIBRARY, path);
  const { cblas_sgemm } = functions;
  if (cblas_sgemm === null) {
    throw new TypeError(
      `Cannot use "${path}": expected a BLAS library: received one without cblas_sgemm`,
    );
  }
  useOneThread(functions); // MKL needs it before any other call
  expectSupportedBlas(native, path, functions);
  return { description: { path, ...describeBlas(native, functions) }, sgemm: cblas_sgemm };
}

/**
 * Sets the library to one thread, because each worker is a thread already. Some libraries keep this setting
 * per thread, so every worker calls this function.
 */
function useOneThread(functions: Functions): void {
  functions.openblas_set_num_threads?.(1);
  functions.bli_thread_set_num_threads?.(1n);
  functions.MKL_Set_Threading_Layer?.(MKL_THREADING_SEQUENTIAL);
  functions.MKL_Set_Num_Threads?.(1);
  functions.BLASSetThreading?.(BLAS_THREADING_SINGLE_THREADED);
}

/**
 * Throws a TypeError if a library has 64-bit integers, or does not allow calls by several threads. `path` is
 * its file, for messages.
 */
function expectSupportedBlas({ textAt }: Native, path: string, functions: Functions): void {
  const config = textAt(functions.openblas_get_config?.() ?? null);
  const hasWideIntegers = config.includes("USE64BITINT") ||
    Number(functions.bli_info_get_blas_int_type_size?.() ?? 32) === 64;
  if (hasWideIntegers) {
    throw new TypeError(
      `Cannot use "${path}": expected a library with 32-bit integers: received one with 64-bit ones`,
    );
  }
  if (config.includes("SINGLE_THREADED")) {
    throw new TypeError(
      `Cannot use "${path}": expected a library that several threads may call: ` +
        "received OpenBLAS built for one",
    );
  }
}

/** Returns name, version and core type of a library, as its own functions report them. */
function describeBlas({ textAt }: Native, functions: Functions): Omit<BlasDescription, "path"> {
  const UNKNOWN = "unknown";
  const { openblas_get_config, openblas_get_corename, bli_info_get_version_str } = functions;
  if (openblas_get_config !== null && openblas_get_corename !== null) {
    const version = /OpenBLAS (\S+)/.exec(textAt(openblas_get_config()))?.[1] ?? UNKNOWN;
    return { library: "OpenBLAS", version, coreType: textAt(openblas_get_corename()) };
  }
  const { bli_arch_query_id, bli_arch_string, MKL_Get_Version_String, BLASSetThreading } =
    functions;
  if (bli_info_get_version_str !== null && bli_arch_query_id !== null && bli_arch_string !== null) {
    const coreType = textAt(bli_arch_string(bli_arch_query_id()));
    return { library: "BLIS", version: textAt(bli_info_get_version_str()), coreType };
  }
  if (MKL_Get_Version_String !== null) {
    const text = new Uint8Array(256);
    MKL_Get_Version_String(text, text.length);
    return { library: "MKL", ...parseMklDescription(new TextDecoder().decode(text)) };
  }
  const library = BLASSetThreading === null ? "BLAS" : "Accelerate";
  return { library, version: UNKNOWN, coreType: UNKNOWN };
}

/**
 * Parses version and core type from MKL's description of itself: "Intel(R) oneAPI Math Kernel Library Version
 * 2023.1-Product Build 20230303 for Intel(R) 64 architecture applications". Both are "unknown" if the
 * description has another form.
 */
export function parseMklDescription(
  description: string,
): { readonly version: string; readonly coreType: string } {
  const [, version = "unknown", coreType = "unknown"] =
    /Version (\S+).* for (.+) applications/.exec(description) ?? [];
  return { version, coreType };
}
