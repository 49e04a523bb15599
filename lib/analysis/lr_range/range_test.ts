/**
 * Runs learning-rate range tests: short trainings whose learning rate rises at each update from far too small to far
 * too large, to find a suitable rate from the loss of each step.
 *
 * Smith, "Cyclical learning rates for training neural networks" (WACV 2017), section 3.3. In this paper the rate rises
 * linearly over several epochs, and accuracy is measured. Here, as in fastai's `lr_find`, the rate rises
 * exponentially, so that every power of ten has the same number of steps. The loss is measured, because it says more
 * about a single batch than accuracy does.
 *
 * @module
 */
import { exp, log } from "../../tensor/math/math.ts";
import { openSession, type Training } from "../../train/session.ts";

/** Learning rates of a range test, and its number of steps. */
export interface RateRange {
  /** Learning rate of the first step. */
  readonly from: number;
  /** Learning rate of the last step. */
  readonly to: number;
  /** Number of training steps, fewer if training diverges. */
  readonly steps: number;
}

/** Learning rate and loss of each step of a range test, up to the step at which training diverged. */
export interface RateCurve {
  /** Learning rate of each step. */
  readonly rates: readonly number[];
  /** Mean loss of each step's batch, before the update. */
  readonly losses: readonly number[];
  /** Whether training ended early because the loss rose far above its minimum or became non-finite. */
  readonly diverged: boolean;
}

/** Number of steps between two checks for divergence. The result of a test does not depend on it. */
const SEGMENT = 20;

/**
 * Factor by which a smoothed loss exceeds the smallest one before it when training counts as diverged; the same
 * as in fastai.
 */
const MOST = 4;

/**
 * Returns the learning rate of an update: from · (to / from)^((update − 1) / (steps − 1)).
 *
 * @param update number of the update, from 1 to `steps`
 */
export function risingRate(update: number, { from, to, steps }: RateRange): number {
  return from * exp(log(to / from) * (update - 1) / Math.max(1, steps - 1));
}

/**
 * Runs a learning-rate range test: trains a network while the learning rate rises, until the last step or until
 * training diverges. The validation split is not used.
 *
 * @param training network, data and options of the training
 * @param range learning rates and number of steps
 * @param onStep is called after every few steps with the number of finished steps
 */
export async function testRates(
  { validation: _, ...training }: Training,
  range: RateRange,
  onStep: (step: number) => void = () => {},
): Promise<RateCurve> {
  await using session = await openSession({ ...training, averaging: undefined });
  const { steps: perEpoch } = session.batches;
  const updates = session.updates.numberOf(range.steps);
  const rateOf = (step: number) =>
    risingRate(session.updates.numberOf(step), { ...range, steps: updates });
  const losses: number[] = [];
  let end: number | undefined;
  await session.initialize();
  while (losses.length < range.steps && end === undefined) {
    const inEpoch = losses.length % perEpoch;
    if (inEpoch === 0) {
      session.prepare(losses.length / perEpoch, { rateOf, averageWeightOf: () => 0 });
    }
    const to = Math.min(perEpoch, inEpoch + SEGMENT, inEpoch + range.steps - losses.length);
    await session.run(inEpoch, to);
    for (const loss of session.results(inEpoch, to).loss) losses.push(loss);
    end = stepsUntilDivergence(losses, smoothingReach(range.steps));
    onStep(losses.length);
  }
  const taken = losses.slice(0, end);
  return { rates: taken.map((_, i) => rateOf(i + 1)), losses: taken, diverged: end !== undefined };
}

/**
 * Returns the number of steps before a step, and after it, over which its loss is averaged.
 *
 * @param steps planned number of steps of the test
 */
export function smoothingReach(steps: number): number {
  return Math.max(1, Math.round(steps / 50));
}

/**
 * Smooths losses by a centred mean over `reach` steps on each side. Near the ends there are fewer steps, but as
 * many on one side as on the other. Unlike a running mean, a centred mean does not shift the curve towards
 * later steps.
 */
