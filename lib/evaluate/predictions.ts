/** Probabilities of classes, row-major [samples, classes], in single or double precision. */
export type Probabilities = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Labels and predicted probabilities of some samples, for example an evaluation. */
export interface Predictions {
  /** Index of each sample's true class. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Probability of each class, row-major [samples, classes]. */
  readonly probabilities: Probabilities;
}

/**
 * Throws unless every sample has a valid label and a probability of each class.
 *
 * @param verb action that failed, for the message "Cannot …"
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if a label is not a class or a probability is negative or NaN
 */
export function assertPredictions(
  verb: string,
  { labels, probabilities }: Predictions,
  classes: number,
): void {
  if (probabilities.length !== labels.length * classes) {
    throw new TypeError(
      `Cannot ${verb}: expected ${labels.length} × ${classes} probabilities: ` +
        `received ${probabilities.length}`,
    );
  }
  const label = labels.find((each) => each >= classes);
  if (label !== undefined) {
    throw new RangeError(`Cannot ${verb}: expected labels below ${classes}: received ${label}`);
  }
  for (let i = 0; i < probabilities.length; i++) {
    const probability = probabilities[i];
    if (probability >= 0) continue;
    throw new RangeError(
      `Cannot ${verb}: expected probabilities of at least 0: received ${probability} for class ` +
        `${i % classes} of sample ${Math.floor(i / classes)}`,
    );
  }
}
