/**
 * Observations as the values of their observers.
 *
 * @module
 */
import { type Distributions } from "../../lib/observe/distribution_fields.ts";
import { distributions } from "../../lib/observe/distributions.ts";
import { type Embedding, embedding } from "../../lib/observe/embedding.ts";
import { type FirstLayer, firstLayer } from "../../lib/observe/first_layer.ts";
import { type DataOverview, overview } from "../../lib/observe/overview.ts";
import { defined } from "../../lib/config/defined.ts";
import {
  NO_OBSERVATIONS,
  type Observations,
  valueIn,
  withValue,
} from "../../lib/run/observations.ts";

/** Values of observers; those that stored nothing are missing. */
export interface ObservedValues {
  readonly distributions?: Distributions;
  readonly first?: FirstLayer;
  readonly embedding?: Embedding;
  readonly data?: DataOverview;
}

/** Encodes values. */
export function observationsOf(
  { distributions: seen, first, embedding: view, data }: ObservedValues,
): Observations {
  const withDistributions = withValue(NO_OBSERVATIONS, distributions, seen);
  const withFirst = withValue(withDistributions, firstLayer, first);
  const withEmbedding = withValue(withFirst, embedding, view);
  return withValue(withEmbedding, overview, data);
}

/** Decodes the values of all observers. */
export function valuesOf(
  observations: Observations = NO_OBSERVATIONS,
  what = "observations",
): ObservedValues {
  return defined({
    distributions: valueIn(observations, distributions, what),
    first: valueIn(observations, firstLayer, what),
    embedding: valueIn(observations, embedding, what),
    data: valueIn(observations, overview, what),
  });
}
