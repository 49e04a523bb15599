// Augmentations of images of 8-bit pixels; their definition is lib/engine/reference/images.ts.
//
// Up to 15 bytes after the last row of an operand are read; their values are not used.

/** 2²³ as a float: the low bits of its sum with an integer from 0 to 2²³ − 1 are those of the integer. */
const WHOLE: f32 = 8388608; // 2^23
const FRACTION: i32 = 0x7fffff;

/** Number of bytes, or pixels, of a line that are processed together. */
const LINE: usize = 16;

/** Returns the number of pixels in a line of a tile: those of the image and one on each side, rounded up to 16. */
function tileWidth(width: usize): usize {
  return (width + 2 + LINE - 1) & ~(LINE - 1);
}

/**
 * Maps images [rows, height · width], rows `from` to `to`, by an affine map each; see `warp` in
 * lib/tensor/images.ts. The six numbers of the maps are separate arrays [rows].
 *
 * For every 4 pixels, it first computes their coordinates. Then it reads one 32-bit number for each from a
 * tile built before, which holds the 4 pixels around the coordinates: so a pixel costs one read. Where all
 * are 0, as in most of an image of a digit, nothing more is computed.
 *
 * @param work work space for one padded image and its tile
 */
export function warp(
  images: usize,
  height: usize,
  width: usize,
  from: usize,
  to: usize,
  out: usize,
  work: usize,
  xx: usize,
  xy: usize,
  atX: usize,
  yx: usize,
  yy: usize,
  atY: usize,
): void {
  const size = height * width;
  for (let row = from; row < to; row++) {
    const at = 4 * row;
    const tile = tileOf(images + row * size, height, width, work);
    const image = out + row * size;
    const mxx = v128.load_splat<f32>(xx + at), mxy = v128.load_splat<f32>(xy + at);
    const myx = v128.load_splat<f32>(yx + at), myy = v128.load_splat<f32>(yy + at);
    const firstX = v128.load_splat<f32>(atX + at), firstY = v128.load_splat<f32>(atY + at);
    for (let line: usize = 0; line < height; line++) {
      const y = f32x4.splat(<f32> line);
      const lineX = f32x4.mul(mxy, y), lineY = f32x4.mul(myy, y);
      let x = f32x4(0, 1, 2, 3);
      for (let column: usize = 0; column < width; column += 4) {
        const toX = f32x4.add(f32x4.add(f32x4.mul(mxx, x), lineX), firstX);
        const toY = f32x4.add(f32x4.add(f32x4.mul(myx, x), lineY), firstY);
        const four = sample(tile, height, width, toX, toY);
        storePixels(image + line * width + column, four, width - column);
        x = f32x4.add(x, f32x4.splat(4));
      }
    }
  }
}

/**
 * Maps images as {@linkcode warp} does, after displacing pixels by two windows of a field [side, side]. The
 * windows begin at the elements whose indices are fromX and fromY, and are multiplied by alongX and alongY;
 * all four are arrays [rows].
 */
export function warpDisplaced(
  images: usize,
  height: usize,
  width: usize,
  from: usize,
  to: usize,
  out: usize,
  work: usize,
  xx: usize,
  xy: usize,
  atX: usize,
  yx: usize,
  yy: usize,
  atY: usize,
  field: usize,
  fromX: usize,
  fromY: usize,
  alongX: usize,
  alongY: usize,
  side: usize,
): void {
  const size = height * width;
  for (let row = from; row < to; row++) {
    const at = 4 * row;
    const tile = tileOf(images + row * size, height, width, work);
    const image = out + row * size;
    const mxx = v128.load_splat<f32>(xx + at), mxy = v128.load_splat<f32>(xy + at);
    const myx = v128.load_splat<f32>(yx + at), myy = v128.load_splat<f32>(yy + at);
    const firstX = v128.load_splat<f32>(atX + at), firstY = v128.load_splat<f32>(atY + at);
    const byX = v128.load_splat<f32>(alongX + at), byY = v128.load_splat<f32>(alongY + at);
    let windowX = field + 4 * windowAt(load<i32>(fromX + at), height, width, side);
    let windowY = field + 4 * windowAt(load<i32>(fromY + at), height, width, side);
    for (let line: usize = 0; line < height; line++) {
      const lines = f32x4.splat(<f32> line);
      let columns = f32x4(0, 1, 2, 3);
      for (let column: usize = 0; column < width; column += 4) {
        const x = f32x4.add(columns, f32x4.mul(byX, v128.load(windowX + 4 * column)));
        const y = f32x4.add(lines, f32x4.mul(byY, v128.load(windowY + 4 * column)));
        const toX = f32x4.add(f32x4.add(f32x4.mul(mxx, x), f32x4.mul(mxy, y)), firstX);
        const toY = f32x4.add(f32x4.add(f32x4.mul(myx, x), f32x4.mul(myy, y)), firstY);
        const four = sample(tile, height, width, toX, toY);
        storePixels(image + line * width + column, four, width - column);
        columns = f32x4.add(columns, f32x4.splat(4));
      }
      windowX += 4 * side;
      windowY += 4 * side;
    }
  }
}

