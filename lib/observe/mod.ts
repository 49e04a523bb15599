import type { Dataset, Splits } from "../data/dataset.ts";
import { NO_OBSERVATIONS, type Observations, withValue } from "../run/observations.ts";
import type { Observer } from "../train/observation/observer.ts";
import { boundary } from "./boundary.ts";
import { distributions } from "./distributions.ts";
import { embedding } from "./embedding.ts";
import { firstLayer } from "./first_layer.ts";
import { overview } from "./overview.ts";
import { plane } from "./plane.ts";
import { units } from "./units.ts";
import { weightsOverTime } from "./weights_over_time.ts";

/** All observers, in the order in which they observe. */
export const observers: readonly Observer[] = [
  overview,
  plane,
  distributions,
  boundary,
  firstLayer,
  weightsOverTime,
  units,
  embedding,
];

/**
 * Returns the observers that a run needs for its report. An observer that runs only on request is included if
 * the config names its panel.
 *
 * @param panels names of the panels in the config. Defaults to none
 */
export function observersFor(panels: readonly string[] = []): readonly Observer[] {
  return observers.filter(({ name, onRequest }) => onRequest !== true || panels.includes(name));
}

/** Returns the values that observers compute from the data alone, before training. */
export function observeData(dataset: Dataset, splits: Splits): Observations {
  return observers.reduce(
    (known, observer) => withValue(known, observer, observer.data?.(dataset, splits)),
    NO_OBSERVATIONS,
  );
}
