// A product is computed in blocks that stay in the first-level cache. A block of the right factor is a part
// of a panel: up to 192 steps of k, 32 columns each. It is read in place if the matrix is in panels, else
// packed. Rows of the left factor are processed in one of two ways:
//
//   in strips  of 4 rows, for tiles of 4 rows × 16 columns, or 8 at an edge, whose sums stay in
//              registers while k runs; strips of a transposed matrix are packed
//   as lists   of the non-zero elements of a row, each with its step of k; the 32 sums of a row stay in
//              registers. At least half of a rectifier's outputs are zeros, which this skips
//
// Each element is one sum over k in rising order, a multiplication and then an addition: a block continues
// the sums that the block before it left in out. So the order never depends on tiles, blocks or workers.
// Products of padding are computed in a separate tile and discarded.
//
// Sums, factors and results are pairs of neighbouring vectors, which a compiler may join to one of twice
// the width: V8 does, and the bits stay the same.

import {
  ASIDE_BYTES,
  BLOCK_BYTES,
  copyNumbers,
  DEPTH,
  LISTS_BYTES,
  packBlock,
  packLists,
  packStrips,
  PANEL,
  PANEL_BYTES,
  ROWS,
  STEP,
  STRIP,
  stripBytes,
} from "./pack";
import { listProduct, SLOT } from "./lists";

/** Flags for the layouts of factors and result; the numbers are those of FORM in form.ts. */
const LEFT_TRANSPOSED: u32 = 1;
const OUT_IN_PANELS: u32 = 8;
const ZEROS_LEFT_OUT: u32 = 16;
const SHARED_BY_ROWS: u32 = 32;

/**
 * Computes out [m, n] = a [m, k] · b [k, n]. The flags of `form` say whether factors are transposed, whether
 * b and out lie in panels, and whether zeros of a are skipped. `work` is work space.
 *
 * A call computes rows `from` to `to` of out. Without SHARED_BY_ROWS, so that a worker reads only its part of
 * b, these are rows of out's panels: the rows of panel p are p · m to p · m + m − 1.
 */
export function matmul(
  a: usize,
  b: usize,
  out: usize,
  m: usize,
  n: usize,
  k: usize,
  form: u32,
  work: usize,
  from: usize,
  to: usize,
): void {
  const aRow: usize = form & LEFT_TRANSPOSED ? 4 : 4 * k;
  const aStep: usize = form & LEFT_TRANSPOSED ? 4 * m : 4;
  const byRows = (form & SHARED_BY_ROWS) != 0;
  const firstPanel: usize = byRows ? 0 : from / m;
  const lastPanel = byRows ? (n - 1) / PANEL : (to - 1) / m;
  const top = byRows ? from : from - firstPanel * m;
  const bottom = byRows ? to : to - lastPanel * m;
  const isBand = byRows || firstPanel == lastPanel;
  const low: usize = isBand ? top : 0;
  const high = isBand ? bottom : m;
  const depths = depthOfBlocks(k);
  memory.fill(work + LISTS_BYTES + BLOCK_BYTES + ASIDE_BYTES, 0, PANEL_BYTES);
  for (let row = low; row < high; row += ROWS) {
    const rows = min<usize>(ROWS, high - row);
    for (let step: usize = 0; step < k; step += depths) {
      const depth = min<usize>(depths, k - step);
      const left = a + row * aRow + step * aStep;
      if (form & ZEROS_LEFT_OUT) packLists(left, aRow, aStep, rows, depth, work);
      else if (form & LEFT_TRANSPOSED) packStrips(left, aStep, rows, depth, work);
      for (let panel = firstPanel; panel <= lastPanel; panel++) {
        const begin = panel == firstPanel ? max<usize>(row, top) : row;
        const end = panel == lastPanel ? min<usize>(row + rows, bottom) : row + rows;
        if (begin >= end) continue;
        const width = min<usize>(PANEL, n - panel * PANEL);
        const block = packBlock(b, n, k, form, panel, step, depth, work + LISTS_BYTES);
        const outRow: usize = 4 * (form & OUT_IN_PANELS ? width : n);
        const target = out + panel * (form & OUT_IN_PANELS ? PANEL_BYTES * m : PANEL_BYTES) +
          begin * outRow;
        const first = begin - row;
        if (form & ZEROS_LEFT_OUT) {
          multiplyLists(work, first, end - begin, block, target, outRow, width, step == 0);
        } else {
          const strips = form & LEFT_TRANSPOSED ? work : left;
          const stripRow = form & LEFT_TRANSPOSED ? stripBytes(depth) / STRIP : aRow;
          const lineRow: usize = form & LEFT_TRANSPOSED ? 4 : aRow;
          const lineStep: usize = form & LEFT_TRANSPOSED ? STEP : 4;
          multiplyStrips(
            strips,
            stripRow,
            lineRow,
            lineStep,
            rows,
            first,
            end - begin,
            block,
            target,
            outRow,
            width,
            depth,
            step == 0,
            work + LISTS_BYTES + BLOCK_BYTES,
          );
        }
      }
    }
  }
}

