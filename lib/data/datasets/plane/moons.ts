/**
 * Two interleaving half circles of radius 1, as scikit-learn's `make_moons`: the upper one around (0, 0),
 * the lower one around (1, ½).
 *
 *     upper   (cos t, sin t)               t from 0 to π
 *     lower   (1 − cos t, ½ − sin t)
 *
 * Unlike in scikit-learn, t is random for each sample, so test samples differ from training samples even
 * without noise.
 *
 * @module
 */
import { type Entry, entry, withDefaults } from "../../../config/registry.ts";
import { cosTurns } from "../../../tensor/math/math.ts";
import type { GeneratedSource } from "../source.ts";
import { sinTurns } from "./draw.ts";
import { type PlaneOptions, planeOptions, planeSource } from "./plane.ts";

const options = planeOptions(0.2);

/** Returns a data source that computes points on two interleaving half circles. */
export function moons(overrides: PlaneOptions = {}): GeneratedSource {
  return planeSource({
    ...withDefaults(options, overrides),
    name: "moons",
    classes: ["upper", "lower"],
    noiselessSample(index, draw) {
      const turns = draw("angle") / 2;
      const [cos, sin] = [cosTurns(turns), sinTurns(turns)];
      return index % 2 === 0 ? { label: 0, x: [cos, sin] } : { label: 1, x: [1 - cos, 0.5 - sin] };
    },
  });
}

export const moonsEntry: Entry<PlaneOptions, GeneratedSource> = entry({
  doc: "Two interleaving half circles in the plane, computed from a seed",
  options,
  create: moons,
});
