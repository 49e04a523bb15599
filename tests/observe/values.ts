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
import { NO_OBSERVATIONS, type Observations, withValue } from "../../lib/run/observations.ts";

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
  const withDistributions = withValue(NO_OBSERVATIONS, distributions.fields, seen);
  const withFirst = withValue(withDistributions, firstLayer.fields, first);
  const withEmbedding = withValue(withFirst, embedding.fields, view);
  return withValue(withEmbedding, overview.fields, data);
}

/** Decodes the values of all observers. */
export function valuesOf(
  observations: Observations = NO_OBSERVATIONS,
  what = "observations",
): ObservedValues {
  return defined({
    distributions: distributions.fields.decode(observations, what),
    first: firstLayer.fields.decode(observations, what),
    embedding: embedding.fields.decode(observations, what),
    data: overview.fields.decode(observations, what),
  });
}
