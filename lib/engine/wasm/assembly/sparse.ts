// A compressed matrix has a list for each of its rows (or columns): the number of entries, in the array at
// `counts`, and the entries, an index and a value of 8 bytes together. Lists begin at `entries` and are `slot`
// bytes apart, enough for all elements.

import { append, listProduct, listProductWide } from "./lists";
import { PANEL, PANEL_BYTES } from "./pack";

/**
 * Computes out [m, n] = compressed [m, k] · b [k, n]. Each element is one sum over its row's list, in the
 * list's order, beginning with zeros, for which `zeros` is work space of 128 bytes. Either b or out may lie
 * in panels. A call computes rows or rows of panels, as in `matmul`.
 */
export function sparseProduct(
  counts: usize,
  entries: usize,
  slot: usize,
  b: usize,
  out: usize,
  m: usize,
  n: usize,
  k: usize,
  bInPanels: bool,
  outInPanels: bool,
  byRows: bool,
  zeros: usize,
  from: usize,
  to: usize,
): void {
  memory.fill(zeros, 0, PANEL_BYTES);
  const firstPanel: usize = byRows ? 0 : from / m;
  const lastPanel = byRows ? (n - 1) / PANEL : (to - 1) / m;
  for (let panel = firstPanel; panel <= lastPanel; panel++) {
    const width = min<usize>(PANEL, n - panel * PANEL);
    const right = b + panel * (bInPanels ? PANEL_BYTES * k : PANEL_BYTES);
    const bRow = 4 * (bInPanels ? width : n);
    const target = out + panel * (outInPanels ? PANEL_BYTES * m : PANEL_BYTES);
    const outRow = 4 * (outInPanels ? width : n);
    const begin: usize = byRows ? from : panel == firstPanel ? from - panel * m : 0;
    const end = byRows ? to : panel == lastPanel ? to - panel * m : m;
    // In a gradient, whose right factor is row-major, two panels are computed together if both are whole
    const isPair = outInPanels && !bInPanels && begin == 0 && (panel + 2) * m <= to &&
      (panel + 2) * PANEL <= n;
    for (let list = begin; list < end; list++) {
      const first = entries + list * slot;
      const last = first + 8 * <usize> load<u32>(counts + 4 * list);
      const row = target + list * outRow;
      if (isPair) listProductWide(first, last, right, bRow, zeros, row, row + PANEL_BYTES * m);
      else if (width == PANEL) listProduct(first, last, right, bRow, zeros, row);
      else narrowProduct(first, last, right, bRow, row, width);
    }
    if (isPair) panel++;
  }
}

/**
 * Computes one row, out [width], of the result in a panel of less than 32 columns, from the list at the
 * addresses `first` to `last`.
 */
function narrowProduct(
  first: usize,
  last: usize,
  b: usize,
  bRow: usize,
  out: usize,
  width: usize,
): void {
  let column: usize = 0;
  for (; column + 4 <= width; column += 4) {
    let sum = f32x4.splat(0);
    for (let entry = first; entry < last; entry += 8) {
      const row = b + 4 * column + <usize> load<u32>(entry) * bRow;
      sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(entry, 4), v128.load(row)));
    }
    v128.store(out + 4 * column, sum);
  }
  for (; column < width; column++) {
    let sum: f32 = 0;
    for (let entry = first; entry < last; entry += 8) {
      sum += load<f32>(entry, 4) * load<f32>(b + 4 * column + <usize> load<u32>(entry) * bRow);
    }
    store<f32>(out + 4 * column, sum);
  }
}

/**
 * Compresses rows `from` to `to` of a batch of 8-bit values [rows, features] to a list for each row. An entry
 * is the index of a column and value · scale of the column, unless this product is zero. 16 values are tested
 * together; most are zero.
 */