/** Returns the number of steps of k in a block, a multiple of 4: all blocks have about the same size. */
function depthOfBlocks(k: usize): usize {
  const blocks = (k + DEPTH - 1) / DEPTH;
  return ((k + blocks - 1) / blocks + 3) & ~3;
}

/**
 * Multiplies `rows` packed lists in `work`, from the index `first` on, by a block of b, and adds the products
 * to out; if `isFresh`, out begins with zeros. Rows of out are outRow bytes apart, and have `width` columns.
 */
function multiplyLists(
  work: usize,
  first: usize,
  rows: usize,
  block: usize,
  out: usize,
  outRow: usize,
  width: usize,
  isFresh: bool,
): void {
  const aside = work + LISTS_BYTES + BLOCK_BYTES;
  for (let row = first; row < first + rows; row++, out += outRow) {
    const list = work + 4 * ROWS + row * SLOT;
    const end = list + <usize> load<u32>(work + 4 * row);
    const isWhole = width == PANEL;
    if (!isWhole && !isFresh) copyNumbers(aside, out, width);
    const sums = isWhole ? out : aside;
    const start = isFresh ? aside + ASIDE_BYTES : sums;
    listProduct(list, end, block, PANEL_BYTES, start, sums);
    if (!isWhole) copyNumbers(out, aside, width);
  }
}

/**
 * Multiplies `count` rows in strips, from `first` on, of a block of `rows` rows by a block of b, and adds the
 * products to out; if `isFresh`, out begins with zeros. Whole tiles are computed in out, others in a separate
 * tile (`aside`) and then copied. The strip of a row begins stripRow bytes per row after the first strip; its
 * lines are lineRow bytes apart, and their elements lineStep bytes.
 */
function multiplyStrips(
  strips: usize,
  stripRow: usize,
  lineRow: usize,
  lineStep: usize,
  rows: usize,
  first: usize,
  count: usize,
  block: usize,
  out: usize,
  outRow: usize,
  width: usize,
  depth: usize,
  isFresh: bool,
  aside: usize,
): void {
  for (let row = first & ~3; row < first + count; row += STRIP) {
    const top = max<usize>(row, first);
    const height = min<usize>(row + STRIP, first + count) - top;
    // Lines after the end of the block are replaced by the first one, and their results are discarded
    const a0 = strips + row * stripRow;
    const a1 = row + 1 < rows ? a0 + lineRow : a0;
    const a2 = row + 2 < rows ? a0 + 2 * lineRow : a0;
    const a3 = row + 3 < rows ? a0 + 3 * lineRow : a0;
    const target = out + (top - first) * outRow;
    for (let column: usize = 0; column < width; column += 16) {
      const columns = min<usize>(16, width - column);
      const right = block + 4 * column;
      const whole = target + 4 * column;
      const isWhole = height == STRIP && columns == 16;
      const part = aside + (top - row) * 64;
      if (!isWhole && !isFresh) copyTile(whole, outRow, part, 64, height, columns);
      const tileOut = isWhole ? whole : aside;
      const tileRow: usize = isWhole ? outRow : 64;
      const start = isFresh ? aside + ASIDE_BYTES : tileOut;
      const startRow: usize = isFresh ? 0 : tileRow;
      if (columns > 8) {
        tile(a0, a1, a2, a3, lineStep, right, start, startRow, tileOut, tileRow, depth);
      } else narrowTile(a0, a1, a2, a3, lineStep, right, start, startRow, aside, depth);
      if (!isWhole) copyTile(part, 64, whole, outRow, height, columns);
    }
  }
}

/**
 * Copies `height` rows of `width` numbers, which are fromRow bytes apart in the source, and toRow bytes in
 * the target.
 */
function copyTile(
  from: usize,
  fromRow: usize,
  to: usize,
  toRow: usize,
  height: usize,
  width: usize,
): void {
  for (let row: usize = 0; row < height; row++) {
    copyNumbers(to + row * toRow, from + row * fromRow, width);
  }
}

/**
 * Computes 4 rows × 16 columns of out: start + `depth` products for each element. a0 to a3 are the addresses
 * of the rows of a, whose elements are aStep bytes apart. Unrolled by two steps.
 */
