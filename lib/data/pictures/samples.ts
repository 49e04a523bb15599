/**
 * Conversion of pictures to samples of a trained model.
 *
 * @module
 */
import type { Features } from "../datasets/arrays.ts";
import { extractDigit } from "./digit.ts";
import { loadPictureReader } from "./picture.ts";
import { resize } from "./resize.ts";

/** Options of converting pictures to samples. */
export interface PictureSampleOptions {
  /** Shape of a sample of the model: [height, width]. */
  readonly shape: readonly number[];
  /**
   * Whether each picture shows a digit. It is then converted to the form of MNIST; otherwise it is only
   * resized.
   */
  readonly isDigit: boolean;
}

/**
 * Decodes pictures and converts them to samples for a trained model, u8 [pictures, height, width].
 *
 * @param pictures name of each picture in error messages, and a function that reads the bytes of its file
 * @throws {TypeError} if the model's samples are not images
 * @throws {SyntaxError | RangeError} if a file is not a valid picture, or shows no digit
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
  const decode = await loadPictureReader();
  const size = { height, width };
  const values = new Uint8Array(pictures.length * height * width);
  for (const [index, { name, read }] of pictures.entries()) {
    const picture = decode(await read(), name);
    const image = isDigit ? extractDigit(picture, size, name) : resize(picture, size);
    values.set(image.values, index * height * width);
  }
  return { count: pictures.length, shape, values };
}
