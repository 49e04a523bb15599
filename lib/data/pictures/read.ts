/**
 * Conversion of the pictures of a data set to two IDX files: images and labels.
 *
 * @module
 */
import { LARGEST_FILE } from "../formats/content.ts";
import { writeIdx } from "../formats/idx.ts";
import type { ImageSize } from "../../tensor/mod.ts";
import type { LabelledFile } from "./layout.ts";
import { loadPictureReader } from "./picture.ts";
import { resize } from "./resize.ts";
import { type GreyImage, LONGEST_SIDE } from "./size.ts";

/** Length of the header of an IDX file with three dimensions (bytes). */
const IMAGES_START = 16;

/**
 * Decodes pictures as the content of an IDX file of images, u8 [pictures, height, width], in shared memory.
 * Only one picture at a time is held in memory besides the images.
 *
 * @param paths paths of the pictures, at least one, in the order of the images
 * @param size size to which pictures are resized. By default, all pictures must have the same size
 * @param read reads the bytes of the file at a path
 * @throws {SyntaxError} if a file is not a picture, or is truncated or damaged
 * @throws {RangeError} if pictures are too large, or if their sizes differ and `size` is undefined
 */
export async function readImages(
  paths: readonly string[],
  size: ImageSize | undefined,
  read: (path: string) => Promise<Uint8Array>,
): Promise<Uint8Array<SharedArrayBuffer>> {
  const decode = await loadPictureReader();
  let content: Uint8Array<SharedArrayBuffer> | undefined;
  let to = size;
  for (const [index, path] of paths.entries()) {
    const image = decode(await read(path), path);
    if (to === undefined) checkUnresizedSize(image, path);
    to ??= { height: image.height, width: image.width };
    if (size === undefined) checkEqualSize(image, to, path, paths[0]);
    content ??= createEmptyImages(paths.length, to, path);
    content.set(resize(image, to).values, IMAGES_START + index * to.height * to.width);
  }
  if (content === undefined) throw new TypeError("Cannot read pictures: expected at least 1");
  return content;
}

/**
 * Encodes the labels of pictures as the content of an IDX file: u8 [pictures], or i32 [pictures] if there
 * are more than 256 classes. `classes` is the number of classes.
 */
export function encodeLabels(
  files: readonly LabelledFile[],
  classes: number,
): Uint8Array<ArrayBuffer> {
  const labels = files.map(({ label }) => label);
  const shape = [labels.length];
  return classes <= 256
    ? writeIdx({ type: "u8", shape, values: Uint8Array.from(labels) })
    : writeIdx({ type: "i32", shape, values: Int32Array.from(labels) });
}

/**
 * Returns the content of an IDX file of `count` black images in shared memory. Throws a RangeError if it is
 * longer than 8 GiB; `origin` is the path of the first picture, for the message.
 */
function createEmptyImages(
  count: number,
  { height, width }: ImageSize,
  origin: string,
): Uint8Array<SharedArrayBuffer> {
  const length = IMAGES_START + count * height * width;
  if (length > LARGEST_FILE) {
    throw new RangeError(
      `Cannot read "${origin}" and ${
        count - 1
      } other pictures: expected at most ${LARGEST_FILE} bytes ` +
        `in all: received ${length} at ${width} × ${height} pixels each: state a smaller "size"`,
    );
  }
  const content = new Uint8Array(new SharedArrayBuffer(length));
  content.set(writeIdx({ type: "u8", shape: [0, height, width], values: new Uint8Array() }));
  new DataView(content.buffer).setUint32(4, count);
  return content;
}

/** Throws a RangeError if a picture is too large to be used without resizing. `origin` is its path. */
function checkUnresizedSize({ height, width }: ImageSize, origin: string): void {
  if (Math.max(height, width) <= LONGEST_SIDE) return;
  throw new RangeError(
    `Cannot read "${origin}": expected at most ${LONGEST_SIDE} × ${LONGEST_SIDE} pixels where no size is ` +
      `stated: received ${width} × ${height}: state one, for example "size": [28, 28]`,
  );
}

/**
 * Throws a RangeError if a picture does not have the size of the first one. `origin` is its path, and
 * `first` that of the first picture.
 */
function checkEqualSize(image: GreyImage, size: ImageSize, origin: string, first: string): void {
  if (image.height === size.height && image.width === size.width) return;
  throw new RangeError(
    `Cannot read "${origin}": expected ${size.width} × ${size.height} pixels, as "${first}" has: ` +
      `received ${image.width} × ${image.height}: state the size that pictures are resized to, for ` +
      `example "size": [28, 28]`,
  );
}
