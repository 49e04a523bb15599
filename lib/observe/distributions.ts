/**
 * Observes the distributions of activations, parameters and gradients after some epochs, always on the same
 * training samples.
 *
 * @module
 */
import type { Split } from "../data/dataset.ts";
import { below, key } from "../tensor/mod.ts";
import type { Observer, Snapshot } from "../train/observation/observer.ts";
import {
  appendMoment,
  distributionFields,
  type Distributions,
  type MomentDistributions,
} from "./distribution_fields.ts";
import { hiddenOutputs } from "./hidden.ts";
import { countDeadColumns, histogram } from "./histogram.ts";

/** Largest number of samples on which the network is observed. */
const SAMPLES = 256;

/**
 * Largest number of moments at which a training is observed. One more is observed if training stops early.
 */
const MOMENTS = 20;

/** Observer of the distributions of activations, parameters and gradients. */
export const distributions: Observer<Distributions> = {
  name: "distributions",
  fields: distributionFields,
  training: {
    isDue: ({ epoch, epochs, isEpochEnd, isEnd }) =>
      isEnd || isEpochEnd && observedEpochs(epochs).has(epoch),
    pass: {
      samples: (split, seed) => ({ samples: split.samples, rows: observedRows(split, seed) }),
      outputs: ({ network, inputs, grads }) =>
        Object.fromEntries([
          ...hiddenOutputs(network).map(({ layer, readBy }) => [hiddenName(layer), inputs[readBy]]),
          ...network.parameters.map(({ name }) => [gradientName(name), grads[name]]),
        ]),
    },
    observe(snapshot, before) {
      const { epoch, step } = snapshot.moment;
      if (before?.moments.at(-1)?.step === step) return before;
      const { samples } = snapshot;
      const moment = { epoch, step };
      return appendMoment(before, { samples, moment, histograms: computeHistograms(snapshot) });
    },
  },
};

/**
 * Returns the numbers of finished epochs at which a training is observed: 0, and evenly spaced whole
 * numbers from 1 to the number of all epochs.
 */
export function observedEpochs(epochs: number): ReadonlySet<number> {
  const count = Math.min(epochs, MOMENTS - 1);
  const apart = count === 1 ? 0 : (epochs - 1) / (count - 1);
  return new Set([0, ...Array.from({ length: count }, (_, i) => 1 + Math.round(i * apart))]);
}

/**
 * Returns the row numbers of the samples of a split on which the network is observed: all, or 256 that are chosen
 * at random, determined by the run's seed, and sorted.
 */
export function observedRows({ rows }: Pick<Split, "rows">, seed: number): Split["rows"] {
  if (rows.length <= SAMPLES) return rows;
  const drawn = new Set<number>();
  const from = key(seed, "observe");
  for (let i = 0; drawn.size < SAMPLES; i++) drawn.add(below(from, i, rows.length));
  return Uint32Array.from(drawn, (index) => rows[index]).sort();
}

/** Returns the name under which the outputs of a layer are computed. */
function hiddenName(layer: string): string {
  return `hidden.${layer}`;
}

/** Returns the name under which the gradient of a parameter is computed. */
function gradientName(parameter: string): string {
  return `gradient.${parameter}`;
}

/** Computes a snapshot's histograms of activations, parameters and gradients, in this order. */
function computeHistograms(
  { network, parameters, output }: Pick<Snapshot, "network" | "parameters" | "output">,
): MomentDistributions["histograms"] {
  const activations = hiddenOutputs(network).map(({ layer, units }) => {
    const values = output(hiddenName(layer));
    const dead = countDeadColumns(values, units);
    const counted = { ...histogram(values), dead };
    return { kind: "activation", name: layer, shape: [units], histogram: counted } as const;
  });
  const ofParameters = (kind: "parameter" | "gradient", valuesOf: (name: string) => Float32Array) =>
    network.parameters.map(({ name, shape }) => ({
      kind,
      name,
      shape,
      histogram: histogram(valuesOf(name)),
    }));
  return [
    ...activations,
    ...ofParameters("parameter", (name) => parameters.get(name)?.data ?? new Float32Array()),
    ...ofParameters("gradient", (name) => output(gradientName(name))),
  ];
}
