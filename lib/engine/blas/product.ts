/**
 * A dense product as BLAS computes it: the arguments of the kernel `matmul` as those of `cblas_sgemm`.
 *
 * @module
 */

import type { Kernel } from "../backend.ts";

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

/** Bytes of a number. */
const FLOAT = 4;

/**
 * Products of fewer multiplications stay with the engine's own kernel: they are done there in 0.1 µs,
 * before a library of AVX2 kernels (OpenBLAS 0.3.21 of Debian, measured on an AMD EPYC) has begun.
 */
export const FEWEST_MULTIPLICATIONS = 512;

/**
 * The kernel `matmul` by a library: each worker's own rows, as every kernel has them. What is small,
 * or lies as BLAS cannot read it, is left to the engine's own kernel.
 */
export function blasMatmul(sgemm: Sgemm, own: Kernel): Kernel {
  return (...given) => {
    const [a, aRow, aStep, b, bRow, bStep, out, outRow, from, to, n, k] = given as Matmul;
    const m = to - from;
    const lda = leading(aRow, aStep, m, k);
    const ldb = leading(bRow, bStep, k, n);
    if (lda === 0 || ldb === 0 || m * n * k < FEWEST_MULTIPLICATIONS) return own(...given);
    sgemm(m, n, k, a + from * aRow, lda, b, ldb, out + from * outRow, outRow / FLOAT);
  };
}

/** The arguments of `matmul`, see assembly/matmul.ts; the last is work space. */
type Matmul = [
  ...[a: number, aRow: number, aStep: number],
  ...[b: number, bRow: number, bStep: number],
  ...[out: number, outRow: number, from: number, to: number, n: number, k: number, work: number],
];

/**
 * Elements from row to row of a matrix as it lies in memory, negative if that is the transpose of the
 * one that is meant; 0 if neither has its rows in one piece.
 *
 * @param row bytes from row to row of the one that is meant
 * @param step bytes from column to column
 */
export function leading(row: number, step: number, rows: number, columns: number): number {
  // A single row may begin anywhere: BLAS still wants the next one to come after its end
  if (step === FLOAT && rows === 1) return columns;
  if (row === FLOAT && columns === 1) return -rows;
  if (step === FLOAT && row >= columns * FLOAT) return row / FLOAT;
  if (row === FLOAT && step >= rows * FLOAT) return -step / FLOAT;
  return 0;
}
