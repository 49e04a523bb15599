/**
 * The learning rate range test: a short training under a rate that rises from far too small to far too
 * large, of which the loss of each step is looked at.
 *
 * Smith, "Cyclical learning rates for training neural networks" (WACV 2017), section 3.3. There the rate
 * rises linearly over several epochs and the accuracy is looked at; here, as in fastai's `lr_find`, the
 * rate rises exponentially, so that every power of ten gets as many steps, and the loss is looked at,
 * which says more about a single batch.
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
  /** Steps, unless training diverges before. */
  readonly steps: number;
}

/** What came of a test: the steps until training diverged, or all. */
export interface RateCurve {
  /** Learning rate of each step. */
  readonly rates: readonly number[];
  /** Mean loss of each step's batch, before the update. */
  readonly losses: readonly number[];
  /** Whether the loss rose far above its smallest, or was no finite number. */
  readonly diverged: boolean;
}

/** Steps after which the losses are looked at; of no influence on what is found. */
const SEGMENT = 20;

/** How many times its smallest value the smoothed loss may have; fastai takes the same. */
const MOST = 4;

/** The rate of an update, from 1 to `steps`: from · (to / from)^((update − 1) / (steps − 1)). */
export function risingRate(update: number, { from, to, steps }: RateRange): number {
  return from * exp(log(to / from) * (update - 1) / Math.max(1, steps - 1));
}

/** Trains under a rising rate; `onStep` is told how many steps are taken. */
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

/** How many steps to each side a loss is averaged over, in a test of so many. */
export function reachOf(steps: number): number {
  return Math.max(1, Math.round(steps / 50));
}

/**
 * Means of each loss and those beside it, up to `reach` on each side and equally many on both, so that
 * the curve is not moved towards later steps, as a running mean would move it.
 */
export function smoothed(losses: readonly number[], reach: number): readonly number[] {
  return losses.map((_, i) => {
    const side = Math.min(reach, i, losses.length - 1 - i);
    const near = losses.slice(i - side, i + side + 1);
    return near.reduce((sum, loss) => sum + loss, 0) / near.length;
  });
}

/** How many steps there are before training has diverged; undefined if it has not. */
function divergedAt(losses: readonly number[], reach: number): number | undefined {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  const finite = bad < 0 ? losses : losses.slice(0, bad);
  let least = Infinity;
  for (const [i, loss] of smoothed(finite, reach).entries()) {
    if (i + reach >= finite.length) break; // its mean is not yet over all that it will be
    least = Math.min(least, loss);
    if (loss > MOST * least) return i + reach + 1;
  }
  return bad < 0 ? undefined : bad;
}

/** What a curve says of rates. */
export interface RateAdvice {
  /** The smoothed loss of each step. */
  readonly smoothed: readonly number[];
  /** The first and the last rate of the valley: where the smoothed loss is within 10 % of its smallest. */
  readonly valley: readonly [first: number, last: number];
  /** The middle of the valley: the rate that the test names. */
  readonly named: number;
  /** The rate at which the smoothed loss falls fastest for a factor of the rate: a cautious choice. */
  readonly steepest: number;
  /** At which ends of the curve the valley has no side, so that rates beyond may be as good. */
  readonly open: { readonly below: boolean; readonly above: boolean };
}

/** Part of the smallest smoothed loss that the loss of a rate in the valley may be above it. */
const VALLEY = 0.1;

/**
 * Names a rate: the middle of the valley on the logarithmic scale, √(first · last).
 *
 * The literature is more careful. fastai names a tenth of the rate of the smallest loss (`minimum`), or
 * where the loss falls most steeply (`steep`). Perceptrons of a few layers bear more: on 10,000 digits,
 * 784-128-10 and ten epochs, the best of seven rates, each about three times the one before, under a
 * cosine and over two seeds, was 0.01 for Adam, 0.1 for momentum and 0.3 for gradient descent; the middle
 * is 0.0043, 0.12 and 0.28, and a tenth of the smallest cost 3 to 5 percentage points. The middle is
 * named in place of the smallest, since a valley is flat, and where in it the noise is lowest says little.
 *
 * @param curve of at least one step
 * @param steps that the test should have had
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

/** The step up to a last one around which the curve falls most; that one itself if it never falls. */
function steepestBefore(means: readonly number[], last: number, reach: number): number {
  let [steepest, slope] = [last, 0];
  for (let i = reach; i <= last && i + reach < means.length; i++) {
    const fall = means[i + reach] - means[i - reach];
    if (fall < slope) [steepest, slope] = [i, fall];
  }
  return steepest;
}
