/**
 * Observes the weights of the first layer at some moments of training.
 *
 * @module
 */
import { type Field, fieldGroup, jsonField, tensorField } from "../run/codec/fields.ts";
import type { Observer } from "../train/observation/observer.ts";
import { firstLayerWeights, type ShownUnits, shownUnitsSchema } from "./first_layer.ts";
import { appendWithinLimit, plottedEpochs } from "./moments.ts";

/** Largest number of units whose weights are stored: the first ones of the layer. */
const UNITS = 16;

/** Weights into the first units of the first layer at some moments of training. */
export interface WeightsOverTime extends ShownUnits {
  /** Number of finished epochs at each moment [moments]. */
  readonly epochs: Uint32Array<ArrayBuffer>;
  /** Number of training steps before each moment [moments]. */
  readonly steps: Uint32Array<ArrayBuffer>;
  /** Weights into each unit [moments, shown, inputs]. */
  readonly weights: Float32Array<ArrayBuffer>;
}

/** Weights at one moment of training. */
interface MomentWeights {
  /** Number of finished epochs. */
  readonly epoch: number;
  /** Number of training steps. */
  readonly step: number;
  /** Weights into each unit [shown, inputs]. */
  readonly weights: Float32Array<ArrayBuffer>;
}

/** Fields in which the weights are stored. */
const fields: Field<WeightsOverTime> = fieldGroup(
  {
    epochs: tensorField("U32", ["moments"], "epochs finished"),
    steps: tensorField("U32", ["moments"], "steps taken"),
    weights: tensorField("F32", ["moments", "shown", "inputs"], "weights into the first units"),
  },
  jsonField(
    shownUnitsSchema,
    "parameter that has the weights, and numbers of its units and inputs, and of the units shown",
  ),
);

/**
 * Observer of the first layer's weights during training. It observes only runs whose config names its panel.
 */
export const weightsOverTime: Observer<WeightsOverTime> = {
  name: "weightsOverTime",
  onRequest: true,
  fields,
  training: {
    isDue: ({ epoch, epochs, isEpochEnd, isEnd }) =>
      isEnd || isEpochEnd && plottedEpochs(epochs).has(epoch),
    observe({ moment: { epoch, step }, ...network }, before) {
      const found = firstLayerWeights(network, UNITS);
      if (found === undefined || before?.steps.at(-1) === step) return before;
      const { units, weights } = found;
      const moments = appendWithinLimit(splitMoments(before, weights.length), {
        epoch,
        step,
        weights,
      });
      return {
        ...units,
        epochs: Uint32Array.from(moments, ({ epoch }) => epoch),
        steps: Uint32Array.from(moments, ({ step }) => step),
        weights: Float32Array.from(moments.flatMap(({ weights }) => [...weights])),
      };
    },
  },
};

/**
 * Splits the stored weights into the weights at each moment. Returns an empty list if nothing is stored yet, or if
 * a moment does not have `size` weights, as after a change of the network.
 */
function splitMoments(stored: WeightsOverTime | undefined, size: number): readonly MomentWeights[] {
  if (stored === undefined || stored.shown * stored.inputs !== size) return [];
  return Array.from(stored.epochs, (epoch, moment) => ({
    epoch,
    step: stored.steps[moment],
    weights: stored.weights.slice(moment * size, (moment + 1) * size),
  }));
}
