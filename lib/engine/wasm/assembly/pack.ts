// Packs blocks of a product's factors into the order in which it reads them; see matmul.ts.

import { append, SLOT } from "./lists";

/** Number of columns of a panel. */
export const PANEL: usize = 32;
/** Number of bytes of a row of a panel. */
export const PANEL_BYTES: usize = 128;
/** Largest number of steps of k in a block: its part of a panel, 24 KB, stays in the first-level cache. */
export const DEPTH: usize = 192;
/** Largest number of rows of a in a block. */
export const ROWS: usize = 256;
/** Number of rows of a strip. */
export const STRIP: usize = 4;
/** Number of bytes of the elements of a strip for one step of k. */
export const STEP: usize = 16;
/**
 * Number of bytes of a block of a in lists, which need more than strips: the lengths of the lists, then the
 * lists.
 */
export const LISTS_BYTES: usize = ROWS * (4 + SLOT);
/** Number of bytes of a block of b. */
export const BLOCK_BYTES: usize = DEPTH * PANEL_BYTES;

/**
 * Number of bytes of the separate tile for the edge of a matrix; zeros follow the tile, the initial values of
 * sums.
 */
export const ASIDE_BYTES: usize = STRIP * 64;

/** Flags for the layout of b; see FORM in form.ts. */
const RIGHT_TRANSPOSED: u32 = 2;
const RIGHT_IN_PANELS: u32 = 4;

/**
 * Returns the number of bytes of a strip for `depth` steps of k, with one more cache line, so that strips
 * spread over cache sets.
 */
export function stripBytes(depth: usize): usize {
  return depth * STEP + 64;
}

/**
 * Packs `rows` rows of a transposed matrix a into strips of 4 rows at `to`: for each of `depth` steps of k,
 * the elements of the 4 rows. Steps of a are aStep bytes apart.
 */
export function packStrips(a: usize, aStep: usize, rows: usize, depth: usize, to: usize): void {
  const stride = stripBytes(depth);
  const whole = rows & ~3;
  for (let step: usize = 0; step < depth; step++) {
    const end = a + step * aStep + 4 * whole;
    let at = to + step * STEP;
    for (let row = a + step * aStep; row < end; row += 16, at += stride) {
      v128.store(at, v128.load(row));
    }
  }
  if (whole == rows) return;
  packLines(a + 4 * whole, 4, aStep, rows - whole, depth, to + (whole / STRIP) * stride, STEP);
}

/**
 * Packs `rows` rows of a, with `depth` steps of k each, into lists of their non-zero elements at `to`: first
 * the length of each list in bytes, then the lists, SLOT bytes apart. Rows of a are aRow bytes apart, and
 * steps aStep bytes.
 */
export function packLists(
  a: usize,
  aRow: usize,
  aStep: usize,
  rows: usize,
  depth: usize,
  to: usize,
): void {
  const lists = to + 4 * ROWS;
  let row: usize = 0;
  if (aRow == 4) {
    for (; row + 4 <= rows; row += 4) packFourLists(a + 4 * row, aStep, depth, lists, to, row);
  }
  for (; row < rows; row++) {
    const list = lists + row * SLOT;
    const line = a + row * aRow;
    let end = list;
    let step: usize = 0;
    if (aStep == 4) {
      for (; step + 4 <= depth; step += 4) end = append(end, v128.load(line + 4 * step), step);
    }
    for (; step < depth; step++) {
      const value = load<f32>(line + step * aStep);
      store<u32>(end, <u32> step);
      store<f32>(end, value, 4);
      end += value != 0 ? 8 : 0;
    }
    store<u32>(to + 4 * row, <u32> (end - list));
  }
}

/**
 * Packs four rows whose elements lie side by side, as in a transposed matrix, into the lists with the indices
 * `row` to row + 3, and their lengths in bytes into the array at `lengths`.
 */
function packFourLists(
  a: usize,
  aStep: usize,
  depth: usize,
  lists: usize,
  lengths: usize,
  row: usize,
): void {
  const list0 = lists + row * SLOT;
  const list1 = list0 + SLOT, list2 = list1 + SLOT, list3 = list2 + SLOT;
  let end0 = list0, end1 = list1, end2 = list2, end3 = list3;
  const zero = f32x4.splat(0);
  for (let step: usize = 0; step < depth; step += 4) {
    const at = a + step * aStep;
    const r0 = v128.load(at);
    const r1 = step + 1 < depth ? v128.load(at + aStep) : zero;
    const r2 = step + 2 < depth ? v128.load(at + 2 * aStep) : zero;
    const r3 = step + 3 < depth ? v128.load(at + 3 * aStep) : zero;
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    end0 = append(end0, v128.shuffle<f64>(low01, low23, 0, 2), step);
    end1 = append(end1, v128.shuffle<f64>(low01, low23, 1, 3), step);
    end2 = append(end2, v128.shuffle<f64>(high01, high23, 0, 2), step);
    end3 = append(end3, v128.shuffle<f64>(high01, high23, 1, 3), step);
  }
  const at = lengths + 4 * row;
  store<u32>(at, <u32> (end0 - list0));
  store<u32>(at, <u32> (end1 - list1), 4);
  store<u32>(at, <u32> (end2 - list2), 8);
  store<u32>(at, <u32> (end3 - list3), 12);
}

