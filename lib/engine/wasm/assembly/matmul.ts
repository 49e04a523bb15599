// A product is cut into blocks that stay in the first-level cache. The right factor's is a part of a
// panel: up to 192 steps of k, 32 columns each, read where it lies if the matrix is in panels, else
// packed. Rows of the left factor are packed as well, in one of two ways:
//
//   strips     the numbers of 4 rows for each step of k, for tiles of 4 rows × 16 columns, whose sums
//              stay in registers while k runs
//   lists      the numbers of a row that are not zero, each with its step of k; the 32 sums of a row
//              stay in registers. What a rectifier gave is half zeros or more, and this leaves them out
//
// Each number is one sum over k in rising order, a product and then an addition: a block continues the
// sums that the block before it left in out. So the order never depends on tiles, blocks or on who
// computes it. The zeros of the padding change no sum: none of them is ever −0.
//
// Sums, factors and results come in pairs of neighbouring vectors, which a compiler may take for one of
// twice the width: V8 does, and the bits stay the same.

import {
  BLOCK_BYTES,
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
} from "./pack";
import { listProduct, SLOT } from "./lists";

/** How factors and result are given; the numbers are those of FORM in structured.ts. */
const LEFT_TRANSPOSED: u32 = 1;
const OUT_IN_PANELS: u32 = 8;
const ZEROS_LEFT_OUT: u32 = 16;
const SHARED_BY_ROWS: u32 = 32;

/**
 * out [m, n] = a [m, k] · b [k, n]; the form says whether factors are given transposed, whether b and
 * out lie in panels, and whether the zeros of a are left out.
 *
 * A call computes rows of out from `from` up to `to`; or, so that a worker reads but its part of b, rows
 * of its panels: those of panel p are p · m and the m − 1 after it.
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
  for (let row = low; row < high; row += ROWS) {
    const rows = min<usize>(ROWS, high - row);
    for (let step: usize = 0; step < k; step += depths) {
      const depth = min<usize>(depths, k - step);
      const left = a + row * aRow + step * aStep;
      if (form & ZEROS_LEFT_OUT) packLists(left, aRow, aStep, rows, depth, work);
      else packStrips(left, aRow, aStep, rows, depth, work);
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
          multiplyStrips(work, first, end - begin, block, target, outRow, width, depth, step == 0);
        }
      }
    }
  }
}

/** Steps of k to a block: blocks of about one size, in fours. */
function depthOfBlocks(k: usize): usize {
  const blocks = (k + DEPTH - 1) / DEPTH;
  return ((k + blocks - 1) / blocks + 3) & ~3;
}

/** The products of rows in lists, `rows` of them from the first, with a block of b. */
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
    if (width == PANEL) {
      listProduct(list, end, block, PANEL_BYTES, out, isFresh);
      continue;
    }
    if (!isFresh) memory.copy(aside, out, 4 * width);
    listProduct(list, end, block, PANEL_BYTES, aside, isFresh);
    memory.copy(out, aside, 4 * width);
  }
}

/** The tiles of rows in strips with a block of b: whole ones straight into out, others by way of a tile aside. */
function multiplyStrips(
  work: usize,
  first: usize,
  rows: usize,
  block: usize,
  out: usize,
  outRow: usize,
  width: usize,
  depth: usize,
  isFresh: bool,
): void {
  const steps = (depth + 1) & ~1;
  const aside = work + LISTS_BYTES + BLOCK_BYTES;
  for (let row = first & ~3; row < first + rows; row += STRIP) {
    const top = max<usize>(row, first);
    const height = min<usize>(row + STRIP, first + rows) - top;
    const strip = work + row * steps * 4;
    const target = out + (top - first) * outRow;
    for (let column: usize = 0; column < width; column += 16) {
      const columns = min<usize>(16, width - column);
      const right = block + 4 * column;
      const whole = target + 4 * column;
      if (height == STRIP && columns == 16) {
        tile(strip, right, whole, outRow, steps, isFresh);
        continue;
      }
      const part = aside + (top - row) * 64;
      if (!isFresh) copyTile(whole, outRow, part, 64, height, columns);
      tile(strip, right, aside, 64, steps, isFresh);
      copyTile(part, 64, whole, outRow, height, columns);
    }
  }
}

function copyTile(
  from: usize,
  fromRow: usize,
  to: usize,
  toRow: usize,
  height: usize,
  width: usize,
): void {
  for (let row: usize = 0; row < height; row++) {
    memory.copy(to + row * toRow, from + row * fromRow, 4 * width);
  }
}

/**
 * 4 rows × 16 columns of out: what they hold already, unless this is the first block, and `steps` more
 * products each. Written out for two steps, so that the numbers of a step are found at fixed offsets.
 */
function tile(a: usize, b: usize, out: usize, outRow: usize, steps: usize, isFresh: bool): void {
  const out1 = out + outRow;
  const out2 = out1 + outRow;
  const out3 = out2 + outRow;
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0), s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0), s13 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0), s22 = f32x4.splat(0), s23 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0), s32 = f32x4.splat(0), s33 = f32x4.splat(0);
  if (!isFresh) {
    s00 = v128.load(out);
    s01 = v128.load(out, 16);
    s02 = v128.load(out, 32);
    s03 = v128.load(out, 48);
    s10 = v128.load(out1);
    s11 = v128.load(out1, 16);
    s12 = v128.load(out1, 32);
    s13 = v128.load(out1, 48);
    s20 = v128.load(out2);
    s21 = v128.load(out2, 16);
    s22 = v128.load(out2, 32);
    s23 = v128.load(out2, 48);
    s30 = v128.load(out3);
    s31 = v128.load(out3, 16);
    s32 = v128.load(out3, 32);
    s33 = v128.load(out3, 48);
  }
  for (const end = a + steps * STEP; a < end; a += 2 * STEP, b += 2 * PANEL_BYTES) {
    let b0 = v128.load(b);
    let b1 = v128.load(b, 16);
    let b2 = v128.load(b, 32);
    let b3 = v128.load(b, 48);
    let x = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    s02 = f32x4.add(s02, f32x4.mul(x, b2));
    s03 = f32x4.add(s03, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    s12 = f32x4.add(s12, f32x4.mul(x, b2));
    s13 = f32x4.add(s13, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    s22 = f32x4.add(s22, f32x4.mul(x, b2));
    s23 = f32x4.add(s23, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    s32 = f32x4.add(s32, f32x4.mul(x, b2));
    s33 = f32x4.add(s33, f32x4.mul(x, b3));
    b0 = v128.load(b, 128);
    b1 = v128.load(b, 144);
    b2 = v128.load(b, 160);
    b3 = v128.load(b, 176);
    x = v128.load_splat<f32>(a, 16);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    s02 = f32x4.add(s02, f32x4.mul(x, b2));
    s03 = f32x4.add(s03, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a, 20);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    s12 = f32x4.add(s12, f32x4.mul(x, b2));
    s13 = f32x4.add(s13, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a, 24);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    s22 = f32x4.add(s22, f32x4.mul(x, b2));
    s23 = f32x4.add(s23, f32x4.mul(x, b3));
    x = v128.load_splat<f32>(a, 28);
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
