/**
 * A circle within a circle, as scikit-learn's `make_circles`. The outer circle has radius 1, the inner one
 * radius `factor`.
 *
 * Unlike in scikit-learn, the angle of each sample is random, so test samples differ from training samples
 * even without noise.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../../config/registry.ts";
import { cosTurns } from "../../../tensor/math/math.ts";
import type { GeneratedSource } from "../source.ts";
import { sinTurns } from "./draw.ts";
import { type PlaneOptions, planeOptions, planeSource } from "./plane.ts";

/** Options of {@linkcode circles}. */
export interface CirclesOptions extends PlaneOptions {
  /** Radius of the inner circle. The outer circle has radius 1. Defaults to 0.5. */
  readonly factor?: number;
}

const options = planeOptions(0.1).extend({
  factor: z.number().min(0).max(1).default(0.5)
    .describe("radius of the inner circle; that of the outer one is 1"),
});

/** Returns a data source that computes points on a circle within a circle. */
export function circles(overrides: CirclesOptions = {}): GeneratedSource {
  const { factor, ...common } = withDefaults(options, overrides);
  return planeSource({
    ...common,
    name: "circles",
    classes: ["outer", "inner"],
    noiselessSample(index, draw) {
      const turns = draw("angle");
      const label = index % 2;
      const radius = label === 0 ? 1 : factor;
      return { label, x: [radius * cosTurns(turns), radius * sinTurns(turns)] };
    },
  });
}

export const circlesEntry: Entry<CirclesOptions, GeneratedSource> = entry({
  doc: "A circle within a circle in the plane, computed from a seed",
  options,
  create: circles,
});
