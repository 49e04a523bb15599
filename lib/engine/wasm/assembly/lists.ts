// A list holds the non-zero elements of a row (or of a column): entries of an index and a value, 8 bytes each.

/**
 * Number of bytes from one list to the next in a packed block of a product: an entry for each of its 192
 * steps, and one more cache line, so that lists spread over the sets of a cache.
 */
export const SLOT: usize = 192 * 8 + 64;

/**
 * Appends those of 4 numbers that are not zero to the list that ends at the address `end`. Their indices are
 * `index` to index + 3. Returns the address of the new end. Up to 32 bytes from `end` on are overwritten.
 */
export function append(end: usize, values: v128, index: usize): usize {
  const kept = i32x4.bitmask(f32x4.ne(values, f32x4.splat(0)));
  const indices = i32x4.add(i32x4.splat(<i32> index), i32x4(0, 1, 2, 3));
  const low = v128.shuffle<i32>(indices, values, 0, 4, 1, 5);
  const high = v128.shuffle<i32>(indices, values, 2, 6, 3, 7);
  // All are stored, each over the one before if that was zero
  v128.store_lane<u64>(end, low, 0);
  v128.store_lane<u64>(end + 8 * <usize> (kept & 1), low, 1);
  v128.store_lane<u64>(end + 8 * <usize> popcnt(kept & 3), high, 0);
  v128.store_lane<u64>(end + 8 * <usize> popcnt(kept & 7), high, 1);
  return end + 8 * <usize> popcnt(kept);
}

/**
 * Computes out [32] = start [32] + the sum of value · row of b [32] over the entries of a list, in the list's
 * order. The first entry is at the address `entry`, and the list ends at `end`; the index of an entry is the
 * row of b, and rows are `bRow` bytes apart. All 32 sums stay in registers, so that the loop reads only the
 * list and b. Sums begin with values from memory, also where these are zeros, so that one loop serves first
 * and later blocks.
 */
export function listProduct(
  entry: usize,
  end: usize,
  b: usize,
  bRow: usize,
  start: usize,
  out: usize,
): void {
  let s0 = v128.load(start);
  let s1 = v128.load(start, 16);
  let s2 = v128.load(start, 32);
  let s3 = v128.load(start, 48);
  let s4 = v128.load(start, 64);
  let s5 = v128.load(start, 80);
  let s6 = v128.load(start, 96);
  let s7 = v128.load(start, 112);
  for (const last = entry + ((end - entry) & ~15); entry < last; entry += 16) {
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
    const next = b + <usize> load<u32>(entry, 8) * bRow;
    const y = v128.load_splat<f32>(entry, 12);
    s0 = f32x4.add(s0, f32x4.mul(y, v128.load(next)));
    s1 = f32x4.add(s1, f32x4.mul(y, v128.load(next, 16)));
    s2 = f32x4.add(s2, f32x4.mul(y, v128.load(next, 32)));
    s3 = f32x4.add(s3, f32x4.mul(y, v128.load(next, 48)));
    s4 = f32x4.add(s4, f32x4.mul(y, v128.load(next, 64)));
    s5 = f32x4.add(s5, f32x4.mul(y, v128.load(next, 80)));
    s6 = f32x4.add(s6, f32x4.mul(y, v128.load(next, 96)));
    s7 = f32x4.add(s7, f32x4.mul(y, v128.load(next, 112)));
  }
  if (entry < end) {
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

/**
 * Computes what {@linkcode listProduct} computes for 64 columns of b, with the result in two panels, out [32]
 * and next [32]; both begin with start [32]. Where lists are short, one pass over each list costs less than
 * two.
 */
export function listProductWide(
  entry: usize,
  end: usize,
  b: usize,
  bRow: usize,
  start: usize,
  out: usize,
  next: usize,
): void {
  let s0 = v128.load(start, 0);
  let s1 = v128.load(start, 16);
  let s2 = v128.load(start, 32);
  let s3 = v128.load(start, 48);
  let s4 = v128.load(start, 64);
  let s5 = v128.load(start, 80);
  let s6 = v128.load(start, 96);
  let s7 = v128.load(start, 112);
  let s8 = v128.load(start, 0);
  let s9 = v128.load(start, 16);
  let s10 = v128.load(start, 32);
  let s11 = v128.load(start, 48);
  let s12 = v128.load(start, 64);
  let s13 = v128.load(start, 80);
  let s14 = v128.load(start, 96);
  let s15 = v128.load(start, 112);
  for (; entry < end; entry += 8) {
    const row = b + <usize> load<u32>(entry) * bRow;
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
  }
  v128.store(out, s0, 0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(out, s4, 64);
  v128.store(out, s5, 80);
  v128.store(out, s6, 96);
  v128.store(out, s7, 112);
  v128.store(next, s8, 0);
  v128.store(next, s9, 16);
  v128.store(next, s10, 32);
  v128.store(next, s11, 48);
  v128.store(next, s12, 64);
  v128.store(next, s13, 80);
  v128.store(next, s14, 96);
  v128.store(next, s15, 112);
}
