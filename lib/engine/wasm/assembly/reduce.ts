/** Computes out [n] = sum of the rows of x [m, n], which are xRow bytes apart, in rising order. */
export function sumRows(x: usize, xRow: usize, m: usize, n: usize, out: usize): void {
  let column: usize = 0;
  for (; column + 4 <= n; column += 4) {
    let sum = f32x4.splat(0);
    let at = x + 4 * column;
    for (let row: usize = 0; row < m; row++, at += xRow) sum = f32x4.add(sum, v128.load(at));
    v128.store(out + 4 * column, sum);
  }
  for (; column < n; column++) {
    let sum: f32 = 0;
    let at = x + 4 * column;
    for (let row: usize = 0; row < m; row++, at += xRow) sum += load<f32>(at);
    store<f32>(out + 4 * column, sum);
  }
}

/** Computes out [m] = sum of the columns of x [m, n], in rising order. */
export function sumColumns(x: usize, m: usize, n: usize, out: usize): void {
  for (let row: usize = 0; row < m; row++) {
    let sum: f32 = 0;
    for (let column: usize = 0; column < n; column++) sum += load<f32>(x + 4 * (row * n + column));
    store<f32>(out + 4 * row, sum);
  }
}

/** Computes out [m] = the largest element of each row of x [m, n]; NaN if the row has one. */
export function maxColumns(x: usize, m: usize, n: usize, out: usize): void {
  for (let row: usize = 0; row < m; row++) {
    let largest = load<f32>(x + 4 * row * n);
    for (let column: usize = 1; column < n; column++) {
      largest = max<f32>(largest, load<f32>(x + 4 * (row * n + column)));
    }
    store<f32>(out + 4 * row, largest);
  }
}

/**
 * Computes out [m] = the index of the column with the largest element of each row of x [m, n], the first of
 * equals.
 */
export function argmaxColumns(x: usize, m: usize, n: usize, out: usize): void {
  for (let row: usize = 0; row < m; row++) {
    let best: usize = 0;
    let largest = load<f32>(x + 4 * row * n);
    for (let column: usize = 1; column < n; column++) {
      const value = load<f32>(x + 4 * (row * n + column));
      if (value > largest) {
        largest = value;
        best = column;
      }
    }
    store<u32>(out + 4 * row, <u32> best);
  }
}

/** Computes out [m]: of each row of x [m, n], the element in the column whose index is in columns [m]. */
export function gatherColumns(x: usize, columns: usize, m: usize, n: usize, out: usize): void {
  for (let row: usize = 0; row < m; row++) {
    const column = <usize> load<u32>(columns + 4 * row);
    store<f32>(out + 4 * row, load<f32>(x + 4 * (row * n + column)));
  }
}

/**
 * Computes the blocks `from` to `to` of out [blocks]: the sums of a [n] · b [n] over blocks of 4,096
 * elements. A block has 16 interleaved sums, which are added in pairs; the remaining elements are added in
 * order.
 */
export function dotBlocks(a: usize, b: usize, n: usize, out: usize, from: usize, to: usize): void {
  for (let block = from; block < to; block++) {
    let at: usize = 4 * 4096 * block;
    const end = min<usize>(4 * n, at + 4 * 4096);
    const whole = end - ((end - at) & 63);
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    for (; at < whole; at += 64) {
      s0 = f32x4.add(s0, f32x4.mul(v128.load(a + at), v128.load(b + at)));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(a + at, 16), v128.load(b + at, 16)));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(a + at, 32), v128.load(b + at, 32)));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(a + at, 48), v128.load(b + at, 48)));
    }
    const four = f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3));
    const even = f32x4.extract_lane(four, 0) + f32x4.extract_lane(four, 2);
    const odd = f32x4.extract_lane(four, 1) + f32x4.extract_lane(four, 3);
    let sum: f32 = even + odd;
    for (; at < end; at += 4) sum += load<f32>(a + at) * load<f32>(b + at);
    store<f32>(out + 4 * block, sum);
  }
}

/** Computes out [] = sum of x [count], in rising order. */
export function sumVector(x: usize, count: usize, out: usize): void {
  let sum: f32 = 0;
  for (let i: usize = 0; i < count; i++) sum += load<f32>(x + 4 * i);
  store<f32>(out, sum);
}
