/**
 * Influences on the answer of a larger network for one sample.
 *
 * @module
 */
import { type ImageShape, imageShape } from "../../report/images.ts";
import { shiftOf } from "../../train/step/batch.ts";
import { scaledFeatures } from "./model_inputs.ts";
import { type LayerGradient, openProbe, type Probe } from "./probe.ts";
import type { Subject } from "./sample.ts";
import { type Change, smallestChange } from "./smallest_change.ts";

type Vector = Float32Array<ArrayBuffer>;

/** A unit of the first hidden layer. */
export interface UnitInfluence {
  /** Number of the unit, from 1. */
  readonly unit: number;
  /** Its output. */
  readonly output: number;
  /** Output times the gradient of the margin with respect to it. */
  readonly influence: number;
  /** Weight times input for each feature [features]. */
  readonly field: Vector;
}

/** A unit of the last hidden layer, or a bias. */
export interface Contribution {
  /** Number of the unit, from 1; undefined for the rest, which is the bias of a linear layer. */
  readonly unit?: number;
  /** Its output; undefined for the rest. */
  readonly output?: number;
  /** Amount that it adds to the logit of the answer. */
  readonly toAnswer: number;
  /** Amount that it adds to the logit of the runner-up. */
  readonly toRunnerUp: number;
}

/** Influences on the answer of a network. */
export interface Influences {
  readonly logits: Vector;
  readonly probabilities: Vector;
  readonly loss: number;
  /** The loss after the update. */
  readonly lossAfter: number;
  /** The most probable class. */
  readonly answer: number;
  /** The second most probable class. */
  readonly runnerUp: number;
  readonly gradients: readonly LayerGradient[];
  /** The units of the first hidden layer with the largest influence; of a network without one, two classes. */
  readonly units: readonly UnitInfluence[];
  /** Whether the units are hidden units. If not, they are the answer and the runner-up. */
  readonly areHidden: boolean;
  /** The units of the last hidden layer with the largest difference, then the others together, then the rest. */
  readonly contributions: readonly Contribution[];
  /** Number of units of the last hidden layer that are not listed. */
  readonly unlisted: number;
  /**
   * Gradient of the margin, logit of the answer less that of the runner-up, times input [features]: of images
   * times the scaled pixel, which is 0 where it is black; of other features times the normalized one.
   */
  readonly gradientTimesInput: Vector;
  /** By how much the margin falls where a patch is set to 0, averaged over patches; of images alone. */
  readonly occlusion?: {
    readonly image: ImageShape;
    readonly side: number;
    /** Row-major [height, width]. */
    readonly falls: Vector;
  } | undefined;
  /** The sample in scaled features [features]. */
  readonly features: Vector;
  readonly change?: Change | undefined;
}

/** Units that are shown as pictures. */
const PICTURES = 8;

/** Units whose contributions are listed. */
const LISTED = 10;

/** Classes towards which the sample is changed. */
const TARGETS = 3;

/** Computes the influences on the answer for a sample. */
export function influencesOf({ model, sample, update }: Subject): Influences {
  const { normalization: { scale }, shape } = model;
  const scaleOf = (feature: number) => typeof scale === "number" ? scale : scale[feature];
  const features = scaledFeatures(model.normalization, sample.values, sample.values.length);
  const image = imageShape(shape);
  const shift = image === undefined
    ? shiftOf(model.normalization, features.length)
    : new Float32Array(features.length);
  const patches = image === undefined ? undefined : patchesOf(image);
  const rows = patches?.corners.length ?? 1;
  const probe = openProbe(model, { rows, units: PICTURES, update });
  const { hidden, ...passed } = probe.pass(features, sample.labels[0]);
  const { logits } = passed;
  const order = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
  const [answer, runnerUp] = order;
  const margin = new Float32Array(logits.length);
  margin[runnerUp] = -1;
  margin[answer] = 1;
  const slope = probe.slope(features, margin);
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
      ? fieldsOf(
        probe,
        features,
        [answer, runnerUp].map((unit) => ({
          unit,
          output: logits[unit],
          influence: unit === answer ? logits[unit] : -logits[unit],
        })),
      )
      : fieldsOf(probe, features, strongest(hidden.first, slope.hidden as Vector)),
    areHidden: hidden !== undefined,
    ...(hidden === undefined
      ? { contributions: [], unlisted: 0 }
      : contributionsOf(probe, hidden.last, { answer, runnerUp, logits })),
    gradientTimesInput: slope.features.map((each, feature) =>
      each * (features[feature] - shift[feature])
    ),
    occlusion: image && patches &&
      occlude(probe, features, { image, patches, answer, runnerUp }),
    features,
    change: smallestChange(probe, features, { answer, others, limits }),
  };
}

function strongest(outputs: Vector, slope: Vector): readonly Omit<UnitInfluence, "field">[] {
  return Array.from(outputs, (output, unit) => ({ unit, output, influence: output * slope[unit] }))
    .sort((a, b) => Math.abs(b.influence) - Math.abs(a.influence) || a.unit - b.unit)
    .slice(0, PICTURES);
}

/** Computes weight × input of units that are numbered from 0, and numbers them from 1. */
function fieldsOf(
  probe: Probe,
  features: Vector,
  units: readonly Omit<UnitInfluence, "field">[],
): readonly UnitInfluence[] {
  const slopes = probe.fields(features, units.map(({ unit }) => unit));
  return units.map((each, index) => ({
    ...each,
    unit: each.unit + 1,
    field: slopes[index].map((slope, feature) => slope * features[feature]),
  }));
}

function contributionsOf(
  probe: Probe,
  outputs: Vector,
  { answer, runnerUp, logits }: Pick<Influences, "answer" | "runnerUp" | "logits">,
): Pick<Influences, "contributions" | "unlisted"> {
  const [answers, runnersUp] = probe.weightsInto(outputs, [answer, runnerUp]);
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

interface Patches {
  /** Side of a patch [pixels]. */
  readonly side: number;
  /** Upper left corners, as [row, column]. */
  readonly corners: readonly (readonly [row: number, column: number])[];
}

/** Patches that cover an image of that many patches a side, each overlapping half of the next. */
const PATCHES = 7;

function patchesOf({ height, width }: ImageShape): Patches {
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

/** Sets each patch to 0, and averages for each pixel the falls of the margin. */
function occlude(
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
  const margin = marginOf(probe.slope(features, whole).logits, 0);
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
