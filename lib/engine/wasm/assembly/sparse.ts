// A compressed matrix is a list of entries for each of its rows (or columns): where each list starts,
// as numbers of entries, one more than there are lists; then, from the next multiple of 64 bytes on,
// the entries: an index and a value, 8 bytes.

function entriesOf(compressed: usize, lists: usize): usize {
  return compressed + ((4 * (lists + 1) + 63) & ~63);
}

/**
 * out [lists, width] = compressed [lists, k] · b [k, width]: each number is one sum over its list, in
 * the list's order; what is not in the list is zero and left out. Eight sums at a time, a panel of 32
 * columns, stay in registers, so that b is all that is read from memory.
 */
export function sparseProduct(
  compressed: usize,
  b: usize,
  bRow: usize,
  out: usize,
  outRow: usize,
  from: usize,
  to: usize,
  lists: usize,
  width: usize,
): void {
  const entries = entriesOf(compressed, lists);
  for (let list = from; list < to; list++) {
    const first = entries + 8 * <usize> load<u32>(compressed + 4 * list);
    const end = entries + 8 * <usize> load<u32>(compressed + 4 * list, 4);
    const row = out + list * outRow;
    if (width == 32) {
      product32(first, end, b, bRow, row);
      continue;
    }
    let column: usize = 0;
    for (; column + 4 <= width; column += 4) {
      product4(first, end, b + 4 * column, bRow, row + 4 * column);
    }
    for (; column < width; column++) {
      product1(first, end, b + 4 * column, bRow, row + 4 * column);
    }
  }
}

function product32(entry: usize, end: usize, b: usize, bRow: usize, out: usize): void {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  let s4 = f32x4.splat(0), s5 = f32x4.splat(0), s6 = f32x4.splat(0), s7 = f32x4.splat(0);
  for (; entry < end; entry += 8) {
    const row = b + <usize> load<u32>(entry) * bRow;
    const x = v128.load_splat<f32>(entry, 4);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(row)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(row, 16)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(row, 32)));
    s3 = f32x4.add(s3, f32x4.mul(x, v128.load(row, 48)));
    s4 = f32x4.add(s4, f32x4.mul(x, v128.load(row, 64)));
    s5 = f32x4.add(s5, f32x4.mul(x, v128.load(row, 80)));
    s6 = f32x4.add(s6, f32x4.mul(x, v128.load(row, 96)));
    s7 = f32x4.add(s7, f32x4.mul(x, v128.load(row, 112)));
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(out, s4, 64);
  v128.store(out, s5, 80);
  v128.store(out, s6, 96);
  v128.store(out, s7, 112);
}

function product4(entry: usize, end: usize, b: usize, bRow: usize, out: usize): void {
  let sum = f32x4.splat(0);
  for (; entry < end; entry += 8) {
    const row = b + <usize> load<u32>(entry) * bRow;
    sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(entry, 4), v128.load(row)));
  }
  v128.store(out, sum);
}

function product1(entry: usize, end: usize, b: usize, bRow: usize, out: usize): void {
  let sum: f32 = 0;
  for (; entry < end; entry += 8) {
    sum += load<f32>(entry, 4) * load<f32>(b + <usize> load<u32>(entry) * bRow);
  }
  store<f32>(out, sum);
}

/**
 * The rows of a batch from a data set of 8-bit values: entries of a column and a value · the column's
 * scale, unless that is zero. The data set has the start of each row, and 16-bit columns and 8-bit
 * values that are not zero.
 */
export function compressRows(
  rows: usize,
  count: usize,
  starts: usize,
  columns: usize,
  values: usize,
  scale: usize,
  out: usize,
): void {
  const entries = entriesOf(out, count);
  let total: u32 = 0;
  for (let i: usize = 0; i < count; i++) {
    store<u32>(out + 4 * i, total);
    const row = <usize> load<u32>(rows + 4 * i);
    const end = load<u32>(starts + 4 * row, 4);
    for (let at = load<u32>(starts + 4 * row); at < end; at++) {
      const column = load<u16>(columns + 2 * <usize> at);
      const value = <f32> load<u8>(values + <usize> at) * load<f32>(scale + 4 * <usize> column);
      if (value == 0) continue; // the scale may be zero too, or the product too small
      store<u32>(entries + 8 * <usize> total, column);
      store<f32>(entries + 8 * <usize> total, value, 4);
      total++;
    }
  }
  store<u32>(out + 4 * count, total);
}

/**
 * The columns of a batch compressed by rows: entries of a row and a value, rows rising. Columns are
 * counted, the counts summed to where each column ends, and the entries placed from the last to the
 * first, which leaves each sum where its column starts.
 */
export function compressColumns(from: usize, rows: usize, columns: usize, out: usize): void {
  const given = entriesOf(from, rows);
  const placed = entriesOf(out, columns);
  const total = <usize> load<u32>(from + 4 * rows);
  memory.fill(out, 0, 4 * (columns + 1));
  for (let entry = given; entry < given + 8 * total; entry += 8) {
    const place = out + 4 * <usize> load<u32>(entry);
    store<u32>(place, load<u32>(place) + 1);
  }
  let sum: u32 = 0;
  for (let column: usize = 0; column <= columns; column++) {
    sum += load<u32>(out + 4 * column);
    store<u32>(out + 4 * column, sum);
  }
  for (let row = rows; row > 0; row--) {
    const first = given + 8 * <usize> load<u32>(from + 4 * (row - 1));
    for (let entry = given + 8 * <usize> load<u32>(from + 4 * row); entry > first;) {
      entry -= 8;
      const end = out + 4 * <usize> load<u32>(entry);
      const place = load<u32>(end) - 1;
      store<u32>(end, place);
      store<u32>(placed + 8 * <usize> place, <u32> (row - 1));
      store<f32>(placed + 8 * <usize> place, load<f32>(entry, 4), 4);
    }
  }
}

/** A batch compressed by rows as a dense matrix [rows, columns]. */
export function expandRows(
  from: usize,
  first: usize,
  rows: usize,
  columns: usize,
  out: usize,
): void {
  memory.fill(out, 0, 4 * rows * columns);
  for (let row: usize = 0; row < rows; row++) {
    const end = from + first + 8 * <usize> load<u32>(from + 4 * row, 4);
    for (
      let entry = from + first + 8 * <usize> load<u32>(from + 4 * row);
      entry < end;
      entry += 8
    ) {
      store<f32>(out + 4 * (row * columns + <usize> load<u32>(entry)), load<f32>(entry, 4));
    }
  }
}
