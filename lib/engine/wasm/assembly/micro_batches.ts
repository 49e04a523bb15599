// Products and sums whose terms are divided into micro-batches: parts of consecutive terms, of which the first
// k mod parts have ⌊k / parts⌋ + 1 terms, the others ⌊k / parts⌋; empty parts are left out. The terms of each
// part are added in rising order, and these sums by a tree, see lib/tensor/micro_batches.ts.
//
// Sums wait on a stack in work space, as the bits of a binary counter: after part p, as many sums of two equal
// subtrees are merged as p has ones at its end. At the end, those that are left are added from the top.

import { SLOT } from "./lists";
import {
  BLOCK_BYTES,
  copyNumbers,
  LISTS_BYTES,
  packBlock,
  packLists,
  PANEL,
  PANEL_BYTES,
  ROWS,
} from "./pack";

/** Flags of `form`; the numbers are those of FORM in form.ts. */
const OUT_IN_PANELS: u32 = 8;
const ZEROS_LEFT_OUT: u32 = 16;
const SHARED_BY_ROWS: u32 = 32;

/**
 * Number of bytes of a stack: of 256 micro-batches at most 8 sums wait, and one is added; each has up to 64
 * numbers.
 */
export const STACK_BYTES: usize = 9 * 256;

/**
 * Computes for each part the sum of value · row of b [32] over its entries in a list, and merges these sums
 * on the stack. Returns the address after the top of the stack. The list is at the addresses `entry` to
 * `end`; the index of an entry is its term, from 0 to k − 1, and the row of b. Rows of b are `bRow` bytes
 * apart.
 */
function partSumsOfList(
  entry: usize,
  end: usize,
  b: usize,
  bRow: usize,
  k: usize,
  parts: usize,
  stack: usize,
): usize {
  const least = k / parts;
  const larger = k % parts;
  const used = min<usize>(parts, k);
  let top = stack;
  let limit: usize = 0;
  for (let part: usize = 0; part < used; part++) {
    limit += least + usize(part < larger);
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    let s4 = f32x4.splat(0);
    let s5 = f32x4.splat(0);
    let s6 = f32x4.splat(0);
    let s7 = f32x4.splat(0);
    while (entry < end) {
      const index = <usize> load<u32>(entry);
      if (index >= limit) break;
      const row = b + index * bRow;
      const x = v128.load_splat<f32>(entry, 4);
      s0 = f32x4.add(s0, f32x4.mul(x, v128.load(row, 0)));
      s1 = f32x4.add(s1, f32x4.mul(x, v128.load(row, 16)));
      s2 = f32x4.add(s2, f32x4.mul(x, v128.load(row, 32)));
      s3 = f32x4.add(s3, f32x4.mul(x, v128.load(row, 48)));
      s4 = f32x4.add(s4, f32x4.mul(x, v128.load(row, 64)));
      s5 = f32x4.add(s5, f32x4.mul(x, v128.load(row, 80)));
      s6 = f32x4.add(s6, f32x4.mul(x, v128.load(row, 96)));
      s7 = f32x4.add(s7, f32x4.mul(x, v128.load(row, 112)));
      entry += 8;
    }
    for (let pending = part; pending & 1; pending >>= 1) {
      top -= 128;
      s0 = f32x4.add(v128.load(top, 0), s0);
      s1 = f32x4.add(v128.load(top, 16), s1);
      s2 = f32x4.add(v128.load(top, 32), s2);
      s3 = f32x4.add(v128.load(top, 48), s3);
      s4 = f32x4.add(v128.load(top, 64), s4);
      s5 = f32x4.add(v128.load(top, 80), s5);
      s6 = f32x4.add(v128.load(top, 96), s6);
      s7 = f32x4.add(v128.load(top, 112), s7);
    }
    v128.store(top, s0, 0);
    v128.store(top, s1, 16);
    v128.store(top, s2, 32);
    v128.store(top, s3, 48);
    v128.store(top, s4, 64);
    v128.store(top, s5, 80);
    v128.store(top, s6, 96);
    v128.store(top, s7, 112);
    top += 128;
  }
  return top;
}

/**
 * Computes what {@linkcode partSumsOfList} computes, for 64 columns of b. Where lists are short, one pass
 * over each list costs less than two.
 */
