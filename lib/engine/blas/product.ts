import type { Kernel } from "../workers/kernel_module.ts";
import { FORM } from "../compiler/form.ts";
import { PANEL } from "../program/program.ts";

/**
 * c [m, n] = a [m, k] · b [k, n], all row-major at addresses in bytes.
 *
 * @param lda elements from row to row of a as it lies in memory; negative if that is its transpose
 * @param ldb the same of b
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

/** What keeps a product from a library: panels are the engine's own. */
const IN_PANELS = FORM.rightInPanels | FORM.outInPanels;

/** Bytes of a number. */
const FLOAT = 4;

/**
 * Products of fewer multiplications stay with the engine's own kernel: they are done there in 0.1 µs,
 * before a library of AVX2 kernels (OpenBLAS 0.3.21 of Debian, measured on an AMD EPYC) has begun.
 */
export const FEWEST_MULTIPLICATIONS = 512;

/**
 * The kernel `matmul` by a library: each worker's own part of the result. What is small, and matrices in
 * panels, are left to the engine's own kernel. No zeros are left out.
 *
 * A part is some rows; or else rows `from` up to `to` of all panels, one panel after the other: at most
 * the end of one panel, some whole panels, and the beginning of another.
 */
export function blasMatmul(sgemm: Sgemm, own: Kernel): Kernel {
  return (...given) => {
    const [a, b, out, m, n, k, form, _work, from, to] = given; // see assembly/matmul.ts
    const isInPanels = (form & IN_PANELS) !== 0;
    const isByRows = (form & FORM.sharedByRows) !== 0;
    const width = isByRows ? n : Math.min(n, PANEL);
    if (isInPanels || (to - from) * width * k < FEWEST_MULTIPLICATIONS) return own(...given);
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
