/**
 * Checks on a few samples that a network can learn, after Karpathy, "A recipe for training neural networks"
 * (2019).
 *
 * @module
 */
import { evaluate } from "../../engine/reference/reference.ts";
import { formatNumber } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { wilsonInterval } from "../../evaluate/metrics/interval.ts";
import {
  forward,
  initialLayerState,
  initialParameters,
  type Loss,
  type Network,
} from "../../nn/mod.ts";
import { below, input, key, sizeOf } from "../../tensor/mod.ts";
import { log } from "../../tensor/math/math.ts";
import { lossAndGradients } from "../../train/step/loss_and_gradients.ts";
import { hiddenOutputs } from "../../observe/hidden.ts";

/** Outcome of one sanity check of a network. */
export interface SanityCheck {
  readonly name: string;
  readonly passed: boolean;
  /** Measured and expected numbers, as text. */
  readonly text: string;
  /** Advice if the check failed. */
  readonly remedy: string;
}

/** Samples as inputs of a network: normalized features and class indices. */
export interface InputSamples {
  /** Normalized features [samples, features]. */
  readonly x: ArrayLike<number>;
  /** Index of the class of each sample [samples]. */
  readonly labels: readonly number[];
}

/** A network before training, its loss, and the seed of its initial parameters. */
export interface InitialModel {
  readonly network: Network;
  readonly loss: Loss;
  readonly seed: number;
  /** Number of classes. */
  readonly classes: number;
}

/** Relative difference between a gradient and its central difference from which the check fails. */
const TOLERANCE = 1e-4;

/** Number of comparisons of the gradient of a random element of a parameter with its central difference. */
const COMPARED = 30;

/**
 * Builds the expressions of forward, loss and backward in the first training step on some samples. Returns them
 * with the values of their inputs: initial parameters, samples, row numbers and the step number.
 */
function buildStep({ network, loss, seed }: InitialModel, samples: InputSamples) {
  const { labels } = samples;
  const size = labels.length;
  const named = (
    tensors: readonly { readonly name: string; readonly shape: readonly number[] }[],
  ) => Object.fromEntries(tensors.map(({ name, shape }) => [name, input(name, shape)]));
  const parameters = named(network.parameters);
  const state = named(network.state);
  const rows = input("rows", [size], "integer");
  const context = { state, training: { seed, samples: rows, step: input("step", [], "integer") } };
  const model = { network, loss, parameters, context };
  const x = input("x", [size, network.inputs]);
  const gradients = lossAndGradients(model, x, input("labels", [size], "integer"));
  const initial = { ...initialParameters(network, seed), ...initialLayerState(network) };
  const values = evaluate(Object.values(initial), {}, "f64");
  const inputs: Record<string, ArrayLike<number>> = {
    ...Object.fromEntries(Object.keys(initial).map((name, index) => [name, values[index]])),
    ...samples,
    rows: labels.map((_, row) => row),
    step: [1],
  };
  return { parameters, context, x, gradients, inputs };
}

function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Checks that the mean loss before training is finite and below 2 ln(classes) + 0.5, where ln(classes) is the
 * loss of equal probabilities for all classes.
 */
export function checkInitialLoss(model: InitialModel, samples: InputSamples): SanityCheck {
  const { gradients, inputs } = buildStep(model, samples);
  const [losses] = evaluate([gradients.losses], { inputs }, "f64");
  const mean = meanOf(losses);
  const ignorant = log(model.classes);
  return {
    name: "loss at the start",
    passed: Number.isFinite(mean) && mean < 2 * ignorant + 0.5,
    text: `${formatNumber(mean, 3)}; ${formatNumber(ignorant, 3)} for equal probabilities`,
    remedy: "normalize the features, or use a smaller initializer in the last layer",
  };
}

/**
 * Compares the gradients of some parameters, chosen at random, with central differences of the mean loss, in
 * double precision. The check fails if a relative difference is {@linkcode TOLERANCE} or more.
 */