function partSumsOfListWide(
  entry: usize,
  end: usize,
  b: usize,
  bRow: usize,
  k: usize,
  parts: usize,
  stack: usize,
): usize {
  const least = k / parts;
  const larger = k % parts;
  const used = min<usize>(parts, k);
  let top = stack;
  let limit: usize = 0;
  for (let part: usize = 0; part < used; part++) {
    limit += least + usize(part < larger);
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    let s4 = f32x4.splat(0);
    let s5 = f32x4.splat(0);
    let s6 = f32x4.splat(0);
    let s7 = f32x4.splat(0);
    let s8 = f32x4.splat(0);
    let s9 = f32x4.splat(0);
    let s10 = f32x4.splat(0);
    let s11 = f32x4.splat(0);
    let s12 = f32x4.splat(0);
    let s13 = f32x4.splat(0);
    let s14 = f32x4.splat(0);
    let s15 = f32x4.splat(0);
    while (entry < end) {
      const index = <usize> load<u32>(entry);
      if (index >= limit) break;
      const row = b + index * bRow;
      const x = v128.load_splat<f32>(entry, 4);
      s0 = f32x4.add(s0, f32x4.mul(x, v128.load(row, 0)));
      s1 = f32x4.add(s1, f32x4.mul(x, v128.load(row, 16)));
      s2 = f32x4.add(s2, f32x4.mul(x, v128.load(row, 32)));
      s3 = f32x4.add(s3, f32x4.mul(x, v128.load(row, 48)));
      s4 = f32x4.add(s4, f32x4.mul(x, v128.load(row, 64)));
      s5 = f32x4.add(s5, f32x4.mul(x, v128.load(row, 80)));
      s6 = f32x4.add(s6, f32x4.mul(x, v128.load(row, 96)));
      s7 = f32x4.add(s7, f32x4.mul(x, v128.load(row, 112)));
      s8 = f32x4.add(s8, f32x4.mul(x, v128.load(row, 128)));
      s9 = f32x4.add(s9, f32x4.mul(x, v128.load(row, 144)));
      s10 = f32x4.add(s10, f32x4.mul(x, v128.load(row, 160)));
      s11 = f32x4.add(s11, f32x4.mul(x, v128.load(row, 176)));
      s12 = f32x4.add(s12, f32x4.mul(x, v128.load(row, 192)));
      s13 = f32x4.add(s13, f32x4.mul(x, v128.load(row, 208)));
      s14 = f32x4.add(s14, f32x4.mul(x, v128.load(row, 224)));
      s15 = f32x4.add(s15, f32x4.mul(x, v128.load(row, 240)));
      entry += 8;
    }
    for (let pending = part; pending & 1; pending >>= 1) {
      top -= 256;
      s0 = f32x4.add(v128.load(top, 0), s0);
      s1 = f32x4.add(v128.load(top, 16), s1);
      s2 = f32x4.add(v128.load(top, 32), s2);
      s3 = f32x4.add(v128.load(top, 48), s3);
      s4 = f32x4.add(v128.load(top, 64), s4);
      s5 = f32x4.add(v128.load(top, 80), s5);
      s6 = f32x4.add(v128.load(top, 96), s6);
      s7 = f32x4.add(v128.load(top, 112), s7);
      s8 = f32x4.add(v128.load(top, 128), s8);
      s9 = f32x4.add(v128.load(top, 144), s9);
      s10 = f32x4.add(v128.load(top, 160), s10);
      s11 = f32x4.add(v128.load(top, 176), s11);
      s12 = f32x4.add(v128.load(top, 192), s12);
      s13 = f32x4.add(v128.load(top, 208), s13);
      s14 = f32x4.add(v128.load(top, 224), s14);
      s15 = f32x4.add(v128.load(top, 240), s15);
    }
    v128.store(top, s0, 0);
    v128.store(top, s1, 16);
    v128.store(top, s2, 32);
    v128.store(top, s3, 48);
    v128.store(top, s4, 64);
    v128.store(top, s5, 80);
    v128.store(top, s6, 96);
    v128.store(top, s7, 112);
    v128.store(top, s8, 128);
    v128.store(top, s9, 144);
    v128.store(top, s10, 160);
    v128.store(top, s11, 176);
    v128.store(top, s12, 192);
    v128.store(top, s13, 208);
    v128.store(top, s14, 224);
    v128.store(top, s15, 240);
    top += 256;
  }
  return top;
}

