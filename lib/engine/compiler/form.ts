/**
 * What the kernel of dense products, `matmul`, is told besides addresses and sizes. The numbers are
 * those of matmul.ts and pack.ts in wasm/assembly; a test compares them.
 *
 * @module
 */

/** How factors and result are given: the sum of what holds. */
export const FORM = {
  leftTransposed: 1,
  rightTransposed: 2,
  rightInPanels: 4,
  outInPanels: 8,
  zerosLeftOut: 16,
  sharedByRows: 32,
} as const;

/** Bytes of work space: a packed block of each factor, a tile, and zeros that sums begin with. */
export const MATMUL_WORK: number = 256 * (4 + 192 * 8 + 64) + 192 * 128 + 256 + 128;
