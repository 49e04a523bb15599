/**
 * Probabilities and what other programs make of them; numbers by `tests/fixtures/make_analysis.py`.
 *
 * @module
 */
import { assert } from "@std/assert";
import analysis from "../fixtures/analysis.json" with { type: "json" };
import type { Predictions } from "../../lib/evaluate/mod.ts";

/** Results of NumPy, SciPy, scikit-learn and mpmath. */
export const ANALYSIS = analysis;

/** The predictions of a fixture, in double precision. */
export function predictionsOf(
  { labels, probabilities }: {
    readonly labels: readonly number[];
    readonly probabilities: readonly number[];
  },
): Predictions {
  return {
    labels: Uint16Array.from(labels),
    probabilities: Float64Array.from(probabilities),
  };
}

/** Checks that numbers agree to a share of the expected one. */
export function assertRelative(actual: number, expected: number, tolerance: number): void {
  const difference = Math.abs(actual - expected);
  assert(difference <= tolerance * Math.abs(expected), `${actual} is not near ${expected}`);
}
