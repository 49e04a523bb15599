/**
 * Computes the influences of pixels, hidden units and weights on the class that a network predicts for a sample.
 *
 * @module
 */
import { type ImageShape, imageShape } from "../../report/images.ts";
import { shiftOf } from "../../train/step/batch.ts";
import { scaleFeatures } from "./model_inputs.ts";
import { type LayerGradientNorms, openProbe, type Probe } from "./probe.ts";
import type { Subject } from "./sample.ts";
import { findSmallestChange, type SampleChange } from "./smallest_change.ts";

type Vector = Float32Array<ArrayBuffer>;

/**
 * Influence of a unit of the first hidden layer on the margin: the predicted class's logit less the runner-up's.
 * Without hidden layers, the unit is one of these two logits.
 */
export interface UnitInfluence {
  /** Number of the unit, from 1. */
  readonly unit: number;
  /** Output of the unit for the sample. */
  readonly output: number;
  /**
   * Output times the gradient of the margin with respect to the output. A positive influence supports the
   * predicted class.
   */
  readonly influence: number;
  /** Gradient of the unit's weighted sum with respect to each scaled feature, times the feature [features]. */
  readonly weightTimesInput: Vector;
}

/**
 * Contribution to the logits of the two most probable classes: of a unit of the last hidden layer, of several
 * units together, or of the rest, such as the bias.
 */
export interface Contribution {
  /** Number of the unit, from 1; undefined for several units and for the rest. */
  readonly unit?: number;
  /** Output of the unit for the sample; undefined for several units and for the rest. */
  readonly output?: number;
  /** Amount added to the logit of the predicted class. */
  readonly toAnswer: number;
  /** Amount added to the logit of the second most probable class. */
  readonly toRunnerUp: number;
}

/** Prediction of a network for a sample, influences on it, and the norms of the loss gradient. */
export interface Influences {
  readonly logits: Vector;
  readonly probabilities: Vector;
  readonly loss: number;
  /** Loss of the sample after the update of the parameters by its gradient. */
  readonly lossAfter: number;
  /** Index of the most probable class, which the network predicts. */
  readonly answer: number;
  /** Index of the second most probable class. */
  readonly runnerUp: number;
  /** Norms of the gradient of the loss, an entry for each layer from the first to the last. */
  readonly gradients: readonly LayerGradientNorms[];
  /**
   * Units of the first hidden layer with the largest influence, by falling magnitude. Without hidden layers,
   * the logits of the two most probable classes.
   */
  readonly units: readonly UnitInfluence[];
  /** Whether `units` are hidden units. If not, they are the logits of the two most probable classes. */
  readonly areHidden: boolean;
  /**
   * Contributions to the logits of the two most probable classes: of the units of the last hidden layer for
   * which they differ most, by falling difference; of all other units together, if any; and of the rest, such
   * as the bias. Empty without hidden layers.
   */
  readonly contributions: readonly Contribution[];
  /** Number of units of the last hidden layer that share one contribution. */
  readonly unlisted: number;
  /**
   * Gradient of the margin (the predicted class's logit less the runner-up's) times input [features]. The input is the
   * scaled pixel of an image, which is 0 for black, or another normalized feature.
   */
  readonly gradientTimesInput: Vector;
  /** Fall of the margin when a patch of the image is set to 0; undefined for features that are not an image. */
  readonly occlusion?: {
    readonly image: ImageShape;
    /** Side length of a patch [pixels]. */
    readonly side: number;
    /** Mean fall of the margin over the patches that cover a pixel, row-major [height, width]. */
    readonly falls: Vector;
  } | undefined;
  /** Features of the sample times the scale of the normalization [features]. The shift is not subtracted. */
  readonly features: Vector;
  /** Smallest change found after which another class is predicted; undefined if none was found. */
  readonly change?: SampleChange | undefined;
}

/** Largest number of hidden units that are drawn as images. */
const PICTURES = 8;

/** Largest number of units whose contributions are listed one by one. */
const LISTED = 10;

/**
 * Number of classes towards which the sample is changed, to find the smallest change of the prediction: the
 * most probable classes besides the predicted one.
 */
const TARGETS = 3;

