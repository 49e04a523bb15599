import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import FIXTURE from "../fixtures/reduce.json" with { type: "json" };
import type { Normalization, Reduction, Split } from "../../lib/data/dataset.ts";
import { computeCovariance } from "../../lib/data/reduce/covariance.ts";
import { symmetricEigen } from "../../lib/data/reduce/eigen.ts";
import { pca } from "../../lib/data/reduce/pca.ts";

/** All rows of some values. */
function split(values: Uint8Array | Float32Array, features: number): Split {
  const count = values.length / features;
  const samples = { count, shape: [features], values, labels: new Uint16Array(count) };
  return { samples, rows: Uint32Array.from({ length: count }, (_, row) => row) };
}

/** Input of NumPy's and scikit-learn's computations. */
const GIVEN = {
  bytes: {
    train: split(Uint8Array.from(FIXTURE.bytes.values), 6),
    normalization: { name: "unit", shift: 0, scale: 1 / 255 },
  },
  floats: {
    train: split(Float32Array.from(FIXTURE.floats.values), 5),
    normalization: {
      name: "standardize",
      shift: Float32Array.from(FIXTURE.floats.shift),
      scale: Float32Array.from(FIXTURE.floats.scale),
    },
  },
} as const;

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assertLess(Math.abs(actual[i] - expected[i]), bound, `element ${i}`);
  }
}

Deno.test("symmetricEigen() gives NumPy's eigenvalues and eigenvectors to 1e-10", () => {
  // Backward errors of both are some n² 2⁻⁵³ ‖A‖ ≈ 144 · 1e-16 · 50 = 8e-13. By Weyl values are off by
  // no more than that, vectors by that over the gap to the next value, which is at least 0.05: 2e-11
  for (const { size, matrix, values, vectors } of Object.values(FIXTURE.eigen)) {
    const found = symmetricEigen(Float64Array.from(matrix), size);
    for (let i = 1; i < size; i++) {
      assertLess(0.05, values[i - 1] - values[i]);
    }
    assertNear(found.values, values, 1e-10);
    assertNear(found.vectors, vectors, 1e-10);
  }
});

Deno.test("symmetricEigen() finds the zeros of a matrix of low rank, and an orthonormal basis", () => {
  const { size, matrix, values } = FIXTURE.lowRank;
  const found = symmetricEigen(Float64Array.from(matrix), size);
  assertNear(found.values, values, 1e-10);
  assertNear(found.values.slice(4), new Float64Array(5), 1e-13 * values[0]);
});

Deno.test("symmetricEigen() of matrices of any size and scale: A v = λ v, vᵀ v = 1, values fall", () => {
  const sizes = fc.integer({ min: 1, max: 9 });
  const scales = fc.constantFrom(1e-60, 1, 1e60);
  const entries = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: -9, max: 9 })), {
    minLength: 81,
    maxLength: 81,
  });
  fc.assert(fc.property(sizes, scales, entries, (n, scale, entries) => {
    const at = (i: number, j: number) =>
      scale * (entries[9 * Math.min(i, j) + Math.max(i, j)] ?? 0);
    const matrix = Float64Array.from({ length: n * n }, (_, i) => at(Math.floor(i / n), i % n));
    const { values, vectors } = symmetricEigen(matrix, n);
    assert(values.every((value, i) => i === 0 || value <= values[i - 1]));
    // ‖A‖ ≤ 9 n; some n² roundings of it, with room
    const bound = 64 * n * n * 2 ** -53;
    for (let r = 0; r < n; r++) {
      const v = vectors.slice(r * n, r * n + n);
      const largest = v.reduce((best, x) => Math.abs(x) > Math.abs(best) ? x : best, 0);
      assert(largest > 0);
      for (let i = 0; i < n; i++) {
        const row = matrix.subarray(i * n, i * n + n);
        const residual = dot(row, v) - values[r] * v[i];
        assertLess(Math.abs(residual), bound * 9 * n * scale + Number.MIN_VALUE);
        const product = dot(v, vectors.subarray(i * n, i * n + n));
        assertLess(Math.abs(product - (i === r ? 1 : 0)), bound);
      }
    }
  }));
});

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

Deno.test("symmetricEigen() keeps the axes of a diagonal matrix, and does not change its argument", () => {
  const matrix = Float64Array.of(2, 0, 0, 0, 5, 0, 0, 0, 5);
  const { values, vectors } = symmetricEigen(matrix, 3);
  assertEquals(values, Float64Array.of(5, 5, 2));
  assertEquals(vectors, Float64Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0));
  assertEquals(matrix, Float64Array.of(2, 0, 0, 0, 5, 0, 0, 0, 5));
  assertEquals(symmetricEigen(new Float64Array(0), 0).values, new Float64Array(0));
});