/**
 * Adds the remaining sums on a stack, of `bytes` bytes each, and stores 32 numbers of the result to out:
 * those from byte `offset` on. `stack` and `top` are the addresses of the first sum and after the last.
 */
function addStack(stack: usize, top: usize, bytes: usize, offset: usize, out: usize): void {
  for (let at = offset; at < offset + PANEL_BYTES; at += 16, out += 16) {
    let sum = v128.load(top - bytes + at);
    for (let next = top - 2 * bytes; next + bytes > stack; next -= bytes) {
      sum = f32x4.add(v128.load(next + at), sum);
    }
    v128.store(out, sum);
  }
}

/**
 * Computes out [m, n] = aᵀ · b by micro-batches (`parts`), with a [k, m] and b [k, n] row-major and k at most
 * 192. Zeros of a are skipped if `form` has the flag ZEROS_LEFT_OUT. A call computes rows or rows of panels,
 * as `matmul` does.
 */
export function matmulInParts(
  a: usize,
  b: usize,
  out: usize,
  m: usize,
  n: usize,
  k: usize,
  form: u32,
  parts: usize,
  work: usize,
  from: usize,
  to: usize,
): void {
  const byRows = (form & SHARED_BY_ROWS) != 0;
  const firstPanel: usize = byRows ? 0 : from / m;
  const lastPanel = byRows ? (n - 1) / PANEL : (to - 1) / m;
  const top = byRows ? from : from - firstPanel * m;
  const bottom = byRows ? to : to - lastPanel * m;
  const isBand = byRows || firstPanel == lastPanel;
  const low: usize = isBand ? top : 0;
  const high = isBand ? bottom : m;
  const aside = work + LISTS_BYTES + BLOCK_BYTES;
  const stack = aside + PANEL_BYTES;
  for (let row = low; row < high; row += ROWS) {
    const rows = min<usize>(ROWS, high - row);
    if (form & ZEROS_LEFT_OUT) packLists(a + 4 * row, 4, 4 * m, rows, k, work);
    else packAll(a + 4 * row, 4 * m, rows, k, work);
    for (let panel = firstPanel; panel <= lastPanel; panel++) {
      const begin = panel == firstPanel ? max<usize>(row, top) : row;
      const end = panel == lastPanel ? min<usize>(row + rows, bottom) : row + rows;
      if (begin >= end) continue;
      const width = min<usize>(PANEL, n - panel * PANEL);
      const block = packBlock(b, n, k, 0, panel, 0, k, work + LISTS_BYTES);
      const outRow: usize = 4 * (form & OUT_IN_PANELS ? width : n);
      let target = out + panel * (form & OUT_IN_PANELS ? PANEL_BYTES * m : PANEL_BYTES) +
        begin * outRow;
      for (let at = begin; at < end; at++, target += outRow) {
        const list = work + 4 * ROWS + (at - row) * SLOT;
        const last = list + <usize> load<u32>(work + 4 * (at - row));
        const sums = partSumsOfList(list, last, block, PANEL_BYTES, k, parts, stack);
        const isWhole = width == PANEL;
        addStack(stack, sums, PANEL_BYTES, 0, isWhole ? target : aside);
        if (!isWhole) copyNumbers(target, aside, width);
      }
    }
  }
}

/**
 * Packs columns of a, `rows` rows of its transpose, into lists of all elements, zeros included, in the layout
 * of `packLists`.
 */
function packAll(a: usize, aStep: usize, rows: usize, depth: usize, to: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    let entry = to + 4 * ROWS + row * SLOT;
    for (let step: usize = 0; step < depth; step++, entry += 8) {
      store<u32>(entry, <u32> step);
      store<f32>(entry, load<f32>(a + 4 * row + step * aStep), 4);
    }
    store<u32>(to + 4 * row, <u32> (8 * depth));
  }
}

/**
 * Computes out [m, n] = compressed [m, k] · b [k, n] by micro-batches (`parts`), with b row-major. A call
 * computes rows or rows of panels, as `sparseProduct` does.
 */
