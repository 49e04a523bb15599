/** Copies a number of bytes from one address to another. */
export function copyBytes(from: usize, to: usize, bytes: usize): void {
  memory.copy(to, from, bytes);
}

/**
 * Copies rows of `bytes` bytes each, which are fromRow bytes apart in the source, and toRow bytes in the
 * target.
 */
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

/** Transposes x [m, n] to out [n, m]. */
export function transpose(x: usize, m: usize, n: usize, out: usize): void {
  for (let column: usize = 0; column < n; column++) {
    for (let row: usize = 0; row < m; row++) {
      store<f32>(out + 4 * (column * m + row), load<f32>(x + 4 * (row * n + column)));
    }
  }
}

/** Computes rows `from` to `to` of out [rows, features]: 8-bit values [rows, features] · scale [features]. */
export function decode8(
  values: usize,
  scale: usize,
  features: usize,
  from: usize,
  to: usize,
  out: usize,
): void {
  for (let row = from; row < to; row++) {
    const bytes = values + row * features;
    const line = out + 4 * row * features;
    let column: usize = 0;
    for (; column + 4 <= features; column += 4) {
      const wide = i32x4.extend_low_i16x8_u(
        i16x8.extend_low_i8x16_u(v128.load32_zero(bytes + column)),
      );
      const value = f32x4.mul(f32x4.convert_i32x4_s(wide), v128.load(scale + 4 * column));
      v128.store(line + 4 * column, value);
    }
    for (; column < features; column++) {
      const value = <f32> load<u8>(bytes + column) * load<f32>(scale + 4 * column);
      store<f32>(line + 4 * column, value);
    }
  }
}

/**
 * Computes rows `from` to `to` of out [rows, features]: 32-bit values [rows, features] · scale [features].
 */
export function decode32(
  values: usize,
  scale: usize,
  features: usize,
  from: usize,
  to: usize,
  out: usize,
): void {
  for (let row = from; row < to; row++) {
    const line = 4 * row * features;
    let column: usize = 0;
    for (; column + 4 <= features; column += 4) {
      const at = line + 4 * column;
      const value = f32x4.mul(v128.load(values + at), v128.load(scale + 4 * column));
      v128.store(out + at, value);
    }
    for (; column < features; column++) {
      const at = line + 4 * column;
      store<f32>(out + at, load<f32>(values + at) * load<f32>(scale + 4 * column));
    }
  }
}

/**
 * Writes `number` to the address `flag` if x [n] has an element that is not finite and the value there is
 * still 0.
 */
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
