/**
 * Pictures as samples of a model.
 *
 * @module
 */
import type { Features } from "../datasets/arrays.ts";
import { extractDigit } from "./digit.ts";
import { openPictureReader } from "./picture.ts";
import { resize } from "./resize.ts";

/** Options of converting pictures to samples. */
export interface PictureSampleOptions {
  /** Shape of a sample: [height, width]. */
  readonly shape: readonly number[];
  /** Whether each is a digit that is brought into the form of MNIST's; else all are resized alone. */
  readonly isDigit: boolean;
}

/**
 * Returns pictures as samples.
 *
 * @throws {TypeError} if the samples of the model are not images
 * @throws {SyntaxError | RangeError} if a file is not a readable picture, or has no digit
 */
export async function readPictureSamples(
  pictures: readonly { readonly name: string; read(): Promise<Uint8Array> }[],
  { shape, isDigit }: PictureSampleOptions,
): Promise<Features> {
  const [height, width] = shape;
  if (shape.length !== 2) {
    throw new TypeError(
      `Cannot predict "${
        pictures[0]?.name
      }": expected a model of images [height, width]: received one of ` +
        `samples of [${shape.join(", ")}]: a table of pixels can state their "shape"`,
    );
  }
  const decode = await openPictureReader();
  const size = { height, width };
  const values = new Uint8Array(pictures.length * height * width);
  for (const [index, { name, read }] of pictures.entries()) {
    const picture = decode(await read(), name);
    const image = isDigit ? extractDigit(picture, size, name) : resize(picture, size);
    values.set(image.values, index * height * width);
  }
  return { count: pictures.length, shape, values };
}