/**
 * Returns the index of the first element of a window that should begin at `from`, limited so that the window
 * lies in the field.
 */
function windowAt(from: i32, height: usize, width: usize, side: usize): usize {
  const most = (side - height) * side + side - ((width + 3) & ~3);
  return <usize> min<i32>(max<i32>(from, 0), <i32> most);
}

/**
 * Builds the tile of an image in work space, after the padded image: for each pixel, the four pixels of the
 * 2 × 2 square that begins there. Returns the address of the tile.
 */
function tileOf(image: usize, height: usize, width: usize, work: usize): usize {
  const tile = work + paddedBytes(height, width);
  pad(image, height, width, work);
  interleave(work, height, width, tile);
  return tile;
}

/** Returns the number of bytes of a padded image: a line before, two after, and columns of 0 between the lines. */
function paddedBytes(height: usize, width: usize): usize {
  return ((height + 3) * (width + LINE) + 2 * LINE + 15) & ~15;
}

/**
 * Pads an image [height, width] with zeros, to `to`; the padding after a line is also the padding before the
 * next line.
 */
function pad(image: usize, height: usize, width: usize, to: usize): void {
  const stride = width + LINE;
  const zero = i32x4.splat(0);
  memory.fill(to, 0, stride);
  store<u8>(to + stride, 0);
  let line = to + stride + 1;
  for (let y: usize = 0; y < height; y++, line += stride, image += width) {
    for (let x: usize = 0; x < width; x += LINE) v128.store(line + x, v128.load(image + x));
    v128.store(line + width, zero);
  }
  memory.fill(line, 0, 2 * stride + LINE);
}

/**
 * Builds the tile of a padded image at `to`: for x from −1 to width and y from −1 to height, the pixels (x,
 * y), (x + 1, y), (x, y + 1) and (x + 1, y + 1), 8 bits each.
 */
function interleave(padded: usize, height: usize, width: usize, to: usize): void {
  const stride = width + LINE;
  const perLine = tileWidth(width);
  for (let y: usize = 0; y < height + 2; y++, padded += stride) {
    for (let x: usize = 0; x < perLine; x += LINE, to += 4 * LINE) {
      const a = v128.load(padded + x), b = v128.load(padded + x + 1);
      const c = v128.load(padded + x + stride), d = v128.load(padded + x + stride + 1);
      const abLow = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const cdLow = i8x16.shuffle(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const abHigh = i8x16.shuffle(
        a,
        b,
        8,
        24,
        9,
        25,
        10,
        26,
        11,
        27,
        12,
        28,
        13,
        29,
        14,
        30,
        15,
        31,
      );
      const cdHigh = i8x16.shuffle(
        c,
        d,
        8,
        24,
        9,
        25,
        10,
        26,
        11,
        27,
        12,
        28,
        13,
        29,
        14,
        30,
        15,
        31,
      );
      v128.store(to, i16x8.shuffle(abLow, cdLow, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(to, i16x8.shuffle(abLow, cdLow, 4, 12, 5, 13, 6, 14, 7, 15), 16);
      v128.store(to, i16x8.shuffle(abHigh, cdHigh, 0, 8, 1, 9, 2, 10, 3, 11), 32);
      v128.store(to, i16x8.shuffle(abHigh, cdHigh, 4, 12, 5, 13, 6, 14, 7, 15), 48);
    }
  }
}

/**
 * Returns the interpolated and rounded values of an image at 4 points, x and y, in the low 8 bits of 4 numbers.
 *
 * Coordinates are clamped by pmin and pmax with the bound on the left, which return the bound where the
 * other operand is NaN: so every address lies in the tile.
 */
// @ts-ignore: decorator

function sample(tile: usize, height: usize, width: usize, x: v128, y: v128): v128 {
  x = f32x4.pmin(f32x4.splat(<f32> width), f32x4.pmax(f32x4.splat(-1), x));
  y = f32x4.pmin(f32x4.splat(<f32> height), f32x4.pmax(f32x4.splat(-1), y));
  const column = f32x4.floor(x), line = f32x4.floor(y);
  const perLine = <f32> tileWidth(width);
  // (line + 1) · perLine + column + 1, exactly
  const index = f32x4.add(f32x4.mul(line, f32x4.splat(perLine)), column);
  const number = f32x4.add(index, f32x4.splat(WHOLE + perLine + 1));
  const place = i32x4.shl(v128.and(number, i32x4.splat(FRACTION)), 2);
  let four = v128.load32_zero(tile + <usize> i32x4.extract_lane(place, 0));
  four = v128.load_lane<u32>(tile + <usize> i32x4.extract_lane(place, 1), four, 1);
  four = v128.load_lane<u32>(tile + <usize> i32x4.extract_lane(place, 2), four, 2);
  four = v128.load_lane<u32>(tile + <usize> i32x4.extract_lane(place, 3), four, 3);
  if (!v128.any_true(four)) return four;
  const low = i32x4.splat(255);
  const a = f32x4.convert_i32x4_s(v128.and(four, low));
  const b = f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(four, 8), low));
  const c = f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(four, 16), low));
  const d = f32x4.convert_i32x4_s(i32x4.shr_u(four, 24));
  const fx = f32x4.sub(x, column), fy = f32x4.sub(y, line);
  const upper = f32x4.add(a, f32x4.mul(fx, f32x4.sub(b, a)));
  const lower = f32x4.add(c, f32x4.mul(fx, f32x4.sub(d, c)));
  const value = f32x4.add(upper, f32x4.mul(fy, f32x4.sub(lower, upper)));
  return f32x4.add(value, f32x4.splat(WHOLE));
}

