/**
 * What each worker of the backend `blas` loads: its kernels on the workers' memory.
 *
 * @module
 */
import type { Kernels } from "../engine/backend.ts";
import { blasMatmul } from "../engine/blas/product.ts";
import { loadBlas } from "./blas_library.ts";

/** Values of cblas.h. */
const ROW_MAJOR = 101;
const NO_TRANSPOSE = 111;
const TRANSPOSE = 112;

/** Opens the kernels that the library at the setup's path computes. */
export function openKernels(
  setup: unknown,
  memory: WebAssembly.Memory,
  own: Kernels & { readonly matmul: Kernels[string] },
): Kernels {
  const { path } = setup as { readonly path: string };
  const { sgemm } = loadBlas(path);
  const pointer = pointersTo(memory);
  const transpose = (leading: number) => leading < 0 ? TRANSPOSE : NO_TRANSPOSE;
  const matmul = blasMatmul((m, n, k, a, lda, b, ldb, c, ldc) => {
    // deno-fmt-ignore
    sgemm(
      ROW_MAJOR, transpose(lda), transpose(ldb), m, n, k,
      1, pointer(a), Math.abs(lda), pointer(b), Math.abs(ldb),
      0, pointer(c), ldc,
    );
  }, own.matmul);
  return { matmul };
}

/**
 * Pointers to addresses of a memory. Making one allocates and costs ten times what passing it does, so
 * each is kept: a program's products are at the same addresses in every step.
 */
function pointersTo({ buffer }: WebAssembly.Memory): (address: number) => Deno.PointerValue {
  const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(new Uint8Array(buffer)));
  const known = new Map<number, Deno.PointerValue>();
  return (address) => {
    const found = known.get(address);
    if (found !== undefined) return found;
    const made = Deno.UnsafePointer.create(start + BigInt(address));
    known.set(address, made);
    return made;
  };
}