/**
 * Computes the prediction of a network for a sample, the influences of pixels, hidden units and weights on it,
 * the norms of the loss gradient by layer, and the smallest change found that turns it into another class.
 */
export function computeInfluences({ model, sample, update }: Subject): Influences {
  const { normalization: { scale }, shape } = model;
  const scaleOf = (feature: number) => typeof scale === "number" ? scale : scale[feature];
  const features = scaleFeatures(model.normalization, sample.values, sample.values.length);
  const image = imageShape(shape);
  const shift = image === undefined
    ? shiftOf(model.normalization, features.length)
    : new Float32Array(features.length);
  const patches = image === undefined ? undefined : coverByPatches(image);
  const rows = patches?.corners.length ?? 1;
  const probe = openProbe(model, { rows, units: PICTURES, update });
  const { hidden, ...passed } = probe.pass(features, sample.labels[0]);
  const { logits } = passed;
  const order = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
  const [answer, runnerUp] = order;
  const margin = new Float32Array(logits.length);
  margin[runnerUp] = -1;
  margin[answer] = 1;
  const slope = probe.logitGradients(features, margin);
  const limits = sample.values instanceof Uint8Array
    ? {
      low: features.map((_, feature) => Math.min(0, 255 * scaleOf(feature))),
      high: features.map((_, feature) => Math.max(0, 255 * scaleOf(feature))),
    }
    : undefined;
  const others = order.slice(1, 1 + TARGETS);
  return {
    ...passed,
    answer,
    runnerUp,
    units: hidden === undefined
      ? computeWeightTimesInput(
        probe,
        features,
        [answer, runnerUp].map((unit) => ({
          unit,
          output: logits[unit],
          influence: unit === answer ? logits[unit] : -logits[unit],
        })),
      )
      : computeWeightTimesInput(
        probe,
        features,
        strongestUnits(hidden.first, slope.hidden as Vector),
      ),
    areHidden: hidden !== undefined,
    ...(hidden === undefined
      ? { contributions: [], unlisted: 0 }
      : computeContributions(probe, hidden.last, { answer, runnerUp, logits })),
    gradientTimesInput: slope.features.map((each, feature) =>
      each * (features[feature] - shift[feature])
    ),
    occlusion: image && patches &&
      computeOcclusion(probe, features, { image, patches, answer, runnerUp }),
    features,
    change: findSmallestChange(probe, features, { answer, others, limits }),
  };
}

/**
 * Returns the units with the largest magnitude of output × gradient, by falling magnitude. Units are numbered
 * from 0.
 *
 * @param outputs outputs of the first hidden layer [units]
 * @param slope gradient of the margin with respect to these outputs [units]
 */
function strongestUnits(
  outputs: Vector,
  slope: Vector,
): readonly Omit<UnitInfluence, "weightTimesInput">[] {
  return Array.from(outputs, (output, unit) => ({ unit, output, influence: output * slope[unit] }))
    .sort((a, b) => Math.abs(b.influence) - Math.abs(a.influence) || a.unit - b.unit)
    .slice(0, PICTURES);
}

/**
 * Computes weight × input of each unit. The numbers of units count from 0 in `units`, and from 1 in the
 * result.
 */
function computeWeightTimesInput(
  probe: Probe,
  features: Vector,
  units: readonly Omit<UnitInfluence, "weightTimesInput">[],
): readonly UnitInfluence[] {
  const slopes = probe.unitGradients(features, units.map(({ unit }) => unit));
  return units.map((each, index) => ({
    ...each,
    unit: each.unit + 1,
    weightTimesInput: slopes[index].map((slope, feature) => slope * features[feature]),
  }));
}

/**
 * Computes the contributions of the last hidden layer to the logits of the two most probable classes.
 *
 * @param outputs outputs of the layer [units]
 * @param answer index of the most probable class
 * @param runnerUp index of the second most probable class
 */