export function compressRows(
  values: usize,
  scale: usize,
  features: usize,
  from: usize,
  to: usize,
  counts: usize,
  entries: usize,
  slot: usize,
): void {
  const whole = features & ~15;
  for (let row = from; row < to; row++) {
    const bytes = values + row * features;
    const list = entries + row * slot;
    let end = list;
    for (let column: usize = 0; column < whole; column += 16) {
      const some = v128.load(bytes + column);
      if (!v128.any_true(some)) continue;
      const low = i16x8.extend_low_i8x16_u(some);
      const high = i16x8.extend_high_i8x16_u(some);
      const at = scale + 4 * column;
      end = append(end, scaled(i32x4.extend_low_i16x8_u(low), at), column);
      end = append(end, scaled(i32x4.extend_high_i16x8_u(low), at + 16), column + 4);
      end = append(end, scaled(i32x4.extend_low_i16x8_u(high), at + 32), column + 8);
      end = append(end, scaled(i32x4.extend_high_i16x8_u(high), at + 48), column + 12);
    }
    for (let column = whole; column < features; column++) {
      const value = <f32> load<u8>(bytes + column) * load<f32>(scale + 4 * column);
      store<u32>(end, <u32> column);
      store<f32>(end, value, 4);
      end += value != 0 ? 8 : 0; // the scale may be zero too, or the product too small
    }
    store<u32>(counts + 4 * row, <u32> ((end - list) >> 3));
  }
}

/** Computes the products of 4 integers and the 4 scales of their columns, at the address `scale`. */
function scaled(values: v128, scale: usize): v128 {
  return f32x4.mul(f32x4.convert_i32x4_u(values), v128.load(scale));
}

/**
 * Converts columns `from` to `to` of a batch compressed by rows to a list for each column. An entry is the
 * index of a row, in rising order, and a value. A row's entries are in the order of columns, so those of the
 * range are consecutive.
 */
export function compressColumns(
  rowCounts: usize,
  rowEntries: usize,
  rowSlot: usize,
  rows: usize,
  from: usize,
  to: usize,
  counts: usize,
  entries: usize,
  slot: usize,
): void {
  memory.fill(counts + 4 * from, 0, 4 * (to - from));
  for (let row: usize = 0; row < rows; row++) {
    const list = rowEntries + row * rowSlot;
    const end = list + 8 * <usize> load<u32>(rowCounts + 4 * row);
    for (let entry = findFirstEntry(list, end, <u32> from); entry < end; entry += 8) {
      const column = <usize> load<u32>(entry);
      if (column >= to) break;
      const count = load<u32>(counts + 4 * column);
      const place = entries + column * slot + 8 * <usize> count;
      store<u32>(place, <u32> row);
      store<f32>(place, load<f32>(entry, 4), 4);
      store<u32>(counts + 4 * column, count + 1);
    }
  }
}

/**
 * Returns the address of the first entry whose index is at least `least`, by binary search; `end` if there is
 * none. The list begins at the address `list` and ends at `end`; its entries are sorted by index.
 */
function findFirstEntry(list: usize, end: usize, least: u32): usize {
  let low: usize = 0;
  let high = (end - list) >> 3;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(list + 8 * middle) < least) low = middle + 1;
    else high = middle;
  }
  return list + 8 * low;
}

/**
 * Expands rows `from` to `to` of a batch compressed by rows to rows of the dense matrix out [rows, columns].
 */
export function expandRows(
  counts: usize,
  entries: usize,
  slot: usize,
  from: usize,
  to: usize,
  columns: usize,
  out: usize,
): void {
  for (let row = from; row < to; row++) {
    const line = out + 4 * row * columns;
    memory.fill(line, 0, 4 * columns);
    const end = entries + row * slot + 8 * <usize> load<u32>(counts + 4 * row);
    for (let entry = entries + row * slot; entry < end; entry += 8) {
      store<f32>(line + 4 * <usize> load<u32>(entry), load<f32>(entry, 4));
    }
  }
}
