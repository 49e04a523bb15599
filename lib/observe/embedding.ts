/**
 * Observes the last hidden layer of a trained network, on some samples, in two dimensions.
 *
 * @module
 */
import { z } from "zod";
import {
  evenlySpaced,
  labelsOf,
  type NamedSplit,
  type SplitName,
  SPLITS,
} from "../data/split/samples.ts";
import { projectOnLeadingDirections } from "../data/reduce/leading.ts";
import { SPLITS_BY_PRECEDENCE } from "../evaluate/evaluation.ts";
import type { Network, Tensors } from "../nn/mod.ts";
import { converted, type Field, group, json, tensor } from "../run/codec/fields.ts";
import type { Observer } from "../train/observation/observer.ts";
import { isFiniteVector } from "../tensor/math/math.ts";
import { hiddenOutputs } from "./hidden.ts";

/** Largest number of samples. */
const SAMPLES = 1000;

/** Largest number of values of all samples together; wide layers have fewer samples. */
const MOST_NUMBERS = 2 ** 21;

/** A two-dimensional view of the last hidden layer. */
export interface Embedding {
  readonly split: SplitName;
  readonly layer: string;
  readonly units: number;
  /** Row of each sample in its file. */
  readonly rows: Uint32Array<ArrayBuffer>;
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Projections on the first two principal components [samples, 2]. */
  readonly points: Float32Array<ArrayBuffer>;
  /** Variance along the two components. */
  readonly variances: readonly [number, number];
  /** Total variance. */
  readonly variance: number;
}

const fields: Field<Embedding> = converted(
  group(
    {
      rows: tensor("U32", ["samples"], "rows of the samples in the file that they come from"),
      labels: tensor("U16", ["samples"], "true classes"),
      points: tensor("F32", ["samples", 2], "last hidden layer, on its two main directions"),
      variances: tensor("F64", [3], "variance along each of them, and in all directions"),
    },
    json(
      z.strictObject({ split: z.enum(SPLITS), layer: z.string(), units: z.int().min(1) }),
      "split, layer and number of its units",
      { former: { split: "part" } },
    ),
  ),
  {
    encode: ({ variances, variance, ...others }) => ({
      ...others,
      variances: Float64Array.of(...variances, variance),
    }),
    decode: ({ variances: [x, y, variance], ...others }) => ({
      ...others,
      variances: [x, y],
      variance,
    }),
  },
);

/**
 * The observer of the last hidden layer: projects its outputs on their first two principal components. It
 * stores nothing without a hidden layer, or if a value is not finite.
 */
export const embedding: Observer<Embedding> = {
  name: "embedding",
  fields,
  evaluation: {
    samples: embeddedSplit,
    outputs({ network, inputs }): Tensors {
      const hidden = hiddenOutputs(network).at(-1);
      return hidden === undefined ? {} : { hidden: inputs[hidden.readBy] };
    },
    observe({ network, name, split, output }) {
      const { rows } = split;
      const hidden = hiddenOutputs(network).at(-1);
      const values = output("hidden");
      if (hidden === undefined || !isFiniteVector(values)) return undefined;
      const { layer, units } = hidden;
      const { points, variances: [x = 0, y = 0], variance } = projectOnLeadingDirections(
        { values, samples: rows.length, features: units },
        2,
      );
      return {
        split: name,
        layer,
        units,
        rows,
        labels: labelsOf(split),
        points,
        variances: [x, y],
        variance,
      };
    },
  },
};

/**
 * Returns the embedded samples of the evaluated splits; undefined if there are no samples or the network has
 * no hidden layer.
 */
export function embeddedSplit(
  network: Network,
  splits: readonly NamedSplit[],
): NamedSplit | undefined {
  const hidden = hiddenOutputs(network).at(-1);
  const chosen = SPLITS_BY_PRECEDENCE.map((name) => splits.find((each) => each.name === name))
    .find((found) => found !== undefined && found.split.rows.length > 0);
  if (hidden === undefined || chosen === undefined) return undefined;
  const { name, split: { samples, rows } } = chosen;
  const most = Math.max(1, Math.min(SAMPLES, Math.floor(MOST_NUMBERS / hidden.units)));
  return { name, split: { samples, rows: evenlySpaced(rows, most) } };
}
