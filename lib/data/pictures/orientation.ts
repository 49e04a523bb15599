import type { GreyImage } from "./size.ts";

/**
 * Code of the tag for the orientation, and code of the type of its value, a 16-bit unsigned integer.
 */
const [ORIENTATION, SHORT] = [0x0112, 3] as const;

/** Number of bytes of a directory entry, and number of bytes in it before the value. */
const [ENTRY, VALUE] = [12, 8] as const;

/** Orientation of a picture that is stored upright. */
const UPRIGHT = 1;

/**
 * Returns the orientation of a picture, from 1 to 8, that a camera wrote to the Exif segment of a JPEG
 * file. Returns 1, which is upright, if there is no readable orientation.
 *
 * Source: JEITA CP-3451, Exif 2.2 (2002), section 4.6.4, tag 274.
 *
 * @param content content of the segment: "Exif", two zero bytes, a TIFF file
 */
export function readOrientation(content: Uint8Array): number {
  const tiff = content.subarray(6);
  if (String.fromCharCode(...content.subarray(0, 6)) !== "Exif\0\0" || tiff.length < 8) {
    return UPRIGHT;
  }
  const isLittle = tiff[0] === 0x49; // "II", else "MM"
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > tiff.length) return UPRIGHT;
  const count = view.getUint16(directory, isLittle);
  for (let index = 0; index < count; index++) {
    const at = directory + 2 + index * ENTRY;
    if (at + ENTRY > tiff.length) return UPRIGHT;
    if (view.getUint16(at, isLittle) !== ORIENTATION) continue;
    const value = view.getUint16(at + VALUE, isLittle);
    const isKnown = view.getUint16(at + 2, isLittle) === SHORT && value >= 1 && value <= 8;
    return isKnown ? value : UPRIGHT;
  }
  return UPRIGHT;
}

/**
 * Rotates or mirrors an image so that it is upright, given its orientation by Exif, from 1 to 8. Returns
 * the image itself if it is upright already.
 */
export function applyOrientation(image: GreyImage, orientation: number): GreyImage {
  if (orientation === UPRIGHT) return image;
  const { height: rows, width: columns, values } = image;
  const isTurned = orientation >= 5; // the first row is a column of what is seen
  const [height, width] = isTurned ? [columns, rows] : [rows, columns];
  // the first row is at the bottom or right, and the first column at the right or bottom
  const isRowLast = [3, 4, 6, 7].includes(orientation);
  const isColumnLast = [2, 3, 7, 8].includes(orientation);
  const out = new Uint8Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [row, column] = isTurned ? [x, y] : [y, x];
      const from = isRowLast ? rows - 1 - row : row;
      const at = isColumnLast ? columns - 1 - column : column;
      out[y * width + x] = values[from * columns + at];
    }
  }
  return { height, width, values: out };
}
