// Kernels of the structured operations, in AssemblyScript. All addresses are in bytes, and all numbers have
// 32 bits. A matrix `x` is the address of its first number, and `xRow` the number of bytes from one row to the
// next, if that is not the size of a row. A call with `from` and `to` computes this part of its output: rows,
// rows of panels or blocks, from index `from` up to but not including index `to`.

export { advance, claim, complete, spin, waitForPhaseEnd } from "./barrier";
export { blend, disturb, erase, warp, warpDisplaced } from "./images";
export { matmul } from "./matmul";
export { matmulInParts, sparseProductInParts, sumRowsInParts } from "./micro_batches";
export { compressColumns, compressRows, expandRows, sparseProduct } from "./sparse";
export {
  argmaxColumns,
  dotBlocks,
  gatherColumns,
  maxColumns,
  sumColumns,
  sumRows,
  sumVector,
} from "./reduce";
export { checkFinite, copyBytes, copyRows, decode32, decode8, transpose } from "./move";
