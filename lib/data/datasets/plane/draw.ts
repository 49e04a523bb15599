/**
 * Random numbers in double precision. Each is a pure function of a key and a counter.
 *
 * @module
 */
import { cosTurns, log } from "../../../tensor/math/math.ts";
import { type Key, threefry } from "../../../tensor/random.ts";

/**
 * Returns a uniform random number from 0 to below 1 with 53 random bits, which is a function of the key and
 * the counter.
 */
export function uniform(key: Key, counter: number): number {
  const [high, low] = threefry(key, counter, 0);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

/**
 * Returns two independent standard normal random numbers, which are functions of the key and the counter
 * (Box and Muller, "A note on the generation of random normal deviates", 1958): √(−2 ln u) cos 2πv and √(−2
 * ln u) sin 2πv, where u and v are uniform and u is above 0.
 */
export function normalPair(key: Key, counter: number): readonly [number, number] {
  const length = Math.sqrt(-2 * log(1 - uniform(key, 2 * counter)));
  const turns = uniform(key, 2 * counter + 1);
  return [length * cosTurns(turns), length * sinTurns(turns)];
}

/** Returns sin 2πx, the sine of an angle of x turns. */
export function sinTurns(x: number): number {
  return cosTurns(x - 0.25);
}
