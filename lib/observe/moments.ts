import { exp, log } from "../tensor/math/math.ts";

/** Moments of a training that are drawn beside each other, at most. */
export const MOMENTS = 8;

/**
 * Returns the ends of epochs at which a training is drawn, as numbers of finished epochs: 0 for the
 * beginning, and from 1 to the last in equal ratios as near as whole numbers come, since most changes early.
 */
export function drawnEpochs(epochs: number): ReadonlySet<number> {
  const last = MOMENTS - 2;
  const ratios = Array.from(
    { length: last + 1 },
    (_, i) => Math.round(exp(log(epochs) * i / last)),
  );
  return new Set([0, ...ratios, epochs]);
}

/** Returns moments with a later one; of more than {@linkcode MOMENTS} the first and the last ones are kept. */
export function withLater<Moment>(moments: readonly Moment[], later: Moment): readonly Moment[] {
  const all = [...moments, later];
  return all.length <= MOMENTS ? all : [all[0], ...all.slice(1 - MOMENTS)];
}
