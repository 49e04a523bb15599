import { extent } from "deno-plot-svg";
import { type AccuracyAxis, accuracyAxis } from "../sweep/axes.ts";

/** From the one accuracy that there is to the ends of the axis. */
const ASIDE = 0.01;

/**
 * The axis of some accuracies, 0 to 1, as in the figure of a sweep.
 *
 * @param length of the axis in pixels
 */
export function axisOfAccuracies(accuracies: readonly number[], length: number): AccuracyAxis {
  const [low, high] = extent(accuracies) ?? [0, 1];
  const spread = low === high ? { mean: low, deviation: ASIDE } : { mean: low };
  return accuracyAxis([{ accuracies, spread }], length);
}
