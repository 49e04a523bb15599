/**
 * The kernel `matmul` in terms of a library's SGEMM.
 *
 * @module
 */
import type { Kernel } from "../workers/kernel_module.ts";
import { FORM } from "../compiler/form.ts";
import { PANEL } from "../program/program.ts";

/**
 * A function that computes c [m, n] = a [m, k] · b [k, n], all row-major at addresses in bytes.
 *
 * @param lda number of elements from one row of a to the next; if the memory holds the transpose of a, the
 *   number of elements from one row of that to the next, negated
 * @param ldb number of elements from one row of b to the next; negated as `lda` is
 * @param ldc number of elements from one row of c to the next
 */
export type Sgemm = (
  m: number,
  n: number,
  k: number,
  a: number,
  lda: number,
  b: number,
  ldb: number,
  c: number,
  ldc: number,
) => void;

/** Flags of products with a matrix in panels, a layout of this engine that BLAS libraries do not support. */
const IN_PANELS = FORM.rightInPanels | FORM.outInPanels;

/** Number of bytes of a number. */
const FLOAT = 4;

/**
 * Smallest number of multiplications for which the library is called. Smaller products take 0.1 µs in the
 * engine's own kernel, less than the call overhead of a library with AVX2 kernels (Debian's OpenBLAS 0.3.21,
 * measured on an AMD EPYC).
 */
export const FEWEST_MULTIPLICATIONS = 512;

/**
 * Returns the kernel `matmul`, which computes one worker's partition of a product by `sgemm`. Small products,
 * and those with a matrix in panels, are computed by the engine's own kernel (`engineMatmul`). `sgemm` skips
 * no zeros.
 *
 * A partition is a range of rows of the result, or a range of the rows of its panels, which are counted
 * through all panels. A range of panel rows is computed in at most three parts: the end of one panel, whole
 * panels, and the beginning of another.
 */
export function blasMatmul(sgemm: Sgemm, engineMatmul: Kernel): Kernel {
  return (...args) => {
    const [a, b, out, m, n, k, form, _work, from, to] = args; // see assembly/matmul.ts
    const isInPanels = (form & IN_PANELS) !== 0;
    const isByRows = (form & FORM.sharedByRows) !== 0;
    const width = isByRows ? n : Math.min(n, PANEL);
    if (isInPanels || (to - from) * width * k < FEWEST_MULTIPLICATIONS) {
      return engineMatmul(...args);
    }
    const lda = form & FORM.leftTransposed ? -m : k;
    const ldb = form & FORM.rightTransposed ? -k : n;
    if (isByRows) {
      const left = a + FLOAT * from * (lda < 0 ? 1 : k);
      return sgemm(to - from, n, k, left, lda, b, ldb, out + FLOAT * from * n, n);
    }
    for (let at = from; at < to;) {
      const panel = Math.floor(at / m);
      const row = at - panel * m;
      const whole = row === 0 ? Math.floor((to - at) / m) : 0;
      const rows = whole > 0 ? m : Math.min(m - row, to - at);
      const panels = Math.max(1, whole);
      const column = panel * PANEL;
      const columns = Math.min(panels * PANEL, n - column);
      const left = a + FLOAT * row * (lda < 0 ? 1 : k);
      const right = b + FLOAT * column * (ldb < 0 ? k : 1);
      sgemm(rows, columns, k, left, lda, right, ldb, out + FLOAT * (row * n + column), n);
      at += panels * rows;
    }
  };
}
