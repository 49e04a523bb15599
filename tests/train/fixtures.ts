/**
 * The network of the fixtures: 5-4-3, seven samples; numbers by `tests/fixtures/make_fixtures.py`.
 *
 * @module
 */

import { assertLessOrEqual } from "@std/assert";
import fixture from "../fixtures/network.json" with { type: "json" };
import { dense, network, relu, softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { oneGroup } from "../../lib/train/mod.ts";
import { source } from "../../lib/tensor/mod.ts";
import type { Values } from "./walk.ts";

/** Results of PyTorch. */
export const TORCH: typeof fixture = fixture;

/** Parameters by name. */
export const PARAMETERS: Values = fixture.parameters;

const initializer = { name: "heNormal" } as const;

/** 5-4-3 with ReLU. */
export const NETWORK = network(
  [dense({ units: 4, initializer }), relu(), dense({ units: 3, initializer })],
  5,
);

/** Options of a step over the seven samples, without an optimizer. */
export const OPTIONS = {
  network: NETWORK,
  loss: softmaxCrossEntropy(),
  groups: oneGroup(NETWORK),
  batch: 7,
  source: source("x", 5, "dense32"),
  normalization: { name: "none", shift: 0, scale: 1 },
  seed: 0,
};

/** The seven samples. */
export const BINDINGS = {
  inputs: { rows: [0, 1, 2, 3, 4, 5, 6], labels: fixture.labels },
  sources: { x: { values: fixture.x, scale: 1 } },
};

/** The vector of the one group. */
export const VECTOR: readonly number[] = NETWORK.parameters.flatMap(({ name }) =>
  PARAMETERS[name] ?? []
);

/** Compares with a tolerance relative to the largest of the expected numbers. */
export function assertClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  const size = Math.max(...expected.map(Math.abs));
  const distance = Math.max(...expected.map((value, i) => Math.abs(value - (actual[i] ?? NaN))));
  assertLessOrEqual(distance, tolerance * size, what);
  assertLessOrEqual(actual.length, expected.length, what);
}
