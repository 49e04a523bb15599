/**
 * Fitting by the reference interpreter, in single precision: what the machine must equal, bit for
 * bit. A second, plain statement of the loop over epochs and batches.
 *
 * @module
 */

import { evaluate } from "../../lib/engine/reference.ts";
import { keepSparse } from "../../lib/engine/rewrite.ts";
import { key, permutation } from "../../lib/tensor/mod.ts";
import type { FitOptions } from "../../lib/train/fit.ts";
import { initialState, shiftOf, trainingStep } from "../../lib/train/mod.ts";
import { sourceOf } from "../../lib/train/programs.ts";
import type { Training } from "../../lib/train/session.ts";

/** Elements by name. */
type Vectors = Readonly<Record<string, ArrayLike<number>>>;

/** The state after all epochs, and the results of each step. */
export interface ReferenceFit {
  /** State vectors by name, row-major. */
  readonly state: Vectors;
  /** Loss, right predictions and length of the gradient of each step. */
  readonly steps: readonly { readonly [name: string]: number }[];
}

/** Fits by the reference interpreter. */
export function referenceFit(options: FitOptions & Training): ReferenceFit {
  const { train, seed, epochs, schedule, batchSize, normalization, network } = options;
  const { source } = sourceOf(train, normalization);
  const total = Math.ceil(train.rows.length / batchSize) * epochs;
  const first = initialState(options);
  const values = evaluate(Object.values(first), {}, "f32");
  let state: Vectors = Object.fromEntries(
    Object.keys(first).map((name, index) => [name, values[index] as Float32Array]),
  );
  const steps: { readonly [name: string]: number }[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = permutation(key(seed, "shuffle", epoch), train.rows.length);
    for (let at = 0; at < order.length; at += batchSize) {
      const rows = [...order.subarray(at, at + batchSize)].map((place) => train.rows[place] ?? -1);
      const number = steps.length + 1;
      const inputs = {
        ...{ ...state, rows, step: [number], shift: shiftOf(normalization, network.inputs) },
        labels: rows.map((row) => train.samples.labels[row] ?? -1),
        learningRate: Float32Array.of(
          schedule(number, { steps: total, stepsPerEpoch: total / epochs, scores: [] }),
        ),
      };
      const data = { values: train.samples.values, scale: normalization.scale };
      const after = takeStep({ ...options, source, batch: rows.length }, {
        inputs,
        sources: { features: data },
      });
      state = { ...state, ...after.state };
      steps.push(after.outputs);
    }
  }
  return { state, steps };
}

/** One step, sparse rows kept sparse as for the machine. */
function takeStep(
  options: Parameters<typeof trainingStep>[0],
  bindings: Parameters<typeof evaluate>[1],
): { readonly outputs: Readonly<Record<string, number>>; readonly state: Vectors } {
  const { outputs, state } = trainingStep(options);
  const { outputs: all } = keepSparse({ ...outputs, ...state });
  const values = evaluate(Object.values(all), bindings, "f32");
  const named = Object.fromEntries(Object.keys(all).map((name, i) => [name, values[i] ?? []]));
  const pick = (of: object) => Object.keys(of).map((name) => [name, named[name] ?? []] as const);
  return {
    outputs: Object.fromEntries(pick(outputs).map(([name, [value = NaN]]) => [name, value])),
    state: Object.fromEntries(pick(state)),
  };
}
