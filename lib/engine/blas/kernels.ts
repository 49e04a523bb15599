/**
 * Kernels of the backend `blas`, opened by each worker.
 *
 * @module
 */
import type { Native } from "../native.ts";
import type { Kernels } from "../workers/kernel_module.ts";
import { type KernelSetup, loadBlas } from "./library.ts";
import { blasMatmul } from "./product.ts";

/** Constants of cblas.h: order of elements, and whether a factor is transposed. */
const ROW_MAJOR = 101;
const NO_TRANSPOSE = 111;
const TRANSPOSE = 112;

/**
 * Returns a kernel `matmul` that multiplies matrices in `memory` with the BLAS library, and passes products
 * for which the library is not suitable to the kernel in `engineKernels`. Implements `KernelModule`.
 */
export async function openKernels(
  setup: KernelSetup,
  memory: WebAssembly.Memory,
  engineKernels: Kernels & { readonly matmul: Kernels[string] },
): Promise<Kernels> {
  const { native } = await import(setup.native) as { readonly native: Native };
  const { sgemm } = loadBlas(native, setup.path);
  const pointer = native.pointersTo(memory);
  const transpose = (leading: number) => leading < 0 ? TRANSPOSE : NO_TRANSPOSE;
  const matmul = blasMatmul((m, n, k, a, lda, b, ldb, c, ldc) => {
    // deno-fmt-ignore
    sgemm(
      ROW_MAJOR, transpose(lda), transpose(ldb), m, n, k,
      1, pointer(a), Math.abs(lda), pointer(b), Math.abs(ldb),
      0, pointer(c), ldc,
    );
  }, engineKernels.matmul);
  return { matmul };
}
