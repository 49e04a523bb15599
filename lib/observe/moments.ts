import { exp, log } from "../tensor/math/math.ts";

/** Largest number of moments of a training that a report shows side by side. */
export const MOMENTS = 8;

/**
 * Returns the numbers of finished epochs after which a network is stored for plots: 0, and nearly geometrically
 * spaced whole numbers from 1 to `epochs`, the number of all epochs. So early moments are closer together, since
 * a network changes most then.
 */
export function plottedEpochs(epochs: number): ReadonlySet<number> {
  const last = MOMENTS - 2;
  const ratios = Array.from(
    { length: last + 1 },
    (_, i) => Math.round(exp(log(epochs) * i / last)),
  );
  return new Set([0, ...ratios, epochs]);
}

/**
 * Returns a list with a moment appended. If the list would have more than 8 moments, the second one is dropped, so
 * that the first one remains.
 */
export function appendWithinLimit<Moment>(
  moments: readonly Moment[],
  later: Moment,
): readonly Moment[] {
  const all = [...moments, later];
  return all.length <= MOMENTS ? all : [all[0], ...all.slice(1 - MOMENTS)];
}
