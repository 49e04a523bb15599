/**
 * Lists the recipes and the accuracy that each promises, roughly in order of training time.
 *
 * @module
 */

/** A config in configs/ with its promised results, which `deno task verify` checks. */
export interface Recipe {
  /** Smallest permitted test accuracy of the recipe's runs, 0 to 1. */
  readonly floor: number;
  /** Seeds of the runs with known results. The first is that of the config; an ensemble has only this one. */
  readonly seeds: readonly number[];
}

/** Recipes by the names of their configs. */
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
