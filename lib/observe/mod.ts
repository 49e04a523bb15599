import type { Dataset, Splits } from "../data/dataset.ts";
import { NO_OBSERVATIONS, type Observations, withValue } from "../run/observations.ts";
import type { Observer } from "../train/observation/observer.ts";
import { distributions } from "./distributions.ts";
import { embedding } from "./embedding.ts";
import { firstLayer } from "./first_layer.ts";
import { overview } from "./overview.ts";

/** All observers. */
export const observers: readonly Observer[] = [
  overview,
  distributions,
  firstLayer,
  embedding,
];

export function observeData(dataset: Dataset, splits: Splits): Observations {
  return observers.reduce(
    (known, observer) => withValue(known, observer, observer.data?.(dataset, splits)),
    NO_OBSERVATIONS,
  );
}
