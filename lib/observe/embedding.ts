/**
 * Observes the outputs of a trained network's last hidden layer for some samples, projected on two
 * dimensions.
 *
 * @module
 */
import { z } from "zod";
import {
  labelsOf,
  type NamedSplit,
  pickEvenlySpaced,
  type SplitName,
  SPLITS,
} from "../data/split/samples.ts";
import { projectOnLeadingDirections } from "../data/reduce/leading.ts";
import { SPLITS_BY_PRECEDENCE } from "../evaluate/evaluation.ts";
import type { Network, Tensors } from "../nn/mod.ts";
import {
  type Field,
  fieldGroup,
  jsonField,
  tensorField,
  withConversion,
} from "../run/codec/fields.ts";
import type { Observer } from "../train/observation/observer.ts";
import { isFiniteVector } from "../tensor/math/math.ts";
import { hiddenOutputs } from "./hidden.ts";

/** Largest number of projected samples. */
const SAMPLES = 1000;

/**
 * Largest number of outputs of all projected samples together. If the layer is wide, fewer samples are
 * projected.
 */
const MOST_NUMBERS = 2 ** 21;

/** Outputs of the last hidden layer, projected on their first two principal components. */
export interface Embedding {
  /** Split of the samples. */
  readonly split: SplitName;
  /** Name of the layer. */
  readonly layer: string;
  /** Number of the layer's units. */
  readonly units: number;
  /** Row of each sample in its file. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Index of each sample's true class. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Projections on the first two principal components [samples, 2]. */
  readonly points: Float32Array<ArrayBuffer>;
  /** Variances of the outputs along the first and the second component. */
  readonly variances: readonly [number, number];
  /** Sum of the variances of all of the layer's outputs. */
  readonly variance: number;
}

/** Fields in which an embedding is stored. */
const fields: Field<Embedding> = withConversion(
  fieldGroup(
    {
      rows: tensorField("U32", ["samples"], "rows of the samples in the file that they come from"),
      labels: tensorField("U16", ["samples"], "true classes"),
      points: tensorField("F32", ["samples", 2], "last hidden layer, on its two main directions"),
      variances: tensorField("F64", [3], "variance along each of them, and in all directions"),
    },
    jsonField(
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
 * Observer of the last hidden layer: projects its outputs on their first two principal components. Stores
 * nothing if the network has no hidden layer, or if an output is not finite.
 */
export const embedding: Observer<Embedding> = {
  name: "embedding",
  fields,
  evaluation: {
    samples: chooseEmbeddedSamples,
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
 * Returns evenly spaced samples of the split that is projected: the test split if it was evaluated, else the
 * validation split, else the training split. Returns undefined if no split with samples was evaluated, or if
 * the network has no hidden layer.
 */
export function chooseEmbeddedSamples(
  network: Network,
  splits: readonly NamedSplit[],
): NamedSplit | undefined {
  const hidden = hiddenOutputs(network).at(-1);
  const chosen = SPLITS_BY_PRECEDENCE.map((name) => splits.find((each) => each.name === name))
    .find((found) => found !== undefined && found.split.rows.length > 0);
  if (hidden === undefined || chosen === undefined) return undefined;
  const { name, split: { samples, rows } } = chosen;
  const most = Math.max(1, Math.min(SAMPLES, Math.floor(MOST_NUMBERS / hidden.units)));
  return { name, split: { samples, rows: pickEvenlySpaced(rows, most) } };
}
