/**
 * A square whose quarters belong to two classes by turns, as in TensorFlow Playground (Smilkov et al.,
 * "Direct-manipulation visualization of deep networks", arXiv:1708.03788): the class is whether both
 * coordinates have the same sign, which no straight line separates (Minsky and Papert, "Perceptrons",
 * 1969).
 *
 * Coordinates are uniform from −1 to 1 and moved away from the axes by 0.06, as in TensorFlow Playground
 * (0.3 of 5). Unlike there, noise is Gaussian and is added after the class is determined.
 *
 * @module
 */
import { type Entry, entry, withDefaults } from "../../../config/registry.ts";
import type { GeneratedSource } from "../source.ts";
import { type PlaneOptions, planeOptions, planeSource } from "./plane.ts";

/** Distance by which points are moved away from each axis. */
const GAP = 0.06;

const options = planeOptions(0.05);

/**
 * Returns a data source that computes points in a square whose diagonally opposite quarters belong to the
 * same one of two classes.
 */
export function xor(overrides: PlaneOptions = {}): GeneratedSource {
  return planeSource({
    ...withDefaults(options, overrides),
    name: "xor",
    classes: ["same signs", "opposite signs"],
    noiselessSample(_, draw) {
      const [first, second] = [awayFromAxis(draw("x1")), awayFromAxis(draw("x2"))];
      return { label: first * second > 0 ? 0 : 1, x: [first, second] };
    },
  });
}

/** Maps a number from 0 to 1 linearly to −1 to 1, then moves it away from 0 by GAP. */
function awayFromAxis(fraction: number): number {
  const x = 2 * fraction - 1;
  return x + (x < 0 ? -GAP : GAP);
}

export const xorEntry: Entry<PlaneOptions, GeneratedSource> = entry({
  doc: "A square in the plane whose quarters belong to two classes by turns, computed from a seed",
  options,
  create: xor,
});
