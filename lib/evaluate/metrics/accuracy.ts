/**
 * Computes the accuracy: the fraction of samples whose predicted class is the true one.
 *
 * @param labels index of each sample's true class
 * @param predicted index of each sample's predicted class
 * @returns the accuracy, from 0 to 1; null if there are no samples
 * @throws {TypeError} if labels and predictions differ in number
 */
export function accuracy(
  labels: Uint16Array<ArrayBuffer>,
  predicted: Uint16Array<ArrayBuffer>,
): number | null {
  assertSameLength(labels, predicted);
  if (labels.length === 0) return null;
  return countRight(labels, predicted) / labels.length;
}

/**
 * Counts the samples whose predicted class is the true one.
 *
 * @param labels index of each sample's true class
 * @param predicted index of each sample's predicted class
 * @throws {TypeError} if labels and predictions differ in number
 */
export function countRight(
  labels: Uint16Array<ArrayBuffer>,
  predicted: Uint16Array<ArrayBuffer>,
): number {
  assertSameLength(labels, predicted);
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === predicted[i]) right++;
  return right;
}

/**
 * Checks that there are as many predictions as labels.
 *
 * @throws {TypeError} if labels and predictions differ in number
 */
export function assertSameLength(
  labels: Uint16Array<ArrayBuffer>,
  predicted: Uint16Array<ArrayBuffer>,
): void {
  if (labels.length === predicted.length) return;
  throw new TypeError(
    `Cannot compare predictions with labels: expected ${labels.length} predictions: ` +
      `received ${predicted.length}`,
  );
}