export function smoothLosses(losses: readonly number[], reach: number): readonly number[] {
  return losses.map((_, i) => {
    const side = Math.min(reach, i, losses.length - 1 - i);
    const near = losses.slice(i - side, i + side + 1);
    return near.reduce((sum, loss) => sum + loss, 0) / near.length;
  });
}

/**
 * Returns how many of the first steps a divergent training keeps: those before the first loss that is not finite,
 * or those up to the last one in the smoothed loss that is too high. Returns undefined if it did not diverge.
 *
 * @param losses loss of each step until now
 * @param reach number of steps on each side over which losses are smoothed
 */
function stepsUntilDivergence(losses: readonly number[], reach: number): number | undefined {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  const finite = bad < 0 ? losses : losses.slice(0, bad);
  let least = Infinity;
  for (const [i, loss] of smoothLosses(finite, reach).entries()) {
    if (i + reach >= finite.length) break; // its mean is still incomplete
    least = Math.min(least, loss);
    if (loss > MOST * least) return i + reach + 1;
  }
  return bad < 0 ? undefined : bad;
}

/** Learning rate suggested by a range test, and the figures from which it was derived. */
export interface RateAdvice {
  /** Smoothed loss of each step. */
  readonly smoothed: readonly number[];
  /** First and last rate of the valley, in which the smoothed loss is within 10 % of its minimum. */
  readonly valley: readonly [first: number, last: number];
  /** Suggested rate: the middle of the valley on a logarithmic scale. */
  readonly named: number;
  /** Rate at which the smoothed loss falls fastest on a logarithmic scale: a cautious choice. */
  readonly steepest: number;
  /** Whether the valley reaches the lower or the upper end of the tested rates, so that rates beyond may be as good. */
  readonly open: { readonly below: boolean; readonly above: boolean };
}

/** Largest excess of a smoothed loss in the valley over the smallest one, as a fraction of the smallest. */
const VALLEY = 0.1;

/**
 * Suggests a learning rate from a range test: the middle of the valley on a logarithmic scale, √(first ·
 * last). The valley reaches from the first to the last rate whose smoothed loss is at most 10 % above the
 * minimum.
 *
 * The literature is more cautious. fastai suggests a tenth of the rate of the smallest loss (`minimum`), or
 * the rate at which the loss falls most steeply (`steep`). Perceptrons with a few layers tolerate more.
 * This was measured on 10,000 digits, with the network 784-128-10, ten epochs, a cosine schedule and two
 * seeds. Of seven rates, each about three times the previous one, the best was 0.01 for Adam, 0.1 for
 * momentum and 0.3 for gradient descent. The middle of the valley was 0.0043, 0.12 and 0.28. A tenth of the
 * rate of the smallest loss cost 3 to 5 percentage points of accuracy. The middle is preferred to the rate
 * of the smallest loss, since a valley is flat and the position of its minimum is mostly noise.
 *
 * @param curve results of a range test with at least one step
 * @param steps planned number of steps of the test
 */
export function adviseRate({ rates, losses, diverged }: RateCurve, steps: number): RateAdvice {
  const reach = smoothingReach(steps);
  const means = smoothLosses(losses, reach);
  const most = (1 + VALLEY) * means.reduce((least, loss) => Math.min(least, loss));
  const [first, last] = [
    means.findIndex((loss) => loss <= most),
    means.findLastIndex((loss) => loss <= most),
  ];
  const valley = [rates[first], rates[last]] as const;
  return {
    smoothed: means,
    valley,
    named: Math.sqrt(valley[0] * valley[1]),
    steepest: rates[findSteepest(means, first, reach)],
    open: { below: first < reach, above: !diverged && last + reach >= means.length },
  };
}

/**
 * Returns the index, up to `last`, around which smoothed losses fall most steeply; `last` if they never fall.
 *
 * @param means smoothed loss of each step
 * @param reach number of steps on each side between which the fall is measured
 */
function findSteepest(means: readonly number[], last: number, reach: number): number {
  let [steepest, slope] = [last, 0];
  for (let i = reach; i <= last && i + reach < means.length; i++) {
    const fall = means[i + reach] - means[i - reach];
    if (fall < slope) [steepest, slope] = [i, fall];
  }
  return steepest;
}
