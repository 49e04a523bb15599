import { assertEquals, assertLess } from "@std/assert";
import type { Normalization } from "../../lib/data/dataset.ts";
import { computeCovariance } from "../../lib/data/reduce/covariance.ts";
import { symmetricEigen } from "../../lib/data/reduce/eigen.ts";
import { projectOnLeadingDirections } from "../../lib/data/reduce/leading.ts";
import { below, key } from "../../lib/tensor/mod.ts";

const AS_THEY_ARE: Normalization = { name: "none", shift: 0, scale: 1 };

/** Numbers that look like the output of a rectified layer: ten clusters, and noise. */
function activations(samples: number, features: number): Float32Array<ArrayBuffer> {
  const draw = (what: string, index: number) => below(key(1, what), index, 1000) / 1000 - 0.5;
  return Float32Array.from({ length: samples * features }, (_, i) => {
    const [row, feature] = [Math.floor(i / features), i % features];
    return Math.max(0, draw("cluster", row % 10 * features + feature) + 0.5 * draw("noise", i));
  });
}

/** The same by all eigenvectors of the covariance. */
function byAll(values: Float32Array, samples: number, features: number) {
  const all = { count: samples, shape: [features], values, labels: new Uint16Array(samples) };
  const part = { samples: all, rows: Uint32Array.from({ length: samples }, (_, row) => row) };
  const { mean, matrix } = computeCovariance(part, AS_THEY_ARE);
  const eigen = symmetricEigen(matrix, features);
  const points = Array.from({ length: samples * 2 }, (_, i) => {
    const [row, direction] = [Math.floor(i / 2), i % 2];
    return mean.reduce((sum, center, f) => {
      const distance = (values[row * features + f] ?? NaN) - center;
      return sum + distance * (eigen.vectors[direction * features + f] ?? NaN);
    }, 0);
  });
  return { points, variances: eigen.values };
}

for (const [samples, features] of [[200, 30], [40, 90], [9, 3], [25, 2]] as const) {
  Deno.test(`projectOnLeadingDirections() finds the directions of ${samples} samples with ${features} features`, () => {
    const values = activations(samples, features);
    const { points, variances, variance } = projectOnLeadingDirections({
      values,
      samples,
      features,
    }, 2);
    const expected = byAll(values, samples, features);
    const [first = 0, second = 0, third = 0] = expected.variances;
    // a residual r = 1e-6 λ₁ moves a value by at most r, and turns a direction by at most r ÷ gap
    // (Parlett, The Symmetric Eigenvalue Problem, theorem 11.7.1)
    const residual = 1e-6 * first;
    assertLess(Math.abs((variances[0] ?? NaN) - first), residual);
    assertLess(Math.abs((variances[1] ?? NaN) - second), residual);
    const total = expected.variances.reduce((sum, value) => sum + value, 0);
    assertLess(Math.abs(variance - total), 1e-12 * total); // sums of some thousand squares
    const turned = residual / Math.min(first - second, second - third);
    const longest = Math.sqrt(variance * samples);
    points.forEach((x, i) =>
      assertLess(Math.abs(x - (expected.points[i] ?? NaN)), longest * (turned + 2 ** -24))
    );
  });
}

Deno.test("projectOnLeadingDirections() gives the same bits every time", () => {
  const given = { values: activations(50, 20), samples: 50, features: 20 };
  const once = projectOnLeadingDirections(given, 2);
  projectOnLeadingDirections({ values: activations(9, 4), samples: 9, features: 4 }, 2);
  assertEquals(projectOnLeadingDirections(given, 2), once);
});

Deno.test("projectOnLeadingDirections() finds two directions of equal variance", () => {
  // ± 1 along each of three axes: variance 2/5 in all directions
  const values = Float32Array.of(
    1,
    0,
    0,
    -1,
    0,
    0,
    0,
    1,
    0,
    0,
    -1,
    0,
    0,
    0,
    1,
    0,
    0,
    -1,
  );
  const { points, variances, variance } = projectOnLeadingDirections({
    values,
    samples: 6,
    features: 3,
  }, 2);
  variances.forEach((value) => assertLess(Math.abs(value - 0.4), 1e-15));
  assertLess(Math.abs(variance - 1.2), 1e-15);
  for (const direction of [0, 1]) {
    const squares = points.reduce((sum, x, i) => i % 2 === direction ? sum + x * x : sum, 0);
    assertLess(Math.abs(squares - 2), 1e-6); // points are rounded to 24 bits
  }
});

Deno.test("projectOnLeadingDirections() gives zeros without variance: equal samples, one sample, one feature", () => {
  const equal = projectOnLeadingDirections({
    values: new Float32Array(12).fill(0.1),
    samples: 4,
    features: 3,
  }, 2);
  assertEquals([...equal.points], new Array(8).fill(0));
  const one = projectOnLeadingDirections({
    values: Float32Array.of(1, 2, 3),
    samples: 1,
    features: 3,
  }, 2);
  assertEquals([[...one.points], [...one.variances], one.variance], [[0, 0], [0, 0], 0]);
  const line = projectOnLeadingDirections({
    values: Float32Array.of(1, 3, 5),
    samples: 3,
    features: 1,
  }, 2);
  assertEquals([[...line.points], [...line.variances], line.variance], [
    [-2, 0, 0, 0, 2, 0],
    [4, 0],
    4,
  ]);
});
