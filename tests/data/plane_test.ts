import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import type { Dataset, Samples } from "../../lib/data/dataset.ts";
import { normalPair, uniform } from "../../lib/data/datasets/plane/draw.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { key } from "../../lib/tensor/random.ts";

type Named = Parameters<typeof datasets.create>[0];

function generated(named: Named): Dataset {
  const source = datasets.create(named);
  if (source.kind !== "generated") throw new TypeError(`"${named.name}" is not generated`);
  return source.generate();
}

/** Coordinates and class of each sample. */
function pointsOf({ values, labels }: Samples): readonly (readonly [number, number, number])[] {
  return Array.from(labels, (label, i) => [values[2 * i], values[2 * i + 1], label]);
}

/** SHA-256 of features and labels of the training split with the default options. */
const GOLDEN = {
  moons: "2119fe2c9f86d30ac8942680e13a07aa365b252e01c5abd07f2fe811e5d8255e",
  circles: "c00184486b85ec16bb8ef7458f0b48bbfb617504db6813dab65194a660f48b64",
  spirals: "da6a3c285798cf7d26c636c2ab54435804f54703120ce077f639858bffea115f",
  xor: "5daa85013623ed642df11a7c483bb7b3616147d5d132ab3357dbbfc85d20e5fb",
  blobs: "ad0556381733bf1661418b68416d8592bb84fd7b92fe24274d7d2392ba347ece",
} as const;

const NAMES = Object.keys(GOLDEN) as readonly (keyof typeof GOLDEN)[];

Deno.test("every data set in the plane has the bits of its committed hash", () => {
  const hashes = NAMES.map((name) => [name, generated({ name }).hashes[0].sha256]);
  assertEquals(Object.fromEntries(hashes), { ...GOLDEN });
});

Deno.test("a data set in the plane has as many test samples as training samples, all different", () => {
  for (const name of NAMES) {
    const { train, test, classes, columns, hashes } = generated({ name, samples: 60 });
    assertEquals([train.count, test?.count, train.shape], [60, 60, [2]]);
    assertEquals(columns, ["x1", "x2"]);
    assertEquals(new Set(train.labels).size, classes.length);
    assertNotEquals(train.values, test?.values);
    assertNotEquals(hashes[0].sha256, hashes[1].sha256);
  }
});

Deno.test("samples in the plane depend on the seed and not on the number of samples", () => {
  for (const name of NAMES) {
    const [few, many, other] = [
      generated({ name, samples: 10 }),
      generated({ name, samples: 20 }),
      generated({ name, samples: 10, seed: 2 }),
    ];
    assertEquals(many.train.values.slice(0, 20), few.train.values);
    assertNotEquals(other.train.values, few.train.values);
  }
});

Deno.test("moons without noise lie on the half circles of scikit-learn's make_moons", () => {
  for (const [x, y, label] of pointsOf(generated({ name: "moons", noise: 0 }).train)) {
    const [cx, cy] = label === 0 ? [0, 0] : [1, 0.5];
    assertAlmostEquals((x - cx) ** 2 + (y - cy) ** 2, 1, 1e-6);
    assert(label === 0 ? y >= 0 : y <= 0.5);
  }
});

Deno.test("circles without noise have the radii 1 and `factor`", () => {
  const { train } = generated({ name: "circles", noise: 0, factor: 0.25 });
  for (const [x, y, label] of pointsOf(train)) {
    assertAlmostEquals(Math.sqrt(x * x + y * y), label === 0 ? 1 : 0.25, 1e-6);
  }
});

Deno.test("an arm of a spiral without noise has an angle proportional to its radius", () => {
  const { train } = generated({ name: "spirals", noise: 0, classes: 3, turns: 2 });
  for (const [x, y, label] of pointsOf(train)) {
    const radius = Math.sqrt(x * x + y * y);
    const turns = Math.atan2(x, y) / (2 * Math.PI) - 2 * radius - label / 3;
    assertAlmostEquals(radius * (turns - Math.round(turns)), 0, 1e-6);
  }
});

Deno.test("xor without noise has classes by the signs of both coordinates", () => {
  for (const [x, y, label] of pointsOf(generated({ name: "xor", noise: 0 }).train)) {
    assertEquals(label, x * y > 0 ? 0 : 1);
    for (const each of [x, y]) assert(Math.abs(each) > 0.059 && Math.abs(each) < 1.061);
  }
});

Deno.test("blobs of both splits have the same centres and the given deviation", () => {
  const { train, test } = generated({ name: "blobs", samples: 4000, noise: 0.5, classes: 4 });
  const meansOf = (samples: Samples, label: number) => {
    const own = pointsOf(samples).filter((point) => point[2] === label);
    const mean = (axis: 0 | 1) => own.reduce((sum, point) => sum + point[axis], 0) / own.length;
    const [x, y] = [mean(0), mean(1)];
    const squares = own.reduce((sum, point) => sum + (point[0] - x) ** 2 + (point[1] - y) ** 2, 0);
    return { x, y, deviation: Math.sqrt(squares / own.length / 2) };
  };
  for (let label = 0; label < 4; label++) {
    const [a, b] = [meansOf(train, label), meansOf(test as Samples, label)];
    assertAlmostEquals(a.x, b.x, 0.11); // five standard errors of a difference: 5 · 0.5 √(2 / 1000)
    assertAlmostEquals(a.y, b.y, 0.11);
    assertAlmostEquals(a.deviation, 0.5, 0.05);
  }
});

Deno.test("normalPair() draws independent numbers of mean 0 and variance 1", () => {
  const pairs = Array.from({ length: 20_000 }, (_, i) => normalPair(key(3, "test"), i));
  const mean = (of: (pair: readonly [number, number]) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  assertAlmostEquals(mean(([a]) => a), 0, 0.036); // five standard errors: 5 / √20,000
  assertAlmostEquals(mean(([, b]) => b), 0, 0.036);
  assertAlmostEquals(mean(([a]) => a * a), 1, 0.05); // 5 √(2 / 20,000)
  assertAlmostEquals(mean(([, b]) => b * b), 1, 0.05);
  assertAlmostEquals(mean(([a, b]) => a * b), 0, 0.036);
});

Deno.test("uniform() has 53 random bits, from 0 up to but excluding 1", () => {
  const drawn = Array.from({ length: 1000 }, (_, i) => uniform(key(4, "test"), i));
  assert(drawn.every((value) => value >= 0 && value < 1));
  assert(drawn.some((value) => (value * 2 ** 53) % 2 === 1)); // the last bit is in use
});
