/**
 * Random tensors as expressions: each element is a pure function of a key and of its index.
 *
 * @module
 */

import {
  add,
  addInteger,
  and,
  broadcastColumn,
  columnIndex,
  cosTurns,
  equalInteger,
  less,
  log,
  mul,
  type Operand,
  or,
  rowIndex,
  select,
  shiftLeft,
  shiftRight,
  sqrt,
  toFloat,
  xor,
} from "./elementwise.ts";
import { type Key, PARITY, ROTATIONS } from "./random.ts";
import { reshape } from "./structured.ts";
import { constant, dimension, type Shape, sizeOf, type Tensor } from "./tensor.ts";

/**
 * Computes Threefry-2x32-20 (see `random.ts`), element by element, of the counters with the words `low` and
 * `high`: two integer tensors of random words.
 */
export function threefryOf([k0, k1]: Key, low: Operand, high: Operand): readonly [Tensor, Tensor] {
  const schedule = [k0 | 0, k1 | 0, k0 ^ k1 ^ PARITY];
  const inject = (x: Operand, turn: number, plus = 0) =>
    addInteger(x, constant((schedule[turn % 3] + plus) | 0, "integer"));
  let a = inject(low, 0);
  let b = inject(high, 1);
  for (let round = 0; round < 20; round++) {
    const distance = ROTATIONS[round % 8];
    a = addInteger(a, b);
    b = xor(or(shiftLeft(b, distance), shiftRight(b, 32 - distance)), a);
    if (round % 4 === 3) {
      const turn = (round + 1) / 4;
      a = inject(a, turn);
      b = inject(b, turn + 1, turn);
    }
  }
  return [a, b];
}

/** Converts the upper 24 bits of random words, an integer tensor, to numbers in [0, 1), multiples of 2⁻²⁴. */
export function unitInterval(bits: Tensor): Tensor {
  return mul(toFloat(shiftRight(bits, 8)), 2 ** -24);
}

/**
 * Returns uniform random numbers between `from` and `to`. Each is one of 2²⁴ equally spaced numbers, rounded.
 * `to` itself occurs only if the largest number below it is rounded to it.
 */
export function uniform(key: Key, shape: Shape, from: number, to: number): Tensor {
  const [bits] = threefryOf(key, rowIndex([sizeOf(shape)]), 0);
  return reshape(add(mul(unitInterval(bits), to - from), from), shape);
}

/**
 * Returns random numbers of the standard normal distribution: √(−2 log u) cos 2πv with uniform u in (0, 1]
 * and v (Box and Muller, Annals of Mathematical Statistics 29(2), 1958).
 */
export function normal(key: Key, shape: Shape): Tensor {
  return reshape(normalFromBits(threefryOf(key, rowIndex([sizeOf(shape)]), 0)), shape);
}

/**
 * Computes standard normal numbers from two integer tensors of random words: one number from the two words at
 * the same position.
 */
export function normalFromBits([first, second]: readonly [Tensor, Tensor]): Tensor {
  const u = add(unitInterval(first), 2 ** -24);
  const radius = sqrt(mul(log(u), -2));
  return mul(radius, cosTurns(unitInterval(second)));
}

/** Two integer tensors of one shape: two random words for each element. */
type Words = readonly [Tensor, Tensor];

/** The key, samples and step that determine the random numbers of a batch. */
export interface RandomStream {
  /** Key of the purpose. */
  readonly key: Key;
  /** Row number of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the step, integer []. */
  readonly step: Tensor;
}

/**
 * Computes two random words for each unit of each sample, integer [batch, units]. The counter of a unit is
 * the pair of words that Threefry computes from sample and step, which is different for each of them, plus
 * the unit's index.
 */
function randomWordsOfUnits({ key, samples, step }: RandomStream, units: number): Words {
  const [low, high] = threefryOf(key, samples, step);
  const shape = [dimension(samples, 0), units];
  return threefryOf(
    key,
    addInteger(broadcastColumn(low, units), columnIndex(shape)),
    broadcastColumn(high, units),
  );
}

/**
 * Returns a random mask [batch, units]. Each element is set independently with probability `probability`,
 * rounded up to a multiple of 2⁻¹⁶. Each value is a function of key, sample, step and unit, so it does not
 * depend on the sample's position in the batch.
 *
 * Computing random words takes most of the time. So the four halves of a pair of words serve four
 * neighbouring units if the number of units is a multiple of 4, and two halves serve two units if it is even.
 */
export function bernoulli(stream: RandomStream, units: number, probability: number): Tensor {
  const served = units % 4 === 0 ? 4 : units % 2 === 0 ? 2 : 1;
  const pairs = dimension(stream.samples, 0) * units / served;
  const [first, second] = randomWordsOfUnits(stream, units / served)
    .map((word) => broadcastColumn(reshape(word, [pairs]), served));
  const lane = columnIndex([pairs, served]);
  const word = select(equalInteger(and(lane, 2), 0), first, second);
  const half = select(equalInteger(and(lane, 1), 0), and(word, 0xffff), shiftRight(word, 16));
  const isSet = less(toFloat(half), probability * 2 ** 16);
  return reshape(isSet, [dimension(stream.samples, 0), units]);
}

/**
 * Returns standard normal noise [batch, units]. Each value is a function of key, sample, step and unit, so it
 * does not depend on the sample's position in the batch.
 */
export function normalNoise(stream: RandomStream, units: number): Tensor {
  return normalFromBits(randomWordsOfUnits(stream, units));
}
