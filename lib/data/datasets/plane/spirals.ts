/**
 * Arms of a spiral from the centre to radius 1, as in TensorFlow Playground (Smilkov et al., "Direct-
 * manipulation visualization of deep networks", arXiv:1708.03788): of k arms, arm j is
 *
 *     r (sin 2πt, cos 2πt)      r from 0 to 1, t = turns · r + j / k
 *
 * Playground has two arms of 1.75 turns; three arms of 0.64 turns are those of Stanford's course CS231n.
 * Unlike in both, r is uniformly random for each sample, and noise is Gaussian on both coordinates.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../../config/registry.ts";
import { cosTurns } from "../../../tensor/math/math.ts";
import type { GeneratedSource } from "../source.ts";
import { sinTurns } from "./draw.ts";
import { classesOption, type PlaneOptions, planeOptions, planeSource } from "./plane.ts";

/** Options of {@linkcode spirals}. */
export interface SpiralsOptions extends PlaneOptions {
  /** Number of arms, each of which is a class. Defaults to 2. */
  readonly classes?: number;
  /** Number of turns of each arm around the centre. Defaults to 1.75. */
  readonly turns?: number;
}

const options = planeOptions(0.02).extend({
  classes: classesOption(2, "arms"),
  turns: z.number().min(0).max(100).default(1.75).describe("turns of an arm around the centre"),
});

/** Returns a data source that computes points on the arms of a spiral. */
export function spirals(overrides: SpiralsOptions = {}): GeneratedSource {
  const { classes, turns, ...common } = withDefaults(options, overrides);
  return planeSource({
    ...common,
    name: "spirals",
    classes: Array.from({ length: classes }, (_, arm) => `arm ${arm + 1}`),
    noiselessSample(index, draw) {
      const label = index % classes;
      const radius = draw("radius");
      const at = turns * radius + label / classes;
      return { label, x: [radius * sinTurns(at), radius * cosTurns(at)] };
    },
  });
}

export const spiralsEntry: Entry<SpiralsOptions, GeneratedSource> = entry({
  doc: "Arms of a spiral in the plane, computed from a seed",
  options,
  create: spirals,
});
