/** Copies so many bytes. */
export function copyBytes(from: usize, to: usize, bytes: usize): void {
  memory.copy(to, from, bytes);
}

/** Copies rows of so many bytes, which lie fromRow bytes apart, to where they lie toRow bytes apart. */
export function copyRows(
  from: usize,
  fromRow: usize,
  to: usize,
  toRow: usize,
  rows: usize,
  bytes: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    memory.copy(to + row * toRow, from + row * fromRow, bytes);
  }
}

/** out [n, m] = x [m, n] transposed. */
export function transpose(x: usize, m: usize, n: usize, out: usize): void {
  for (let column: usize = 0; column < n; column++) {
    for (let row: usize = 0; row < m; row++) {
      store<f32>(out + 4 * (column * m + row), load<f32>(x + 4 * (row * n + column)));
    }
  }
}

/** out [count, features] = rows of 8-bit values, each value · its column's scale. */
export function takeDense8(
  rows: usize,
  count: usize,
  features: usize,
  values: usize,
  scale: usize,
  out: usize,
): void {
  for (let i: usize = 0; i < count; i++) {
    const row = values + <usize> load<u32>(rows + 4 * i) * features;
    for (let column: usize = 0; column < features; column++) {
      store<f32>(out, <f32> load<u8>(row + column) * load<f32>(scale + 4 * column));
      out += 4;
    }
  }
}

/** out [count, features] = rows of 32-bit numbers, each number · its column's scale. */
export function takeDense32(
  rows: usize,
  count: usize,
  features: usize,
  values: usize,
  scale: usize,
  out: usize,
): void {
  for (let i: usize = 0; i < count; i++) {
    const row = values + 4 * <usize> load<u32>(rows + 4 * i) * features;
    for (let column: usize = 0; column < features; column++) {
      store<f32>(out, load<f32>(row + 4 * column) * load<f32>(scale + 4 * column));
      out += 4;
    }
  }
}

/** Writes a number to the flag if x [n] has a number that is not finite and the flag is still 0. */
export function checkFinite(x: usize, n: usize, flag: usize, number: u32): void {
  if (load<u32>(flag) != 0) return;
  for (let i: usize = 0; i < n; i++) {
    const value = load<f32>(x + 4 * i);
    if (value - value != 0) {
      store<u32>(flag, number);
      return;
    }
  }
}