function tile(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  aStep: usize,
  b: usize,
  start: usize,
  startRow: usize,
  out: usize,
  outRow: usize,
  depth: usize,
): void {
  const out1 = out + outRow;
  const out2 = out1 + outRow;
  const out3 = out2 + outRow;
  const start1 = start + startRow;
  const start2 = start1 + startRow;
  const start3 = start2 + startRow;
  let s00 = v128.load(start),
    s01 = v128.load(start, 16),
    s02 = v128.load(start, 32),
    s03 = v128.load(start, 48);
  let s10 = v128.load(start1),
    s11 = v128.load(start1, 16),
    s12 = v128.load(start1, 32),
    s13 = v128.load(start1, 48);
  let s20 = v128.load(start2),
    s21 = v128.load(start2, 16),
    s22 = v128.load(start2, 32),
    s23 = v128.load(start2, 48);
  let s30 = v128.load(start3),
    s31 = v128.load(start3, 16),
    s32 = v128.load(start3, 32),
    s33 = v128.load(start3, 48);
  let at: usize = 0;
  for (const end = b + (depth & ~1) * PANEL_BYTES; b < end; b += 2 * PANEL_BYTES) {
    let b0 = v128.load(b);
    let b1 = v128.load(b, 16);
    let b2 = v128.load(b, 32);
    let b3 = v128.load(b, 48);
    let x = v128.load_splat<f32>(a0 + at);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    s02 = f32x4.add(s02, f32x4.mul(x, b2));
    s03 = f32x4.add(s03, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a1 + at);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    s12 = f32x4.add(s12, f32x4.mul(x, b2));
    s13 = f32x4.add(s13, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a2 + at);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    s22 = f32x4.add(s22, f32x4.mul(x, b2));
    s23 = f32x4.add(s23, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a3 + at);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    s32 = f32x4.add(s32, f32x4.mul(x, b2));
    s33 = f32x4.add(s33, f32x4.mul(x, b3));
    at += aStep;
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    b2 = v128.load(b, 160);
    b3 = v128.load(b, 176);
    x = v128.load_splat<f32>(a0 + at);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    s02 = f32x4.add(s02, f32x4.mul(x, b2));
    s03 = f32x4.add(s03, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a1 + at);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    s12 = f32x4.add(s12, f32x4.mul(x, b2));
    s13 = f32x4.add(s13, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a2 + at);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    s22 = f32x4.add(s22, f32x4.mul(x, b2));
    s23 = f32x4.add(s23, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a3 + at);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    s32 = f32x4.add(s32, f32x4.mul(x, b2));
    s33 = f32x4.add(s33, f32x4.mul(x, b3));
    at += aStep;
  }
  if (depth & 1) {
    let b0 = v128.load(b);
    let b1 = v128.load(b, 16);
    let b2 = v128.load(b, 32);
    let b3 = v128.load(b, 48);
    let x = v128.load_splat<f32>(a0 + at);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    s02 = f32x4.add(s02, f32x4.mul(x, b2));
    s03 = f32x4.add(s03, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a1 + at);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    s12 = f32x4.add(s12, f32x4.mul(x, b2));
    s13 = f32x4.add(s13, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a2 + at);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    s22 = f32x4.add(s22, f32x4.mul(x, b2));
    s23 = f32x4.add(s23, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a3 + at);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    s32 = f32x4.add(s32, f32x4.mul(x, b2));
    s33 = f32x4.add(s33, f32x4.mul(x, b3));
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out, s02, 32);
  v128.store(out, s03, 48);
  v128.store(out1, s10);
  v128.store(out1, s11, 16);
  v128.store(out1, s12, 32);
  v128.store(out1, s13, 48);
  v128.store(out2, s20);
  v128.store(out2, s21, 16);
  v128.store(out2, s22, 32);
  v128.store(out2, s23, 48);
  v128.store(out3, s30);
  v128.store(out3, s31, 16);
  v128.store(out3, s32, 32);
  v128.store(out3, s33, 48);
}

/**
 * Computes 4 rows × 8 columns, for the edge of a matrix, where half of the wider {@linkcode tile} would be
 * discarded. Rows of out are 64 bytes apart.
 */
function narrowTile(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  aStep: usize,
  b: usize,
  start: usize,
  startRow: usize,
  out: usize,
  depth: usize,
): void {
  const start1 = start + startRow;
  const start2 = start1 + startRow;
  const start3 = start2 + startRow;
  let s00 = v128.load(start), s01 = v128.load(start, 16);
  let s10 = v128.load(start1), s11 = v128.load(start1, 16);
  let s20 = v128.load(start2), s21 = v128.load(start2, 16);
  let s30 = v128.load(start3), s31 = v128.load(start3, 16);
  let at: usize = 0;
  for (const end = b + depth * PANEL_BYTES; b < end; b += PANEL_BYTES, at += aStep) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a0 + at);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a1 + at);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a2 + at);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a3 + at);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out, s10, 64);
  v128.store(out, s11, 80);
  v128.store(out, s20, 128);
  v128.store(out, s21, 144);
  v128.store(out, s30, 192);
  v128.store(out, s31, 208);
}