function computeContributions(
  probe: Probe,
  outputs: Vector,
  { answer, runnerUp, logits }: Pick<Influences, "answer" | "runnerUp" | "logits">,
): Pick<Influences, "contributions" | "unlisted"> {
  const [answers, runnersUp] = probe.hiddenGradients(outputs, [answer, runnerUp]);
  const all = Array.from(outputs, (output, unit) => ({
    unit: unit + 1,
    output,
    toAnswer: output * answers[unit],
    toRunnerUp: output * runnersUp[unit],
  }));
  const differenceOf = ({ toAnswer, toRunnerUp }: Contribution) => Math.abs(toAnswer - toRunnerUp);
  const sorted = all.toSorted((a, b) => differenceOf(b) - differenceOf(a) || a.unit - b.unit);
  const sumOf = (items: readonly Contribution[]) => ({
    toAnswer: items.reduce((sum, { toAnswer }) => sum + toAnswer, 0),
    toRunnerUp: items.reduce((sum, { toRunnerUp }) => sum + toRunnerUp, 0),
  });
  const total = sumOf(all);
  const others = sorted.slice(LISTED);
  return {
    contributions: [
      ...sorted.slice(0, LISTED),
      ...(others.length === 0 ? [] : [sumOf(others)]),
      {
        toAnswer: logits[answer] - total.toAnswer,
        toRunnerUp: logits[runnerUp] - total.toRunnerUp,
      },
    ],
    unlisted: others.length,
  };
}

/** Overlapping square patches that cover an image. */
interface Patches {
  /** Side length of a patch [pixels]. */
  readonly side: number;
  /** Upper left corner of each patch, as [row, column]. */
  readonly corners: readonly (readonly [row: number, column: number])[];
}

/** Number of occluding patches that, side by side, cover the longer side of an image. */
const PATCHES = 7;

/** Returns square patches that cover an image, about half a side apart in both directions. */
function coverByPatches({ height, width }: ImageShape): Patches {
  const side = Math.max(1, Math.round(Math.max(height, width) / PATCHES));
  const stride = Math.max(1, Math.ceil(side / 2));
  const starts = (length: number) => {
    const last = Math.max(0, length - side);
    const count = Math.ceil(last / stride) + 1;
    return Array.from({ length: count }, (_, index) => Math.min(last, index * stride));
  };
  const corners = starts(height).flatMap((row) =>
    starts(width).map((column) => [row, column] as const)
  );
  return { side, corners };
}

/**
 * Computes the occlusion map of an image. Each patch of the image is set to 0 in turn, and the fall of the
 * margin is measured. The value of a pixel is the mean fall over the patches that cover it.
 *
 * @param features scaled features of the image [height, width, channels]
 * @param answer index of the predicted class
 * @param runnerUp index of the second most probable class
 */
function computeOcclusion(
  probe: Probe,
  features: Vector,
  { image, patches: { side, corners }, answer, runnerUp }: {
    readonly image: ImageShape;
    readonly patches: Patches;
    readonly answer: number;
    readonly runnerUp: number;
  },
): Influences["occlusion"] {
  const { height, width, channels } = image;
  const covered = corners.map(([top, left]) =>
    Array.from({ length: side * side }, (_, i) => [top + Math.floor(i / side), left + i % side])
      .filter(([row, column]) => row < height && column < width)
      .map(([row, column]) => row * width + column)
  );
  const all = new Float32Array(corners.length * features.length);
  covered.forEach((pixels, patch) => {
    const start = patch * features.length;
    all.set(features, start);
    for (const pixel of pixels) {
      all.fill(0, start + pixel * channels, start + (pixel + 1) * channels);
    }
  });
  const classes = probe.network.outputs;
  const marginOf = (logits: Vector, row: number) =>
    logits[row * classes + answer] - logits[row * classes + runnerUp];
  const logits = probe.logitsOf(all);
  const whole = new Float32Array(classes);
  const margin = marginOf(probe.logitGradients(features, whole).logits, 0);
  const [sums, counts] = [new Float64Array(height * width), new Float64Array(height * width)];
  covered.forEach((pixels, patch) => {
    const fall = margin - marginOf(logits, patch);
    for (const pixel of pixels) {
      sums[pixel] += fall;
      counts[pixel]++;
    }
  });
  return { image, side, falls: Float32Array.from(sums, (sum, pixel) => sum / counts[pixel]) };
}
