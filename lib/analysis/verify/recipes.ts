/**
 * The table of recipes with promised accuracy, roughly by training time.
 *
 * @module
 */

/** A config of configs/ whose accuracy and bits `deno task verify` checks. */
export interface Recipe {
  /** Smallest permitted test accuracy of its runs, 0 to 1. */
  readonly floor: number;
  /** Seeds with known runs, that of the config first; an ensemble has only that one. */
  readonly seeds: readonly number[];
}

export const recipes: Readonly<Record<string, Recipe>> = {
  quickstart: { floor: 0.955, seeds: [42] },
  linear: { floor: 0.92, seeds: [1, 2, 3] },
  mnist_16_16: { floor: 0.945, seeds: [1, 2, 3] },
  mnist_nielsen: { floor: 0.95, seeds: [1, 2, 3] },
  mnist: { floor: 0.98, seeds: [1, 2, 3, 4, 5] },
  mnist_dropout: { floor: 0.984, seeds: [1, 2, 3, 4, 5] },
  mnist_minute: { floor: 0.993, seeds: [1, 2, 3, 4, 5] },
  fashion: { floor: 0.905, seeds: [1, 2, 3, 4, 5] },
  mnist_invariant: { floor: 0.989, seeds: [1, 2, 3, 4, 5] },
  mnist_deformed: { floor: 0.994, seeds: [1, 2, 3, 4, 5] },
  mnist_ensemble: { floor: 0.996, seeds: [1] },
  mnist_record: { floor: 0.996, seeds: [1, 2] },
};
