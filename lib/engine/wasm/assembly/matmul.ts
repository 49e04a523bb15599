// A product is cut into tiles of 4 rows × 12 columns, whose 12 sums stay in registers while k runs;
// with 3 vectors of b and a number of a in all lanes, that fills the 16 registers. Both factors are
// first packed, a block at a time, into the order in which tiles read them: a into strips of 4 rows,
// b into strips of 12 columns, padded with zeros at the edges. A strip of b and the running tile stay
// in the first-level cache, the block of a in the second.
//
// Each number is one sum over k in rising order, a product and then an addition: a block continues the
// sums that the block before it left in out. So the order never depends on tiles, blocks or on who
// computes it. The zeros of the padding change no sum: none of them is ever −0.

/** Steps of k to a block; even, since tiles take two at a time. */
const DEPTH: usize = 256;
/** Rows of a to a block. */
const ROWS: usize = 128;
/** Bytes of a strip's numbers for one step of k: of a (4 rows) and of b (12 columns). */
const A_STEP: usize = 16;
const B_STEP: usize = 48;

/**
 * out [m, n] = a [m, k] · b [k, n], rows from to to of it. The numbers of a lie aRow bytes apart from
 * row to row and aStep along k, those of b bRow along k and bStep from column to column, so that
 * transposed matrices are read where they stand; out is row-major. Needs ROWS · DEPTH · 4 + DEPTH · 48
 * + 192 bytes of work space.
 */
export function matmul(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  out: usize,
  outRow: usize,
  from: usize,
  to: usize,
  n: usize,
  k: usize,
  work: usize,
): void {
  const stripOfB = work + ROWS * DEPTH * 4;
  for (let step: usize = 0; step < k; step += DEPTH) {
    const depth = min<usize>(DEPTH, k - step);
    for (let row = from; row < to; row += ROWS) {
      const rows = min<usize>(ROWS, to - row);
      packRows(a + row * aRow + step * aStep, aRow, aStep, rows, depth, work);
      for (let column: usize = 0; column < n; column += 12) {
        const columns = min<usize>(12, n - column);
        packColumns(b + step * bRow + column * bStep, bRow, bStep, columns, depth, stripOfB);
        const target = out + row * outRow + column * 4;
        multiplyStrip(work, stripOfB, target, outRow, rows, columns, depth, step == 0);
      }
    }
  }
}

/** The tiles of a strip of b: whole ones straight into out, those at an edge by way of a tile aside. */
function multiplyStrip(
  block: usize,
  strip: usize,
  out: usize,
  outRow: usize,
  rows: usize,
  columns: usize,
  depth: usize,
  first: bool,
): void {
  const steps = (depth + 1) & ~1;
  const aside = strip + DEPTH * B_STEP;
  for (let row: usize = 0; row < rows; row += 4) {
    const height = min<usize>(4, rows - row);
    if (height == 4 && columns == 12) {
      tile(block, strip, out, outRow, steps, first);
    } else {
      if (!first) copyTile(out, outRow, aside, B_STEP, height, columns);
      tile(block, strip, aside, B_STEP, steps, first);
      copyTile(aside, B_STEP, out, outRow, height, columns);
    }
    block += steps * A_STEP;
    out += 4 * outRow;
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

/** Packs rows of a into strips of 4: for each step of k the numbers of 4 rows. */
function packRows(
  a: usize,
  aRow: usize,
  aStep: usize,
  rows: usize,
  depth: usize,
  to: usize,
): void {
  for (let row: usize = 0; row < rows; row += 4) {
    packStrip(a + row * aRow, aRow, aStep, min<usize>(4, rows - row), depth, to, A_STEP);
    to += ((depth + 1) & ~1) * A_STEP;
  }
}

/** Packs columns of b into a strip of 12: for each step of k the numbers of 12 columns. */
function packColumns(
  b: usize,
  bRow: usize,
  bStep: usize,
  columns: usize,
  depth: usize,
  to: usize,
): void {
  if (columns == 12 && bStep == 4) {
    const end = to + depth * B_STEP;
    if (depth & 1) memory.fill(end, 0, B_STEP);
    for (; to < end; to += B_STEP, b += bRow) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
      v128.store(to, v128.load(b, 32), 32);
    }
    return;
  }
  for (let column: usize = 0; column < 12; column += 4) {
    const width = column < columns ? min<usize>(4, columns - column) : 0;
    packStrip(b + column * bStep, bStep, bRow, width, depth, to + 4 * column, B_STEP);
  }
}

/**
 * Packs up to 4 lines, `line` bytes apart, whose numbers are `step` bytes apart: for each step the
 * numbers of the 4 lines, `stride` bytes from one step to the next. Missing lines and an odd last step
 * are filled up with zeros.
 */
function packStrip(
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
  if (depth & 1) v128.store(to, f32x4.splat(0));
}

/** Transposes 4 × 4 numbers. */
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

/**
 * 4 rows × 12 columns of out: what they hold already, unless this is the first block, and `steps` more
 * products each. Written out for two steps, so that the numbers of a step are found at fixed offsets.
 */
function tile(a: usize, b: usize, out: usize, outRow: usize, steps: usize, first: bool): void {
  const out1 = out + outRow;
  const out2 = out1 + outRow;
  const out3 = out2 + outRow;
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0), s22 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0), s32 = f32x4.splat(0);
  if (!first) {
    s00 = v128.load(out);
    s01 = v128.load(out, 16);
    s02 = v128.load(out, 32);
    s10 = v128.load(out1);
    s11 = v128.load(out1, 16);
    s12 = v128.load(out1, 32);
    s20 = v128.load(out2);
    s21 = v128.load(out2, 16);
    s22 = v128.load(out2, 32);
    s30 = v128.load(out3);
    s31 = v128.load(out3, 16);
    s32 = v128.load(out3, 32);
  }
  for (const end = a + steps * A_STEP; a < end; a += 2 * A_STEP, b += 2 * B_STEP) {
    let b0 = v128.load(b);
    let b1 = v128.load(b, 16);
    let b2 = v128.load(b, 32);
    let x = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    s02 = f32x4.add(s02, f32x4.mul(x, b2));
    x = v128.load_splat<f32>(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    s12 = f32x4.add(s12, f32x4.mul(x, b2));
    x = v128.load_splat<f32>(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    s22 = f32x4.add(s22, f32x4.mul(x, b2));
    x = v128.load_splat<f32>(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    s32 = f32x4.add(s32, f32x4.mul(x, b2));
    b0 = v128.load(b, 48);
    b1 = v128.load(b, 64);
    b2 = v128.load(b, 80);
    x = v128.load_splat<f32>(a, 16);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    s02 = f32x4.add(s02, f32x4.mul(x, b2));
    x = v128.load_splat<f32>(a, 20);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    s12 = f32x4.add(s12, f32x4.mul(x, b2));
    x = v128.load_splat<f32>(a, 24);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    s22 = f32x4.add(s22, f32x4.mul(x, b2));
    x = v128.load_splat<f32>(a, 28);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    s32 = f32x4.add(s32, f32x4.mul(x, b2));
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out, s02, 32);
  v128.store(out1, s10);
  v128.store(out1, s11, 16);
  v128.store(out1, s12, 32);
  v128.store(out2, s20);
  v128.store(out2, s21, 16);
  v128.store(out2, s22, 32);
  v128.store(out3, s30);
  v128.store(out3, s31, 16);
  v128.store(out3, s32, 32);
}
