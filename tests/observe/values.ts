/**
 * Observations as the values of their observers.
 *
 * @module
 */
import { type Distributions } from "../../lib/observe/distribution_fields.ts";
import { distributions } from "../../lib/observe/distributions.ts";
import { type Embedding, embedding } from "../../lib/observe/embedding.ts";
import { type FirstLayer, firstLayer } from "../../lib/observe/first_layer.ts";
import { type Boundary, boundary } from "../../lib/observe/boundary.ts";
import { type DataOverview, overview } from "../../lib/observe/overview.ts";
import { type Plane, plane } from "../../lib/observe/plane.ts";
import { type Units, units } from "../../lib/observe/units.ts";
import { type WeightsOverTime, weightsOverTime } from "../../lib/observe/weights_over_time.ts";
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
  readonly plane?: Plane;
  readonly boundary?: Boundary;
  readonly units?: Units;
  readonly weightsOverTime?: WeightsOverTime;
}

/** Encodes values. */
export function observationsOf(values: ObservedValues): Observations {
  const { distributions: seen, first, embedding: view, data } = values;
  const withDistributions = withValue(NO_OBSERVATIONS, distributions, seen);
  const withFirst = withValue(withDistributions, firstLayer, first);
  const withEmbedding = withValue(withFirst, embedding, view);
  const withData = withValue(withEmbedding, overview, data);
  const withPlane = withValue(withData, plane, values.plane);
  const withBoundary = withValue(withPlane, boundary, values.boundary);
  const withUnits = withValue(withBoundary, units, values.units);
  return withValue(withUnits, weightsOverTime, values.weightsOverTime);
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
    plane: valueIn(observations, plane, what),
    boundary: valueIn(observations, boundary, what),
    units: valueIn(observations, units, what),
    weightsOverTime: valueIn(observations, weightsOverTime, what),
  });
}
