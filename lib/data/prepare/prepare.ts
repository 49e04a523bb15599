/**
 * Stage "prepare": deskews and centres images.
 *
 * The preparation of an image depends on this image alone, so each sample is prepared once, before
 * training, evaluation or prediction. Prepared samples refer to the original samples, which reports show.
 *
 * @module
 */
import type { Samples, Split, Splits } from "../dataset.ts";
import type { ImageMap } from "./image.ts";
import { type Preparation, preparations } from "./mod.ts";
import { defined } from "../../config/defined.ts";

/**
 * Returns the splits with prepared samples: the methods are applied to each image in order. Samples that
 * several splits share are prepared once.
 *
 * @throws {TypeError} if the samples are not 8-bit images [height, width]
 */
export function prepare(splits: Splits, methods: Preparation["methods"]): Splits {
  const done = new Map<Samples, Samples>();
  const preparedSplit = ({ samples, rows }: Split): Split => {
    const made = done.get(samples) ?? prepareSamples(samples, methods);
    done.set(samples, made);
    return { samples: made, rows };
  };
  const { train, validation, test } = splits;
  return {
    train: preparedSplit(train),
    ...defined({
      validation: validation && preparedSplit(validation),
      test: test && preparedSplit(test),
    }),
  };
}

/**
 * Returns a split with the image preparation that a network was trained with, applied to the original
 * samples. If `preparation` is undefined, returns the split with the original samples. A split that already
 * has this preparation is returned unchanged.
 *
 * @throws {TypeError} if the samples are not 8-bit images [height, width]
 */
export function preprocessedFor(preparation: Preparation | undefined, split: Split): Split {
  const { samples, rows } = split;
  const present = samples.prepared?.preparation;
  if (JSON.stringify(present) === JSON.stringify(preparation)) return split;
  const raw = samples.prepared?.raw ?? samples;
  const methods = preparation?.methods ?? [];
  return { samples: methods.length === 0 ? raw : prepareSamples(raw, methods), rows };
}

/**
 * Applies a sequence of preparations, such as deskewing, to the images of original samples, and returns
 * them as new samples. Throws a TypeError if the samples are not 8-bit images.
 */
function prepareSamples(original: Samples, methods: Preparation["methods"]): Samples {
  const { values, shape } = original;
  const preparation = { shape, methods };
  if (shape.length !== 2 || !(values instanceof Uint8Array)) {
    throw new TypeError(
      "Cannot prepare: expected 8-bit images of shape [height, width]: received " +
        `${values instanceof Uint8Array ? "8-bit" : "32-bit"} samples of [${shape.join(", ")}]`,
    );
  }
  const out = new Uint8Array(new SharedArrayBuffer(values.length));
  createImagePreparer(preparation)(values, out);
  return { ...original, values: out, prepared: { preparation, raw: original } };
}

/**
 * Returns a function that prepares any number of images [images, height, width], row-major. It writes the
 * results to `out`, of the same length, and does not change the original images.
 */
export function createImagePreparer(preparation: Preparation): ImageMap {
  const [height = 0, width = 0] = preparation.shape;
  const size = height * width;
  const maps = preparation.methods.map((method) => preparations.create(method)({ height, width }));
  const buffers = [new Uint8Array(size), new Uint8Array(size)] as const;
  return (values, out) => {
    for (let start = 0; start < values.length; start += size) {
      let image = values.subarray(start, start + size);
      maps.forEach((map, index) => {
        const last = index === maps.length - 1;
        const next = last ? out.subarray(start, start + size) : buffers[index % 2 as 0 | 1];
        map(image, next);
        image = next;
      });
    }
  };
}