/** Stores the low 8 bits of 4 numbers as bytes; of the first `count` numbers if that is less. */
// @ts-ignore: decorator

function storePixels(to: usize, four: v128, count: usize): void {
  const bytes = i8x16.shuffle(four, four, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
  if (count >= 4) {
    v128.store_lane<u32>(to, bytes, 0);
    return;
  }
  v128.store_lane<u8>(to, bytes, 0);
  if (count > 1) v128.store_lane<u8>(to, bytes, 1, 1);
  if (count > 2) v128.store_lane<u8>(to, bytes, 2, 2);
}

/** Copies rows `from` to `to` of images [rows, height · width] to out, with a box of each image set to 0. */
export function erase(
  images: usize,
  height: usize,
  width: usize,
  from: usize,
  to: usize,
  out: usize,
  left: usize,
  top: usize,
  right: usize,
  bottom: usize,
): void {
  const size = height * width;
  memory.copy(out + from * size, images + from * size, (to - from) * size);
  for (let row = from; row < to; row++) {
    const firstColumn = <usize> max<i32>(load<i32>(left + 4 * row), 0);
    const columns = <usize> max<i32>(min<i32>(load<i32>(right + 4 * row), <i32> width), 0);
    const lines = <usize> max<i32>(min<i32>(load<i32>(bottom + 4 * row), <i32> height), 0);
    if (firstColumn >= columns) continue;
    const first = <usize> max<i32>(load<i32>(top + 4 * row), 0);
    for (let line = first; line < lines; line++) {
      memory.fill(out + row * size + line * width + firstColumn, 0, columns - firstColumn);
    }
  }
}

/** Rounds 4 numbers to integers from 0 to 255, in the low 8 bits; negative numbers and NaN become 0. */
// @ts-ignore: decorator

function rounded(values: v128): v128 {
  const within = f32x4.pmin(f32x4.splat(255), f32x4.pmax(f32x4.splat(0), values));
  return f32x4.add(within, f32x4.splat(WHOLE));
}

/** Returns the 4 unsigned bytes at an address as 4 floats. */
// @ts-ignore: decorator

function numbers(bytes: usize): v128 {
  const wide = i16x8.extend_low_i8x16_u(v128.load32_zero(bytes));
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(wide));
}

/**
 * Mixes each row of a batch, values [rows, features], with the next one, and the batch's last row with its
 * first: w a + (1 − w) b with weights w [rows]. Writes to out, rounded to integers, the rows from `from` up to but
 * not including `to`.
 */
export function blend(
  values: usize,
  features: usize,
  rows: usize,
  from: usize,
  to: usize,
  out: usize,
  weights: usize,
): void {
  for (let row = from; row < to; row++) {
    const a = values + row * features;
    const b = values + (row + 1 == rows ? 0 : row + 1) * features;
    const line = out + row * features;
    const weight = v128.load_splat<f32>(weights + 4 * row);
    for (let i: usize = 0; i < features; i += 4) {
      const next = numbers(b + i);
      const mixed = f32x4.add(next, f32x4.mul(weight, f32x4.sub(numbers(a + i), next)));
      storePixels(line + i, rounded(mixed), features - i);
    }
  }
}

/**
 * Adds the numbers `added` [rows, features] to 8-bit values, rows `from` to `to`, and rounds the sums to
 * integers from 0 to 255.
 */
export function disturb(
  values: usize,
  features: usize,
  from: usize,
  to: usize,
  out: usize,
  added: usize,
): void {
  const end = to * features;
  let i = from * features;
  for (; i + 4 <= end; i += 4) {
    const sum = f32x4.add(numbers(values + i), v128.load(added + 4 * i));
    storePixels(out + i, rounded(sum), 4);
  }
  for (; i < end; i++) {
    const sum = f32x4.add(numbers(values + i), v128.load32_zero(added + 4 * i));
    storePixels(out + i, rounded(sum), 1);
  }
}
