/**
 * Flags and work space of the kernel `matmul`. The numbers are those of matmul.ts and pack.ts in
 * wasm/assembly; a test compares them.
 *
 * @module
 */

/**
 * Flags for the layouts of the factors and the result, for skipping zeros of the left factor
 * (`zerosLeftOut`), and for partitioning by rows rather than by rows of panels (`sharedByRows`). The kernel's
 * argument is the sum of those that apply.
 */
export const FORM = {
  leftTransposed: 1,
  rightTransposed: 2,
  rightInPanels: 4,
  outInPanels: 8,
  zerosLeftOut: 16,
  sharedByRows: 32,
} as const;

/**
 * Number of bytes of the work space of the kernels of products: a packed block of each factor, a tile, and
 * zeros as the initial values of sums; for products in micro-batches, a row and a stack of sums in place of
 * the tile and the zeros.
 */
export const MATMUL_WORK: number = 256 * (4 + 192 * 8 + 64) + 192 * 128 + 128 + 9 * 256;

/**
 * Largest number of terms of a sum that the kernel `matmulInParts` can compute by micro-batches: the terms of
 * one block.
 */
export const MOST_TERMS_IN_PARTS = 192;
