/**
 * Flags and work space of the kernel `matmul`. The numbers are those of matmul.ts and pack.ts in
 * wasm/assembly; a test compares them.
 *
 * @module
 */

/** Flags for the layouts of the factors and the result. The kernel's argument is their sum. */
export const FORM = {
  leftTransposed: 1,
  rightTransposed: 2,
  rightInPanels: 4,
  outInPanels: 8,
  zerosLeftOut: 16,
  sharedByRows: 32,
} as const;

/**
 * Number of bytes of the kernel's work space: a packed block of each factor, a tile, and zeros as the initial
 * values of sums; for products in micro-batches, a row and a stack of sums in place of the tile and the zeros.
 */
export const MATMUL_WORK: number = 256 * (4 + 192 * 8 + 64) + 192 * 128 + 128 + 9 * 256;

/**
 * Largest number of terms of a sum that the product's kernel can divide into micro-batches: the terms of
 * one block.
 */
export const MOST_DIVIDED = 192;