export function checkGradients(model: InitialModel, samples: InputSamples): SanityCheck {
  const { gradients, inputs } = buildStep(model, samples);
  const names = Object.keys(gradients.grads);
  const computed = evaluate(Object.values(gradients.grads), { inputs }, "f64");
  const meanLoss = (name: string, index: number, by: number) => {
    const moved = Float64Array.from(inputs[name]);
    moved[index] += by;
    const [losses] = evaluate([gradients.losses], { inputs: { ...inputs, [name]: moved } }, "f64");
    return meanOf(losses);
  };
  let worst = { name: "", difference: 0 };
  for (let i = 0; i < COMPARED; i++) {
    const at = i % names.length;
    const { name, shape } = model.network.parameters[at];
    const index = below(key(model.seed, "check", name), i, sizeOf(shape));
    const found = computed[names.indexOf(name)][index];
    const h = 1e-5;
    const slope = (meanLoss(name, index, h) - meanLoss(name, index, -h)) / (2 * h);
    const ratio = Math.abs(found - slope) / Math.max(1e-4, Math.abs(found), Math.abs(slope));
    const difference = Number.isNaN(ratio) ? Infinity : ratio; // NaN would be less than any tolerance
    if (difference > worst.difference) worst = { name: `${name}[${index}]`, difference };
  }
  return {
    name: "gradients",
    passed: worst.difference < TOLERANCE,
    text: `largest relative difference from central differences ${
      formatNumber(worst.difference, 2)
    }${worst.name === "" ? "" : ` in ${worst.name}`}, of ${COMPARED} parameters`,
    remedy:
      "a backward function is wrong, or the loss has a kink at these samples: try another seed",
  };
}

/**
 * Checks that, before training, at most a sixteenth of the units of any hidden layer are 0 for all samples. A
 * network without hidden layers passes.
 */
export function checkDeadUnits(model: InitialModel, samples: InputSamples): SanityCheck {
  const { parameters, context, x, inputs } = buildStep(model, samples);
  const passed = forward(model.network, parameters, x, { ...context, training: undefined });
  const dead = hiddenOutputs(model.network).map(({ layer, units, readBy }) => {
    const [values] = evaluate([passed.inputs[readBy]], { inputs }, "f64");
    const active = new Set<number>();
    for (let i = 0; i < values.length; i++) if (values[i] !== 0) active.add(i % units);
    return { layer, units, dead: units - active.size };
  });
  const [worst] = dead.toSorted((a, b) => b.dead / b.units - a.dead / a.units);
  return {
    name: "dead units",
    passed: worst === undefined || worst.dead <= worst.units / 16,
    text: worst === undefined
      ? "no hidden layer"
      : `${worst.dead} of ${worst.units} units of ${worst.layer} are 0 for all samples at the start`,
    remedy: "normalize the features, or use leakyRelu",
  };
}

/**
 * Checks that a network trained on shuffled labels has a validation accuracy not significantly above chance: the
 * lower end of its 95 % interval is at most 1 / classes, or at most the fraction of the largest class. Samples that occur in both splits cannot raise the accuracy, since their labels are shuffled too.
 */
export function checkShuffledLabels(
  { classes }: Pick<InitialModel, "classes">,
  { right, samples, largest }: {
    /** Number of validation samples that are classified correctly. */
    readonly right: number;
    /** Number of validation samples. */
    readonly samples: number;
    /** Fraction of the validation samples that are in the largest class. */
    readonly largest: number;
  },
): SanityCheck {
  const [low] = wilsonInterval(right, samples) ?? [0];
  const chance = Math.max(1 / classes, largest);
  return {
    name: "shuffled labels",
    passed: low <= chance,
    text: `validation accuracy ${formatPercent(right / samples, 1)} after training on shuffled ` +
      `labels; at most ${formatPercent(chance, 1)} by chance`,
    remedy:
      "the accuracy does not come from the labels of training: compare how both splits are labelled",
  };
}

/**
 * Checks that training on a single batch reduced the loss below a tenth of its initial value.
 *
 * @param start loss before the first step
 * @param end loss after the last step
 * @param steps number of steps
 */
export function checkOverfitting(
  { start, end, steps }: { readonly start: number; readonly end: number; readonly steps: number },
): SanityCheck {
  return {
    name: "one batch",
    passed: end < 0.1 * start,
    text: `loss from ${formatNumber(start, 3)} to ${
      formatNumber(end, 3)
    } in ${steps} steps on one batch`,
    remedy:
      "raise train.learningRate, or look at labels and loss: it cannot learn a few samples by heart",
  };
}
