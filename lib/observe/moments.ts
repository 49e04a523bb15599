import { exp, log } from "../tensor/math/math.ts";

/** Largest number of moments of a training that are drawn side by side. */
export const MOMENTS = 8;

/**
 * Returns the numbers of finished epochs at which a training is drawn: 0, and nearly geometrically spaced
 * whole numbers from 1 to `epochs`. So early moments are closer together, since a network changes most
 * then.
 */
export function drawnEpochs(epochs: number): ReadonlySet<number> {
  const last = MOMENTS - 2;
  const ratios = Array.from(
    { length: last + 1 },
    (_, i) => Math.round(exp(log(epochs) * i / last)),
  );
  return new Set([0, ...ratios, epochs]);
}

/** Appends a moment to a list. If the list would be longer than 8 moments, its second one is dropped. */
export function appendWithinLimit<Moment>(
  moments: readonly Moment[],
  later: Moment,
): readonly Moment[] {
  const all = [...moments, later];
  return all.length <= MOMENTS ? all : [all[0], ...all.slice(1 - MOMENTS)];
}