/**
 * Returns the address of a block of b [k, n]: `depth` steps of k from `step` on, and the 32 columns of a
 * panel. Full panels of a matrix in panels are such blocks already; all others are packed to `to` and padded
 * with zeros.
 */
export function packBlock(
  b: usize,
  n: usize,
  k: usize,
  form: u32,
  panel: usize,
  step: usize,
  depth: usize,
  to: usize,
): usize {
  const width = min<usize>(PANEL, n - panel * PANEL);
  if (form & RIGHT_IN_PANELS && !(form & RIGHT_TRANSPOSED) && width == PANEL) {
    return b + (panel * k + step) * PANEL_BYTES;
  }
  if (width < PANEL) memory.fill(to, 0, depth * PANEL_BYTES);
  if (!(form & RIGHT_TRANSPOSED)) {
    const isPanel = (form & RIGHT_IN_PANELS) != 0;
    const bRow = 4 * (isPanel ? width : n);
    const first = isPanel ? panel * k * PANEL_BYTES : panel * PANEL_BYTES;
    packSteps(b + first + step * bRow, bRow, width, depth, to);
  } else if (!(form & RIGHT_IN_PANELS)) {
    packColumns(b + panel * PANEL * 4 * k + 4 * step, 4 * k, width, depth, to);
  } else {
    // The panels run along k: a block is assembled from all panels that contain its steps
    for (let at = step; at < step + depth;) {
      const deep = at / PANEL;
      const inPanel = at - deep * PANEL;
      const breadth = min<usize>(PANEL, k - deep * PANEL);
      const steps = min<usize>(breadth - inPanel, step + depth - at);
      const line = b + deep * n * PANEL_BYTES + panel * PANEL * 4 * breadth + 4 * inPanel;
      packColumns(line, 4 * breadth, width, steps, to + (at - step) * PANEL_BYTES);
      at += steps;
    }
  }
  return to;
}

/** Copies `count` 32-bit numbers, few enough that memory.copy would have too much overhead. */
export function copyNumbers(to: usize, from: usize, count: usize): void {
  const end = to + 4 * count;
  for (; to + 16 <= end; to += 16, from += 16) v128.store(to, v128.load(from));
  for (; to < end; to += 4, from += 4) store<f32>(to, load<f32>(from));
}

/** Packs `depth` steps of b, bRow bytes apart, of `width` columns that lie side by side. */
function packSteps(b: usize, bRow: usize, width: usize, depth: usize, to: usize): void {
  const end = to + depth * PANEL_BYTES;
  if (width < PANEL) {
    for (; to < end; to += PANEL_BYTES, b += bRow) copyNumbers(to, b, width);
    return;
  }
  for (; to < end; to += PANEL_BYTES, b += bRow) {
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
    const b4 = v128.load(b, 64), b5 = v128.load(b, 80), b6 = v128.load(b, 96);
    const b7 = v128.load(b, 112);
    v128.store(to, b0);
    v128.store(to, b1, 16);
    v128.store(to, b2, 32);
    v128.store(to, b3, 48);
    v128.store(to, b4, 64);
    v128.store(to, b5, 80);
    v128.store(to, b6, 96);
    v128.store(to, b7, 112);
  }
}

/** Packs `width` columns of b, bColumn bytes apart, of `depth` steps that lie side by side. */
function packColumns(b: usize, bColumn: usize, width: usize, depth: usize, to: usize): void {
  for (let column: usize = 0; column < width; column += 4) {
    const columns = min<usize>(4, width - column);
    packLines(b + column * bColumn, bColumn, 4, columns, depth, to + 4 * column, PANEL_BYTES);
  }
}

/**
 * Packs 1 to 4 lines, which are `line` bytes apart, and whose elements are `step` bytes apart, to `to`: for
 * each element index, the elements of the lines side by side, `stride` bytes after those of the index before.
 * Missing lines are zeros.
 */
function packLines(
  x: usize,
  line: usize,
  step: usize,
  lines: usize,
  depth: usize,
  to: usize,
  stride: usize,
): void {
  let at: usize = 0;
  if (lines == 4 && line == 4) {
    for (; at < depth; at++, to += stride) v128.store(to, v128.load(x + at * step));
  } else if (lines == 4 && step == 4) {
    const x1 = x + line;
    const x2 = x1 + line;
    const x3 = x2 + line;
    for (; at + 4 <= depth; at += 4, to += 4 * stride) {
      pack4x4(x + 4 * at, x1 + 4 * at, x2 + 4 * at, x3 + 4 * at, to, stride);
    }
  }
  for (; at < depth; at++, to += stride) {
    v128.store(to, f32x4.splat(0));
    for (let row: usize = 0; row < lines; row++) {
      store<f32>(to + 4 * row, load<f32>(x + row * line + at * step));
    }
  }
}

/** Transposes 4 lines of 4 elements, at x0 to x3, to 4 lines that are `stride` bytes apart. */
function pack4x4(x0: usize, x1: usize, x2: usize, x3: usize, to: usize, stride: usize): void {
  const a = v128.load(x0);
  const b = v128.load(x1);
  const c = v128.load(x2);
  const d = v128.load(x3);
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(abLow, cdLow, 0, 2));
  v128.store(to + stride, v128.shuffle<f64>(abLow, cdLow, 1, 3));
  v128.store(to + 2 * stride, v128.shuffle<f64>(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * stride, v128.shuffle<f64>(abHigh, cdHigh, 1, 3));
}
