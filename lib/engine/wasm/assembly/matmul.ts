/**
 * out [m, n] = a [m, k] · b [k, n]. The numbers of a lie aRow bytes apart from row to row and aStep
 * along k, so that a transposed matrix is read where it stands; b and out are row-major.
 *
 * Each number is one sum over k in rising order, a product and then an addition: the order never
 * depends on the tile or on who computes it. Tiles are 4 rows × 8 columns: 8 sums, 2 vectors of b and
 * a broadcast number of a stay within the 16 registers.
 */
export function matmul(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  out: usize,
  outRow: usize,
  from: usize,
  to: usize,
  n: usize,
  k: usize,
): void {
  let row = from;
  for (; row + 4 <= to; row += 4) {
    const rowOfA = a + row * aRow;
    const rowOfOut = out + row * outRow;
    let column: usize = 0;
    for (; column + 8 <= n; column += 8) {
      tile4x8(rowOfA, aRow, aStep, b + column * 4, bRow, rowOfOut + column * 4, outRow, k);
    }
    for (; column < n; column++) {
      tile4x1(rowOfA, aRow, aStep, b + column * 4, bRow, rowOfOut + column * 4, outRow, k);
    }
  }
  for (; row < to; row++) {
    const rowOfA = a + row * aRow;
    const rowOfOut = out + row * outRow;
    let column: usize = 0;
    for (; column + 8 <= n; column += 8) {
      tile1x8(rowOfA, aStep, b + column * 4, bRow, rowOfOut + column * 4, k);
    }
    for (; column < n; column++) {
      tile1x1(rowOfA, aStep, b + column * 4, bRow, rowOfOut + column * 4, k);
    }
  }
}

function tile4x8(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  out: usize,
  outRow: usize,
  k: usize,
): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  for (let step: usize = 0; step < k; step++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a1);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a2);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load_splat<f32>(a3);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a += aStep;
    a1 += aStep;
    a2 += aStep;
    a3 += aStep;
    b += bRow;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  out += outRow;
  v128.store(out, s10);
  v128.store(out, s11, 16);
  out += outRow;
  v128.store(out, s20);
  v128.store(out, s21, 16);
  out += outRow;
  v128.store(out, s30);
  v128.store(out, s31, 16);
}

function tile4x1(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  out: usize,
  outRow: usize,
  k: usize,
): void {
  let s0: f32 = 0, s1: f32 = 0, s2: f32 = 0, s3: f32 = 0;
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  for (let step: usize = 0; step < k; step++) {
    const y = load<f32>(b);
    s0 += load<f32>(a) * y;
    s1 += load<f32>(a1) * y;
    s2 += load<f32>(a2) * y;
    s3 += load<f32>(a3) * y;
    a += aStep;
    a1 += aStep;
    a2 += aStep;
    a3 += aStep;
    b += bRow;
  }
  store<f32>(out, s0);
  store<f32>(out + outRow, s1);
  store<f32>(out + 2 * outRow, s2);
  store<f32>(out + 3 * outRow, s3);
}

function tile1x8(a: usize, aStep: usize, b: usize, bRow: usize, out: usize, k: usize): void {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
  for (let step: usize = 0; step < k; step++) {
    const x = v128.load_splat<f32>(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    a += aStep;
    b += bRow;
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
}

function tile1x1(a: usize, aStep: usize, b: usize, bRow: usize, out: usize, k: usize): void {
  let sum: f32 = 0;
  for (let step: usize = 0; step < k; step++) {
    sum += load<f32>(a) * load<f32>(b);
    a += aStep;
    b += bRow;
  }
  store<f32>(out, sum);
}