export function sparseProductInParts(
  counts: usize,
  entries: usize,
  slot: usize,
  b: usize,
  out: usize,
  m: usize,
  n: usize,
  k: usize,
  outInPanels: bool,
  byRows: bool,
  parts: usize,
  stack: usize,
  from: usize,
  to: usize,
): void {
  const firstPanel: usize = byRows ? 0 : from / m;
  const lastPanel = byRows ? (n - 1) / PANEL : (to - 1) / m;
  const bRow = 4 * n;
  for (let panel = firstPanel; panel <= lastPanel; panel++) {
    const width = min<usize>(PANEL, n - panel * PANEL);
    const right = b + panel * PANEL_BYTES;
    const target = out + panel * (outInPanels ? PANEL_BYTES * m : PANEL_BYTES);
    const outRow = 4 * (outInPanels ? width : n);
    const begin: usize = byRows ? from : panel == firstPanel ? from - panel * m : 0;
    const end = byRows ? to : panel == lastPanel ? to - panel * m : m;
    const isPair = outInPanels && begin == 0 && (panel + 2) * m <= to && (panel + 2) * PANEL <= n;
    for (let list = begin; list < end; list++) {
      const first = entries + list * slot;
      const last = first + 8 * <usize> load<u32>(counts + 4 * list);
      const row = target + list * outRow;
      const next = row + PANEL_BYTES * m;
      if (first == last) {
        memory.fill(row, 0, 4 * width);
        if (isPair) memory.fill(next, 0, PANEL_BYTES);
      } else if (isPair) {
        const top = partSumsOfListWide(first, last, right, bRow, k, parts, stack);
        addStack(stack, top, 2 * PANEL_BYTES, 0, row);
        addStack(stack, top, 2 * PANEL_BYTES, PANEL_BYTES, next);
      } else if (width == PANEL) {
        const top = partSumsOfList(first, last, right, bRow, k, parts, stack);
        addStack(stack, top, PANEL_BYTES, 0, row);
      } else {
        for (let column: usize = 0; column < width; column++) {
          store<f32>(
            row + 4 * column,
            partSumsOfColumn(first, last, right + 4 * column, bRow, k, parts, stack),
          );
        }
      }
    }
    if (isPair) panel++;
  }
}

/**
 * Returns one number of a panel that is not full: the sum of value · element of a column of b over the
 * entries of a list, by micro-batches.
 */
function partSumsOfColumn(
  entry: usize,
  end: usize,
  b: usize,
  bRow: usize,
  k: usize,
  parts: usize,
  stack: usize,
): f32 {
  const used = min<usize>(parts, k);
  let top = stack;
  let limit: usize = 0;
  for (let part: usize = 0; part < used; part++) {
    limit += k / parts + usize(part < k % parts);
    let sum: f32 = 0;
    for (; entry < end && <usize> load<u32>(entry) < limit; entry += 8) {
      sum += load<f32>(entry, 4) * load<f32>(b + <usize> load<u32>(entry) * bRow);
    }
    for (let pending = part; pending & 1; pending >>= 1, top -= 4) sum = load<f32>(top - 4) + sum;
    store<f32>(top, sum);
    top += 4;
  }
  let sum = load<f32>(top - 4);
  for (let next = top - 8; next + 4 > stack; next -= 4) sum = load<f32>(next) + sum;
  return sum;
}

/** Computes out [n] = sum of the rows of x [m, n] by micro-batches (`parts`). Rows are xRow bytes apart. */
export function sumRowsInParts(
  x: usize,
  xRow: usize,
  m: usize,
  n: usize,
  parts: usize,
  stack: usize,
  out: usize,
): void {
  const used = min<usize>(parts, m);
  for (let column: usize = 0; column < n; column++) {
    let top = stack;
    let row: usize = 0;
    let limit: usize = 0;
    for (let part: usize = 0; part < used; part++) {
      limit += m / parts + usize(part < m % parts);
      let sum: f32 = 0;
      for (; row < limit; row++) sum += load<f32>(x + 4 * column + row * xRow);
      for (let pending = part; pending & 1; pending >>= 1, top -= 4) sum = load<f32>(top - 4) + sum;
      store<f32>(top, sum);
      top += 4;
    }
    let sum = load<f32>(top - 4);
    for (let next = top - 8; next + 4 > stack; next -= 4) sum = load<f32>(next) + sum;
    store<f32>(out + 4 * column, sum);
  }
}
