/** Batches divided into micro-batches: the tree that adds their gradients, on the machine as by the reference. */
import { assertEquals } from "@std/assert";
import { addByTree, largestNodesWithin, microBatchRows } from "../../lib/tensor/micro_batches.ts";
import {
  batchNorm,
  dense,
  dropout,
  gelu,
  layerNorm,
  maxout,
  network,
  relu,
} from "../../lib/nn/mod.ts";
import { adam, exponentialAverage, trainingStep, updateGroups } from "../../lib/train/mod.ts";
import { storeSplitFeatures } from "../../lib/train/programs.ts";
import { topologicalOrder } from "../../lib/tensor/mod.ts";
import { fit } from "../../lib/train/fit.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { CLASSES, FEATURES, withoutValidation } from "./toy.ts";
import { referenceFit } from "./reference_fit.ts";

Deno.test("microBatchRows() divides a batch into consecutive parts of equal sizes, the larger ones first", () => {
  const partsOf = (batch: number, shards: number) =>
    Array.from({ length: shards }, (_, index) => microBatchRows(batch, shards, index))
      .map(({ first, count }) => [first, count]);
  assertEquals(partsOf(10, 4), [[0, 3], [3, 3], [6, 2], [8, 2]]);
  assertEquals(partsOf(2, 3), [[0, 1], [1, 1], [2, 0]]);
  assertEquals(partsOf(7, 1), [[0, 7]]);
});

/** Returns the additions of a tree as text. */
function treeOf(shards: number, used = shards): string | undefined {
  return addByTree(
    { from: 0, to: shards },
    ({ from, to }) => to - from === 1 && from < used ? `${from}` : undefined,
    (left, right) => `(${left}+${right})`,
  );
}

Deno.test("addByTree() adds leaves by the same tree whatever their values, and leaves empty ones out", () => {
  assertEquals(treeOf(1), "0");
  assertEquals(treeOf(4), "((0+1)+(2+3))");
  assertEquals(treeOf(6), "(((0+1)+(2+3))+(4+5))");
  assertEquals(treeOf(8, 5), "(((0+1)+(2+3))+4)");
  assertEquals(treeOf(4, 0), undefined);
});

Deno.test("largestNodesWithin() divides a range of leaves into the largest nodes, whose sums make up the tree", () => {
  assertEquals(largestNodesWithin({ from: 3, to: 8 }, 8), [{ from: 3, to: 4 }, { from: 4, to: 8 }]);
  for (const shards of [1, 5, 8, 12]) {
    for (const cut of [0, 1, 3, shards]) {
      const [left, right] = [{ from: 0, to: cut }, { from: cut, to: shards }];
      const nodes = [...largestNodesWithin(left, shards), ...largestNodesWithin(right, shards)];
      const leaves = nodes.flatMap(({ from, to }) =>
        Array.from({ length: to - from }, (_, i) => from + i)
      );
      assertEquals(leaves, Array.from({ length: shards }, (_, i) => i));
    }
  }
});

/** 14-40-3: the first weights lie in panels. */
const WIDE = network([dense({ units: 40 }), relu(), dense({ units: CLASSES })], FEATURES);

const CASES: Readonly<Record<string, Partial<FitOptions>>> = {
  "4 shards": { shards: 4 },
  "3 shards and weights in panels": { shards: 3, network: WIDE },
  "more shards than samples in the last batch": { shards: 7 },
  "5 shards and every form of the gradient": {
    shards: 5,
    network: network([
      dropout({ rate: 0.2 }),
      dense({ units: 100 }),
      layerNorm(),
      relu(),
      dense({ units: 70 }),
      gelu(),
      maxout({ units: 7, pieces: 3 }),
      dense({ units: CLASSES }),
    ], FEATURES),
  },
  "3 shards and wide sparse gradients": {
    shards: 3,
    network: network([dense({ units: 100 }), relu(), dense({ units: CLASSES })], FEATURES),
  },
  "4 shards and shifted features": {
    shards: 4,
    network: WIDE,
    normalization: { name: "standardize", shift: 90, scale: 1 / 70 },
  },
  "8 shards, normalized batches and dropout": {
    shards: 8,
    batchSize: 18,
    network: network([
      dense({ units: 6 }),
      batchNorm(),
      dropout({ rate: 0.3 }),
      dense({ units: 3 }),
    ], FEATURES),
  },
  "2 shards and all refinements": {
    shards: 2,
    optimizer: adam(),
    adversarial: { radius: 1, share: 0.3 },
    clip: { norm: 0.5, value: 0.2 },
    regularization: { l1: 0.001, l2: 0.01, weightDecay: 0.05 },
    accumulate: 2,
    averaging: exponentialAverage({ decay: 0.9 }),
  },
};

for (const [name, options] of Object.entries(CASES)) {
  Deno.test(`fit() with ${name} equals the reference bit for bit, by 1 and 3 workers`, async () => {
    const all: FitOptions = { ...withoutValidation(), ...options };
    const expected = referenceFit(all);
    for (const workers of [1, 3]) {
      const { checkpoint: { state, history } } = await fit({ ...all, workers });
      assertEquals(Object.fromEntries(state), expected.state);
      assertEquals([...history.steps.loss], expected.steps.map(({ loss }) => loss));
      assertEquals([...history.steps.correct], expected.steps.map(({ correct }) => correct));
    }
  });
}

Deno.test("trainingStep() passes over a batch once for all micro-batches if samples are independent", () => {
  const productsOf = (layers: Parameters<typeof network>[0], shards: number) => {
    const built = network(layers, FEATURES);
    const options = { ...withoutValidation(), network: built, batch: 16, shards };
    const { source } = storeSplitFeatures(options.train, options.normalization);
    const step = trainingStep({ ...options, source, groups: updateGroups(built, options) });
    const all = topologicalOrder([...Object.values(step.outputs), ...Object.values(step.state)]);
    return all.filter(({ operation }) => operation.kind === "matmul").length;
  };
  const layers = [dense({ units: 6 }), relu(), dense({ units: CLASSES })];
  assertEquals([1, 8].map((shards) => productsOf(layers, shards)), [5, 5]);
  const normalized = [dense({ units: 6 }), batchNorm(), dense({ units: CLASSES })];
  assertEquals([1, 8].map((shards) => productsOf(normalized, shards)), [5, 40]);
});
