/**
 * Random tensors as expressions: each element is a pure function of a key and of its place.
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

/** Threefry-2x32-20 (see `random.ts`) of every element of two integer tensors of one shape. */
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

/** The upper 24 bits of a random word as a number in [0, 1), a multiple of 2⁻²⁴. */
export function unit(bits: Tensor): Tensor {
  return mul(toFloat(shiftRight(bits, 8)), 2 ** -24);
}

/**
 * Uniform numbers from `from` to `to`: 2²⁴ equally spaced ones, each rounded, so that `to` itself
 * occurs only where its neighbour below is rounded to it.
 */
export function uniform(key: Key, shape: Shape, from: number, to: number): Tensor {
  const [bits] = threefryOf(key, rowIndex([sizeOf(shape)]), 0);
  return reshape(add(mul(unit(bits), to - from), from), shape);
}

/**
 * Normal numbers of mean 0 and standard deviation 1: √(−2 log u) cos 2πv of uniform u in (0, 1] and v
 * (Box and Muller, Annals of Mathematical Statistics 29(2), 1958).
 */
export function normal(key: Key, shape: Shape): Tensor {
  return reshape(normalOf(threefryOf(key, rowIndex([sizeOf(shape)]), 0)), shape);
}

/** The same of random words: one number for each pair. */
export function normalOf([first, second]: readonly [Tensor, Tensor]): Tensor {
  const u = add(unit(first), 2 ** -24);
  const radius = sqrt(mul(log(u), -2));
  return mul(radius, cosTurns(unit(second)));
}

/** Two words of random bits for each element. */
type Words = readonly [Tensor, Tensor];

/** What random numbers of training depend on besides a key: which sample, and when. */
export interface Drawing {
  /** Key of what is drawn. */
  readonly key: Key;
  /** Number of each sample, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the step, integer []. */
  readonly step: Tensor;
}

/**
 * Words of each unit of each sample [batch, units]: those of (sample, step), which are others for every
 * pair, are the counter to which the unit's number is added.
 */
function wordsOfUnits({ key, samples, step }: Drawing, units: number): Words {
  const [low, high] = threefryOf(key, samples, step);
  const shape = [dimension(samples, 0), units];
  return threefryOf(
    key,
    addInteger(broadcastColumn(low, units), columnIndex(shape)),
    broadcastColumn(high, units),
  );
}

/**
 * A mask [batch, units] that is set with the given probability, to the next multiple of 2⁻¹⁶, each
 * element for itself; the same sample at the same step has the same, wherever in the batch it stands.
 *
 * Drawing words is most of the work, so the four halves of a pair serve four neighbouring units where
 * the number of units permits it, or two serve two.
 */
export function chance(drawing: Drawing, units: number, probability: number): Tensor {
  const served = units % 4 === 0 ? 4 : units % 2 === 0 ? 2 : 1;
  const pairs = dimension(drawing.samples, 0) * units / served;
  const [first, second] = wordsOfUnits(drawing, units / served)
    .map((word) => broadcastColumn(reshape(word, [pairs]), served));
  const place = columnIndex([pairs, served]);
  const word = select(equalInteger(and(place, 2), 0), first, second);
  const half = select(equalInteger(and(place, 1), 0), and(word, 0xffff), shiftRight(word, 16));
  const isSet = less(toFloat(half), probability * 2 ** 16);
  return reshape(isSet, [dimension(drawing.samples, 0), units]);
}

/** Normal numbers [batch, units] of mean 0 and standard deviation 1, drawn as {@linkcode chance} does. */
export function normalUnits(drawing: Drawing, units: number): Tensor {
  return normalOf(wordsOfUnits(drawing, units));
}
