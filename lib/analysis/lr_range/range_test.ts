/**
 * Runs the learning-rate range test: a short training whose rate rises from far too small to far too large,
 * and whose loss is recorded at each step.
 *
 * Smith, "Cyclical learning rates for training neural networks" (WACV 2017), section 3.3. There the rate
 * rises linearly over several epochs, and the accuracy is recorded. Here, as in fastai's `lr_find`, the rate
 * rises exponentially, so that every power of ten has equally many steps, and the loss is recorded, which is
 * more informative for a single batch.
 *
 * @module
 */
import { exp, log } from "../../tensor/math/math.ts";
import { openSession, type Training } from "../../train/session.ts";

/** The rates of a test. */
export interface RateRange {
  /** Rate of the first step. */
  readonly from: number;
  /** Rate of the last step. */
  readonly to: number;
  /** Number of steps, unless training diverges earlier. */
  readonly steps: number;
}

/** The recorded steps of a test: all, or those until training diverged. */
export interface RateCurve {
  /** Learning rate of each step. */
  readonly rates: readonly number[];
  /** Mean loss of each step's batch, before the update. */
  readonly losses: readonly number[];
  /** Whether the loss rose far above its minimum, or became non-finite. */
  readonly diverged: boolean;
}

/** Number of steps between checks for divergence; it does not change the result. */
const SEGMENT = 20;

/** Multiple of its minimum at which the smoothed loss counts as diverged; the same as in fastai. */
const MOST = 4;

/** Returns the rate of an update, 1 to `steps`: from · (to / from)^((update − 1) / (steps − 1)). */
export function risingRate(update: number, { from, to, steps }: RateRange): number {
  return from * exp(log(to / from) * (update - 1) / Math.max(1, steps - 1));
}

/** Trains under a rising rate; `onStep` is called with the number of steps so far. */
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
    end = divergedAt(losses, reachOf(range.steps));
    onStep(losses.length);
  }
  const taken = losses.slice(0, end);
  return { rates: taken.map((_, i) => rateOf(i + 1)), losses: taken, diverged: end !== undefined };
}

/** Returns the number of steps on each side over which losses of a test are averaged. */
export function reachOf(steps: number): number {
  return Math.max(1, Math.round(steps / 50));
}

/**
 * Smooths losses by a centred mean over up to `reach` steps on each side, equally many on both, so that the
 * curve is not shifted towards later steps as by a running mean.
 */
export function smoothed(losses: readonly number[], reach: number): readonly number[] {
  return losses.map((_, i) => {
    const side = Math.min(reach, i, losses.length - 1 - i);
    const near = losses.slice(i - side, i + side + 1);
    return near.reduce((sum, loss) => sum + loss, 0) / near.length;
  });
}

/** Returns the number of steps until training diverged; undefined if it did not. */
function divergedAt(losses: readonly number[], reach: number): number | undefined {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  const finite = bad < 0 ? losses : losses.slice(0, bad);
  let least = Infinity;
  for (const [i, loss] of smoothed(finite, reach).entries()) {
    if (i + reach >= finite.length) break; // its mean is still incomplete
    least = Math.min(least, loss);
    if (loss > MOST * least) return i + reach + 1;
  }
  return bad < 0 ? undefined : bad;
}

/** The suggested rate of a curve, and how it was derived. */
export interface RateAdvice {
  /** The smoothed loss of each step. */
  readonly smoothed: readonly number[];
  /** First and last rate of the valley, where the smoothed loss is within 10 % of its minimum. */
  readonly valley: readonly [first: number, last: number];
  /** The suggested rate: the middle of the valley. */
  readonly named: number;
  /** Rate at which the smoothed loss falls fastest on a logarithmic scale: a cautious choice. */
  readonly steepest: number;
  /** Whether the valley reaches an end of the curve, so that rates beyond may be as good. */
  readonly open: { readonly below: boolean; readonly above: boolean };
}

/** Fraction of the smallest smoothed loss by which losses in the valley may exceed it. */
const VALLEY = 0.1;

/**
 * Suggests a rate: the middle of the valley on the logarithmic scale, √(first · last).
 *
 * The literature is more cautious. fastai suggests a tenth of the rate of the smallest loss (`minimum`), or
 * the rate at which the loss falls most steeply (`steep`). Perceptrons with a few layers tolerate more: on
 * 10,000 digits, with 784-128-10, ten epochs and a cosine schedule, the best of seven rates, each about three
 * times the previous one, over two seeds was 0.01 for Adam, 0.1 for momentum and 0.3 for gradient descent.
 * The middle is 0.0043, 0.12 and 0.28; a tenth of the rate of the smallest loss cost 3 to 5 percentage
 * points. The middle is preferred to the rate of the smallest loss, since a valley is flat and the position
 * of its minimum is mostly noise.
 *
 * @param curve a curve of at least one step
 * @param steps planned number of steps
 */
export function adviseRate({ rates, losses, diverged }: RateCurve, steps: number): RateAdvice {
  const reach = reachOf(steps);
  const means = smoothed(losses, reach);
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
    steepest: rates[steepestBefore(means, first, reach)],
    open: { below: first < reach, above: !diverged && last + reach >= means.length },
  };
}

/** Returns the step, up to `last`, around which the curve falls most steeply; `last` if it never falls. */
function steepestBefore(means: readonly number[], last: number, reach: number): number {
  let [steepest, slope] = [last, 0];
  for (let i = reach; i <= last && i + reach < means.length; i++) {
    const fall = means[i + reach] - means[i - reach];
    if (fall < slope) [steepest, slope] = [i, fall];
  }
  return steepest;
}
