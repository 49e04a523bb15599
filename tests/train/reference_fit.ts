/**
 * Fitting by the reference interpreter, in single precision: what the machine must equal, bit for
 * bit. A second, plain statement of the loop over epochs, batches and updates.
 *
 * @module
 */

import { evaluate } from "../../lib/engine/reference/reference.ts";
import { keepSparse } from "../../lib/tensor/rewrite.ts";
import { key, permutation } from "../../lib/tensor/mod.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import {
  accumulationStep,
  initialState,
  shiftOf,
  type Step,
  trainingStep,
  updateGroups,
} from "../../lib/train/mod.ts";
import { storeSplitFeatures } from "../../lib/train/programs.ts";

/** Elements by name. */
type Vectors = Readonly<Record<string, ArrayLike<number>>>;

/** The state after all epochs, and the results of each step. */
export interface ReferenceFit {
  /** State vectors by name, row-major. */
  readonly state: Vectors;
  /** Loss, right predictions and global norm of the gradient of each step. */
  readonly steps: readonly { readonly [name: string]: number }[];
}

/** Fits by the reference interpreter. */
export function referenceFit(options: FitOptions): ReferenceFit {
  const { train, seed, epochs, learningRate, averaging, batchSize, normalization, network } =
    options;
  const every = options.accumulate ?? 1;
  const groups = updateGroups(network, options);
  const { source } = storeSplitFeatures(train, normalization);
  const told = {
    ...options,
    groups,
    source,
    accumulates: every > 1,
    averages: averaging !== undefined,
  };
  const perEpoch = Math.ceil(Math.ceil(train.rows.length / batchSize) / every);
  const run = { steps: perEpoch * epochs, stepsPerEpoch: perEpoch, scores: [] };
  const first = initialState(told);
  const values = evaluate(Object.values(first), {}, "f32");
  let state: Vectors = Object.fromEntries(
    Object.keys(first).map((name, index) => [name, values[index] as Float32Array]),
  );
  const steps: { readonly [name: string]: number }[] = [];
  let update = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = permutation(key(seed, "shuffle", epoch), train.rows.length);
    for (let begin = 0; begin < order.length; begin += batchSize * every) {
      const together = order.subarray(begin, begin + batchSize * every);
      update++;
      for (let at = 0; at < together.length; at += batchSize) {
        const rows = [...together.subarray(at, at + batchSize)]
          .map((place) => train.rows[place] ?? -1);
        const inputs = {
          ...state,
          rows,
          step: [update],
          shift: shiftOf(normalization, network.inputs),
          labels: rows.map((row) => train.samples.labels[row] ?? -1),
          learningRate: Float32Array.of(learningRate(update, run)),
          averageWeight: Float32Array.of(averaging?.(update, run) ?? 0),
          share: Float32Array.of(rows.length / together.length),
        };
        const isLast = at + batchSize >= together.length;
        const make = isLast ? trainingStep : accumulationStep;
        const after = takeStep(make({ ...told, batch: rows.length }), {
          inputs,
          sources: { features: { values: train.samples.values, scale: normalization.scale } },
        });
        state = { ...state, ...after.state };
        steps.push(after.outputs);
      }
    }
  }
  return { state, steps };
}

/** One step, sparse rows kept sparse as for the machine. */
function takeStep(
  { outputs, state }: Step,
  bindings: Parameters<typeof evaluate>[1],
): { readonly outputs: Readonly<Record<string, number>>; readonly state: Vectors } {
  const { outputs: all } = keepSparse({ ...outputs, ...state });
  const values = evaluate(Object.values(all), bindings, "f32");
  const named = Object.fromEntries(Object.keys(all).map((name, i) => [name, values[i] ?? []]));
  const pick = (of: object) => Object.keys(of).map((name) => [name, named[name] ?? []] as const);
  return {
    outputs: Object.fromEntries(pick(outputs).map(([name, [value = NaN]]) => [name, value])),
    state: Object.fromEntries(pick(state)),
  };
}
