/**
 * Lists the exercises, the easiest first.
 *
 * @module
 */
import {
  batchNormBackward,
  denseBackward,
  dropoutForward,
  reluBackward,
} from "../../nn/layers/mod.ts";
import { oneHot } from "../../nn/losses/one_hot.ts";
import { softmax } from "../../nn/losses/softmax.ts";
import { softmaxCrossEntropy } from "../../nn/losses/softmax_cross_entropy.ts";
import {
  add,
  addRow,
  broadcastRow,
  div,
  greater,
  input,
  matmul,
  max,
  mul,
  sqrt,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../../tensor/mod.ts";
import { defineExercise, exampleNumbers, type Exercise } from "./exercise.ts";

/** Weight and bias of a dense layer as tensors. */
interface Dense {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

const [BATCH, INPUTS, UNITS] = [3, 4, 2];

const x = input("x", [BATCH, INPUTS]);
const dy = input("dy", [BATCH, UNITS]);
const dense: Dense = { weight: input("weight", [INPUTS, UNITS]), bias: input("bias", [UNITS]) };
const vector = (name: string) => input(name, [5]);
const numbers = Object.fromEntries(
  Object.entries({ x: 12, dy: 6, weight: 8, bias: 2, p: 5, g: 5, v: 5, scale: 4, z: 9, dx: 12 })
    .map(([name, count]) => [name, exampleNumbers(count, name)]),
);

const centralDifference = defineExercise<
  (f: (x: number) => number, x: number, h: number) => number
>({
  name: "central-difference",
  summary: "The slope of a function by central differences",
  exported: "centralDifference",
  source: `/**
 * Returns the slope of f at x by the central difference of width h:
 *
 *     (f(x + h) − f(x − h)) / 2h
 */
export function centralDifference(f: (x: number) => number, x: number, h: number): number {
  throw new Error("not written yet");
}
`,
  call: (slope) => ({
    slopes: [-1, 0.5, 2].flatMap((x) => [slope((x) => x * x * x, x, 0.125), slope(Math.abs, x, 1)]),
  }),
  solution: (f, x, h) => (f(x + h) - f(x - h)) / (2 * h),
  mistakes: {
    "This is the forward difference, (f(x + h) − f(x)) / h, whose error shrinks with h only": (
      f,
      x,
      h,
    ) => (f(x + h) - f(x)) / h,
    "The step from x − h to x + h is 2h, not h": (f, x, h) => (f(x + h) - f(x - h)) / h,
  },
});

const reluExercise = defineExercise<(x: Tensor, dy: Tensor) => Tensor>({
  name: "relu-backward",
  summary: "The gradient of the rectifier",
  exported: "reluBackward",
  imports: {
    "tensor/mod.ts": "greater, mul, select, type Tensor",
  },
  source: `/**
 * Returns the gradient of the loss with respect to x, given dy, that with respect to y.
 *
 *     forward    y  = max(x, 0)
 *     backward   dx = dy where x > 0, else 0
 *
 *     x, y, dx, dy [batch, units]
 */
export function reluBackward(x: Tensor, dy: Tensor): Tensor {
  throw new Error("not written yet");
}
`,
  inputs: numbers,
  call: (backward) => ({ dx: backward(x, input("dx", [BATCH, INPUTS])) }),
  solution: (x, dy) => reluBackward(x, dy).dx,
  mistakes: {
    "The gradient passes only where x is positive": (_, dy) => dy,
    "This is the forward pass: the gradient depends on dy": (x) => max(x, 0),
    "The derivative is 1 where x is positive, not x": (x, dy) => mul(max(x, 0), dy),
  },
});

const denseExercise = defineExercise<
  (params: Dense, x: Tensor, dy: Tensor) => { dx: Tensor; weight: Tensor; bias: Tensor }
>({
  name: "dense-backward",
  summary: "The gradients of a dense layer",
  exported: "denseBackward",
  imports: {
    "tensor/mod.ts": "matmul, sum, type Tensor, transpose",
  },
  source: `/**
 * Returns the gradients of the loss with respect to x and the parameters, given dy, that with respect to y.
 *
 *     forward    y  = x W + b        x [batch, in]   W [in, out]   b [out]   y [batch, out]
 *     backward   dW = xᵀ dy          db = Σ rows of dy          dx = dy Wᵀ
 *
 * \`sum(dy, "rows")\` adds the rows: [batch, out] → [out].
 */
export function denseBackward(
  params: { weight: Tensor; bias: Tensor },
  x: Tensor,
  dy: Tensor,
): { dx: Tensor; weight: Tensor; bias: Tensor } {
  throw new Error("not written yet");
}
`,
  inputs: numbers,
  call: (backward) => ({ ...backward(dense, x, dy) }),
  solution(params, x, dy) {
    const { dx, grads } = denseBackward(params, x, dy);
    return { dx, ...grads };
  },
  mistakes: {
    "The gradients are sums over the samples, not means": ({ weight }, x, dy) => ({
      dx: matmul(dy, transpose(weight)),
      weight: div(matmul(transpose(x), dy), BATCH),
      bias: div(sum(dy, "rows"), BATCH),
    }),
  },
});

const lossExercise = defineExercise<(logits: Tensor, labels: Tensor) => Tensor>({
  name: "softmax-cross-entropy-gradient",
  summary: "The gradient of the softmax cross-entropy",
  exported: "softmaxCrossEntropyGradient",
  imports: {
    "nn/losses/one_hot.ts": "oneHot",
    "nn/losses/softmax.ts": "softmax",
    "tensor/mod.ts": "div, sub, type Tensor",
  },
  source: `/**
 * Returns the gradient of the mean loss with respect to the logits.
 *
 *     forward    p = softmax(z)          loss = mean over the batch of −log p at the label
 *     backward   dz = (p − y) / batch    y = 1 at the label, else 0
 *
 *     z, p, y, dz [batch, classes]   labels integer [batch]
 *
 * \`oneHot(labels, classes)\` is y. \`logits.shape\` is [batch, classes].
 */
export function softmaxCrossEntropyGradient(logits: Tensor, labels: Tensor): Tensor {
  throw new Error("not written yet");
}
`,
  inputs: { ...numbers, labels: [2, 0, 1] },
  call: (gradient) => ({ dz: gradient(input("z", [3, 3]), input("labels", [3], "integer")) }),
  solution: softmaxCrossEntropy().backward,
  mistakes: {
    "The loss is a mean over the batch, so its gradient is divided by the batch": (z, labels) =>
      sub(softmax(z), oneHot(labels, 3)),
    "What is true is missing: the one-hot labels are subtracted": (z) => div(softmax(z), 3),
    "The sign is the other way round: probabilities less labels": (z, labels) =>
      div(sub(oneHot(labels, 3), softmax(z)), 3),
  },
});

const stepExercise = defineExercise<
  (params: Dense, x: Tensor, labels: Tensor, rate: number) => { weight: Tensor; bias: Tensor }
>({
  name: "training-step",
  summary: "One training step of a network without a hidden layer",
  exported: "trainingStep",
  imports: {
    "nn/layers/dense.ts": "denseBackward, denseForward",
    "nn/losses/softmax_cross_entropy.ts": "softmaxCrossEntropy",
    "tensor/mod.ts": "mul, sub, type Tensor",
  },
  source: `/**
 * Returns the parameters after one step of gradient descent on a batch: forward, the gradient of the loss,
 * backward, update.
 *
 *     p' = p − rate · dL/dp
 *
 *     x [batch, in]   labels integer [batch]   weight [in, classes]   bias [classes]
 *
 * \`softmaxCrossEntropy().backward(logits, labels)\` is the gradient of the loss.
 */
export function trainingStep(
  params: { weight: Tensor; bias: Tensor },
  x: Tensor,
  labels: Tensor,
  rate: number,
): { weight: Tensor; bias: Tensor } {
  throw new Error("not written yet");
}
`,
  inputs: { ...numbers, labels: [1, 0, 1] },
  call: (step) => ({ ...step(dense, x, input("labels", [BATCH], "integer"), 0.5) }),
  solution: (params, x, labels, rate) =>
    addScaledGradients(params, computeGradients(params, x, labels), -rate),
  mistakes: {
    "The step goes against the gradient: subtract": (params, x, labels, rate) =>
      addScaledGradients(params, computeGradients(params, x, labels), rate),
    "The learning rate is missing": (params, x, labels) =>
      addScaledGradients(params, computeGradients(params, x, labels), -1),
    "The bias is a parameter, too": (params, x, labels, rate) => ({
      ...addScaledGradients(params, computeGradients(params, x, labels), -rate),
      bias: params.bias,
    }),
  },
});

/**
 * Computes the gradients of the mean softmax cross-entropy with respect to the parameters of a network with one
 * dense layer.
 */
function computeGradients(params: Dense, x: Tensor, labels: Tensor): Dense {
  const logits = addRow(matmul(x, params.weight), params.bias);
  return denseBackward(params, x, softmaxCrossEntropy().backward(logits, labels)).grads;
}

/**
 * Returns params + factor · grads. A negative factor subtracts, with the same bits as the formula of the
 * exercise.
 */
function addScaledGradients(params: Dense, grads: Dense, factor: number): Dense {
  const moved = (name: keyof Dense) =>
    factor < 0
      ? sub(params[name], mul(grads[name], -factor))
      : add(params[name], mul(grads[name], factor));
  return { weight: moved("weight"), bias: moved("bias") };
}

const momentumExercise = defineExercise<
  (p: Tensor, g: Tensor, v: Tensor, o: { rate: number; decay: number }) => { p: Tensor; v: Tensor }
>({
  name: "momentum",
  summary: "Gradient descent with momentum",
  exported: "momentum",
  imports: {
    "tensor/mod.ts": "add, mul, sub, type Tensor",
  },
  source: `/**
 * Returns parameters and velocity after a step of gradient descent with momentum (Polyak, 1964):
 *
 *     v' = decay v + g
 *     p' = p − rate v'
 *
 *     p (parameters), g (gradient), v (velocity) [n]
 */
export function momentum(
  p: Tensor,
  g: Tensor,
  v: Tensor,
  { rate, decay }: { rate: number; decay: number },
): { p: Tensor; v: Tensor } {
  throw new Error("not written yet");
}
`,
  inputs: numbers,
  call: (update) => ({
    ...update(vector("p"), vector("g"), vector("v"), { rate: 0.1, decay: 0.75 }),
  }),
  solution(p, g, v, { rate, decay }) {
    const next = add(mul(v, decay), g);
    return { p: sub(p, mul(next, rate)), v: next };
  },
  mistakes: {
    "The parameters move by the new velocity, not the old one": (p, g, v, { rate, decay }) => ({
      p: sub(p, mul(v, rate)),
      v: add(mul(v, decay), g),
    }),
    "The rate stands outside the velocity, as in PyTorch": (p, g, v, { rate, decay }) => {
      const next = add(mul(v, decay), mul(g, rate));
      return { p: sub(p, next), v: next };
    },
    "The gradient counts in full, not by 1 − decay": (p, g, v, { rate, decay }) => {
      const next = add(mul(v, decay), mul(g, 1 - decay));
      return { p: sub(p, mul(next, rate)), v: next };
    },
  },
});

/**
 * State of Adam: the running means of the gradient (`first`) and of its square (`second`), and the step number,
 * from 1.
 */
interface AdamState {
  readonly first: Tensor;
  readonly second: Tensor;
  readonly step: number;
}

const [RATE, BETA1, BETA2, EPSILON] = [0.125, 0.875, 0.96875, 0.0625];

const adamExercise = defineExercise<
  (p: Tensor, g: Tensor, state: AdamState) => { p: Tensor; first: Tensor; second: Tensor }
>({
  name: "adam",
  summary: "A step of Adam",
  exported: "adam",
  imports: {
    "tensor/mod.ts": "add, div, mul, sqrt, sub, type Tensor",
  },
  source: `const rate = ${RATE};
const beta1 = ${BETA1};
const beta2 = ${BETA2};
const epsilon = ${EPSILON};

/**
 * Returns parameters and means after a step of Adam (Kingma and Ba, 2015, algorithm 1), t = 1, 2, …:
 *
 *     m' = beta1 m + (1 − beta1) g            m̂ = m' / (1 − beta1ᵗ)
 *     v' = beta2 v + (1 − beta2) g²           v̂ = v' / (1 − beta2ᵗ)
 *     p' = p − rate m̂ / (√v̂ + epsilon)
 *
 *     p (parameters), g (gradient), m (first), v (second) [n]   t (step) a number
 */
export function adam(
  p: Tensor,
  g: Tensor,
  { first, second, step }: { first: Tensor; second: Tensor; step: number },
): { p: Tensor; first: Tensor; second: Tensor } {
  throw new Error("not written yet");
}
`,
  inputs: { ...numbers, second: [0.5, 1, 0.25, 2, 0.125] },
  call: (update) => ({
    ...update(vector("p"), vector("g"), {
      first: vector("v"),
      second: vector("second"),
      step: 3,
    }),
  }),
  solution: (p, g, state) => adamVariant(p, g, state, {}),
  mistakes: {
    "The means are divided by 1 − βᵗ, since they begin at zero": (p, g, state) =>
      adamVariant(p, g, state, { isBiasCorrected: false }),
    "Epsilon stands outside the root": (p, g, state) =>
      adamVariant(p, g, state, { isEpsilonInRoot: true }),
    "The correction takes the power t of beta, the number of the step": (p, g, state) =>
      adamVariant(p, g, { ...state, step: 1 }, {}),
  },
});

/**
 * Returns base^exponent for a whole exponent from 0. Only multiplications are used, so the bits are the same on
 * every machine.
 */
function integerPower(base: number, exponent: number): number {
  return Array.from({ length: exponent }, () => base).reduce((product, each) => product * each, 1);
}

/**
 * Computes a step of Adam. The options make it wrong: without the correction of the means, or with epsilon
 * inside the root.
 */
function adamVariant(
  p: Tensor,
  g: Tensor,
  { first, second, step }: AdamState,
  { isBiasCorrected = true, isEpsilonInRoot = false },
) {
  const m = add(mul(first, BETA1), mul(g, 1 - BETA1));
  const v = add(mul(second, BETA2), mul(mul(g, g), 1 - BETA2));
  const [mean, square] = isBiasCorrected
    ? [div(m, 1 - integerPower(BETA1, step)), div(v, 1 - integerPower(BETA2, step))]
    : [m, v];
  const size = isEpsilonInRoot ? sqrt(add(square, EPSILON)) : add(sqrt(square), EPSILON);
  return { p: sub(p, div(mul(mean, RATE), size)), first: m, second: v };
}

const dropoutExercise = defineExercise<(x: Tensor, mask: Tensor, rate: number) => Tensor>({
  name: "dropout",
  summary: "Dropout with a given mask",
  exported: "dropout",
  imports: {
    "tensor/mod.ts": "mul, select, type Tensor",
  },
  source: `/**
 * Returns x where the mask is set, scaled so that the expected sum stays as it is, and 0 elsewhere.
 *
 *     y = x / (1 − rate) where the mask is set, else 0      x, y [batch, units]
 *
 * \`select(mask, a, b)\` is a where the mask is set, and b elsewhere.
 */
export function dropout(x: Tensor, mask: Tensor, rate: number): Tensor {
  throw new Error("not written yet");
}
`,
  inputs: { ...numbers, mask: [1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0] },
  call: (drop) => ({ y: drop(x, greater(input("mask", [BATCH, INPUTS]), 0), 0.25) }),
  solution: (x, mask, rate) => dropoutForward({ rate }, x, mask),
  mistakes: {
    "What is kept is scaled by 1 / (1 − rate)": (x, mask) => dropoutForward({ rate: 0 }, x, mask),
    "The mask says what is kept, not what is dropped": (x, mask, rate) =>
      sub(div(x, 1 - rate), dropoutForward({ rate }, x, mask)),
  },
});

const ROWS = 3;

const batchNormExercise = defineExercise<
  (scale: Tensor, x: Tensor, dy: Tensor, epsilon: number) => Tensor
>({
  name: "batch-norm-backward",
  summary: "The gradient of batch normalization with respect to its input",
  exported: "batchNormBackward",
  imports: {
    "tensor/mod.ts": "add, addRow, broadcastRow, div, mul, sqrt, sub, sum, type Tensor",
  },
  source: `/**
 * Returns the gradient with respect to x, given dy (Ioffe and Szegedy, 2015, section 3).
 *
 *     forward    μ  = Σ x / m         σ² = Σ (x − μ)² / m         sums over the m rows
 *                x̂  = (x − μ) / √(σ² + ε)
 *                y  = γ x̂ + β
 *     backward   dβ = Σ dy            dγ = Σ dy x̂
 *                dx = γ / √(σ² + ε) (dy − dβ / m − x̂ dγ / m)
 *
 *     x, x̂, y, dx, dy [m, n]   μ, σ², γ (scale), β, dβ, dγ [n]
 *
 * \`sum(x, "rows")\` is [n]; \`broadcastRow(row, m)\` repeats it: [m, n]. \`x.shape\` is [m, n].
 */
export function batchNormBackward(
  scale: Tensor,
  x: Tensor,
  dy: Tensor,
  epsilon: number,
): Tensor {
  throw new Error("not written yet");
}
`,
  inputs: numbers,
  call: (backward) => ({
    dx: backward(input("scale", [INPUTS]), x, input("dx", [BATCH, INPUTS]), 0.5),
  }),
  solution: (scale, x, dy, epsilon) => batchNormBackward({ scale }, x, dy, { epsilon }).dx,
  mistakes: {
    "Mean and variance depend on x, too: two terms are missing": (scale, x, dy, epsilon) =>
      mul(broadcastRow(div(scale, columnDeviations(x, epsilon)), ROWS), dy),
    "The term of the variance is missing, x̂ dγ / m": (scale, x, dy, epsilon) =>
      mul(
        broadcastRow(div(scale, columnDeviations(x, epsilon)), ROWS),
        sub(dy, broadcastRow(div(sum(dy, "rows"), ROWS), ROWS)),
      ),
  },
});

/** Returns √(σ² + ε) for each of the n columns of x [3, n], where σ² is the variance of the column: [n]. */
function columnDeviations(x: Tensor, epsilon: number): Tensor {
  const centred = sub(x, broadcastRow(div(sum(x, "rows"), ROWS), ROWS));
  return sqrt(add(div(sum(mul(centred, centred), "rows"), ROWS), epsilon));
}

const scheduleExercise = defineExercise<
  (step: number, o: { steps: number; from: number; to: number }) => number
>({
  name: "linear-warm-up",
  summary: "A learning rate that rises and then falls in straight lines",
  exported: "learningRate",
  source: `/**
 * Returns the learning rate of a step: it rises in a straight line for the first tenth of the steps, from
 * \`from / w\` at step 1 to \`from\` at step w = steps / 10, and then falls in a straight line to \`to\` at the
 * last step.
 *
 *     step ≤ w    rate = from · step / w
 *     step > w    rate = from + (to − from) · (step − w) / (steps − w)
 *
 * Steps count from 1; \`steps\` is a multiple of 10.
 */
export function learningRate(
  step: number,
  { steps, from, to }: { steps: number; from: number; to: number },
): number {
  throw new Error("not written yet");
}
`,
  call: (rate) => ({
    rates: Array.from(
      { length: 40 },
      (_, index) => rate(index + 1, { steps: 40, from: 1, to: 0.25 }),
    ),
  }),
  solution: (step, { steps, from, to }) => warmUpRate(step, { steps, from, to }),
  mistakes: {
    "Steps count from 1: the first rate is not 0": (step, options) => warmUpRate(step - 1, options),
    "The rise is missing": (step, { steps, from, to }) => from + (to - from) * (step / steps),
    "The fall ends at `to`, not at 0": (step, { steps, from }) =>
      warmUpRate(step, { steps, from, to: 0 }),
  },
});

/**
 * Returns the learning rate of a step: `from` · step / w up to step w = steps / 10, then a straight line to
 * `to`.
 */
function warmUpRate(
  step: number,
  { steps, from, to }: { readonly steps: number; readonly from: number; readonly to: number },
): number {
  const rise = steps / 10;
  if (step <= rise) return (from * step) / rise;
  return from + ((to - from) * (step - rise)) / (steps - rise);
}

/** Exercises, the easiest first. */
export const exercises: readonly Exercise[] = [
  centralDifference,
  reluExercise,
  denseExercise,
  lossExercise,
  stepExercise,
  momentumExercise,
  adamExercise,
  scheduleExercise,
  dropoutExercise,
  batchNormExercise,
];
