import type { Probabilities } from "./predictions.ts";

/** Shape of an array of probabilities [samples, classes]. */
export interface ProbabilityShape {
  /** Number of samples, the rows of the array. */
  readonly samples: number;
  /** Number of classes, the columns of the array. */
  readonly classes: number;
}

/**
 * Returns the index of each sample's most probable class, the first one of equally probable classes.
 *
 * @param probabilities row-major [samples, classes]
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if a probability is NaN
 */
export function predictedClasses(
  probabilities: Probabilities,
  { samples, classes }: ProbabilityShape,
): Uint16Array<ArrayBuffer> {
  if (probabilities.length !== samples * classes || (samples > 0 && classes === 0)) {
    throw new TypeError(
      `Cannot predict classes: expected ${samples} × ${classes} probabilities: ` +
        `received ${probabilities.length}`,
    );
  }
  const predicted = new Uint16Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    let best = -Infinity;
    for (let column = 0; column < classes; column++) {
      const probability = probabilities[sample * classes + column];
      if (Number.isNaN(probability)) {
        throw new RangeError(
          `Cannot predict class of sample ${sample}: expected numbers as probabilities: ` +
            `received NaN for class ${column}`,
        );
      }
      if (probability > best) {
        best = probability;
        predicted[sample] = column;
      }
    }
  }
  return predicted;
}