for (const name of ["bytes", "floats"] as const) {
  const { train, normalization } = GIVEN[name];
  const expected = FIXTURE[name];
  const features = expected.features;

  // Values of size 1: sums of 40 products and n² roundings give errors of some 1e-14, the least gap
  // between variances is above 0.0002, so components are off by 5e-11 at most
  Deno.test(`computeCovariance() gives NumPy's mean and covariance to 1e-10: ${name}`, () => {
    const { mean, matrix } = computeCovariance(train, normalization);
    assertNear(mean, expected.mean, 1e-10);
    assertNear(matrix, expected.covariance, 1e-10);
  });

  Deno.test(`symmetricEigen() of the covariance gives scikit-learn's variances and components to 1e-10: ${name}`, () => {
    const { values, vectors } = symmetricEigen(
      computeCovariance(train, normalization).matrix,
      features,
    );
    expected.variances.forEach((variance, i) => {
      if (i > 0) assertLess(0.0002, expected.variances[i - 1] - variance);
    });
    assertNear(values, expected.variances, 1e-10);
    assertNear(vectors, expected.components, 1e-10);
    const all = values.reduce((sum, value) => sum + value, 0);
    assertNear(values.map((value) => value / all), expected.shares, 1e-10);
  });

  Deno.test(`pca() projects and whitens as scikit-learn does, in single precision: ${name}`, () => {
    for (const whiten of [false, true]) {
      const reduction = pca({ components: features, whiten })(train, normalization);
      const z = projected(train, normalization, reduction);
      const given = whiten ? expected.whitened : expected.projected;
      // mean, components and scales are rounded to 2⁻²⁴ each: sums of `features` products of size
      // |y − ȳ| ≤ 10, times a scale of 30 at most
      const largest = Math.max(...reduction.scale);
      assertLess(largest, 30);
      assertNear(z, given, 4 * features * 10 * largest * 2 ** -24);
    }
  });
}

/** z = ((y − mean) C) ∘ scale in double precision. */
function projected(
  { samples: { values, count } }: Split,
  { shift, scale }: Normalization,
  { mean, components, scale: scales }: Reduction,
): number[] {
  const [features, kept] = [mean.length, scales.length];
  const at = (given: number | Float32Array, f: number) =>
    typeof given === "number" ? given : given[f];
  return Array.from({ length: count * kept }, (_, i) => {
    const [row, c] = [Math.floor(i / kept), i % kept];
    let sum = 0;
    for (let f = 0; f < features; f++) {
      const y = (values[row * features + f] - at(shift, f)) * at(scale, f);
      sum += (y - mean[f]) * components[f * kept + c];
    }
    return sum * scales[c];
  });
}

Deno.test("pca() keeps the fewest components with the requested fraction of variance", () => {
  const { train, normalization } = GIVEN.bytes;
  const { shares } = FIXTURE.bytes;
  const keptFor = (components: number) =>
    pca({ components, whiten: false })(train, normalization).scale.length;
  let sum = 0;
  shares.slice(0, -1).forEach((share, i) => {
    sum += share;
    assertEquals(keptFor(sum - 1e-9), i + 1);
    assertEquals(keptFor(sum + 1e-9), i + 2);
  });
  assertEquals([keptFor(1e-9), keptFor(1 - 2 ** -53), keptFor(1), keptFor(6)], [1, 6, 1, 6]);
});

Deno.test("pca() gives whitened training data mean 0 and covariance 1", () => {
  const rows = fc.array(fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), {
    minLength: 12,
    maxLength: 40,
  });
  fc.assert(fc.property(rows, (rows) => {
    const train = split(Uint8Array.from(rows.flat()), 4);
    const normalization = { name: "unit", shift: 0, scale: 1 / 255 };
    const { values } = symmetricEigen(computeCovariance(train, normalization).matrix, 4);
    fc.pre(values[3] > 1e-3); // else a deviation is nothing but rounding
    const z = projected(
      train,
      normalization,
      pca({ components: 4, whiten: true })(train, normalization),
    );
    // single precision of components and scales, whose largest is 1 / √1e-3 = 32, of 4 products
    const bound = 4 * 4 * 32 * 2 ** -24;
    const of = (a: number) => rows.map((_, row) => z[4 * row + a]);
    for (let a = 0; a < 4; a++) {
      const mean = of(a).reduce((sum, x) => sum + x, 0) / rows.length;
      assertLess(Math.abs(mean), bound);
      for (let b = 0; b <= a; b++) {
        const products = of(a).map((x, i) => x * of(b)[i]);
        const covariance = products.reduce((sum, x) => sum + x, 0) / (rows.length - 1);
        assertLess(Math.abs(covariance - (a === b ? 1 : 0)), 12 * bound);
      }
    }
  }));
});

Deno.test("computeCovariance() loses no digits of bytes: it is the rounded quotient of whole numbers", () => {
  // 254 and 255 in turn: Σ (x − x̄)² = 1000 · ¼, over n − 1
  const values = Uint8Array.from({ length: 1000 }, (_, row) => 254 + row % 2);
  const { matrix } = computeCovariance(split(values, 1), { name: "none", shift: 0, scale: 1 });
  assertEquals(matrix, Float64Array.of(250 / 999));
});

Deno.test("pca() rejects more components than features, and whitening of directions without variance", () => {
  const flat = split(Uint8Array.of(0, 7, 1, 3, 7, 1, 6, 7, 2), 3); // the second never changes
  const normalization = { name: "none", shift: 0, scale: 1 };
  const refused = (components: number, whiten: boolean, given: Split, message: string) =>
    assertThrows(() => pca({ components, whiten })(given, normalization), RangeError, message);
  const cannot = "Cannot reduce 3 features: expected at most";
  refused(4, false, flat, `${cannot} 3 components, as many as there are features: received 4`);
  refused(
    3,
    true,
    flat,
    `${cannot} 2 components, as many as there are directions with variance: received 3`,
  );
  assertEquals(pca({ components: 3, whiten: false })(flat, normalization).variances[2], 0);
  const same = split(Uint8Array.of(1, 2, 3, 1, 2, 3), 3);
  refused(
    0.5,
    false,
    same,
    "Cannot reduce 3 features to a share of variance: expected features that change over the " +
      "training split: received none",
  );
  refused(
    1,
    false,
    split(Uint8Array.of(1, 2, 3), 3),
    "Cannot compute a covariance: expected at least 2 samples: received 1",
  );
  refused(
    1,
    false,
    split(Float32Array.of(1, NaN, 3, 1, 2, 3), 3),
    "Cannot compute a covariance: expected finite features",
  );
});
