/** observations.safetensors, and what a checkpoint keeps for it. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { sha256 } from "../../lib/data/sha256.ts";
import { decodeCheckpoint, emptyHistory, encodeCheckpoint } from "../../lib/run/checkpoint.ts";
import { decodeRun, encodeRun, FILES } from "../../lib/run/folder.ts";
import {
  appendMoment,
  type Distributions,
  type MomentDistributions,
} from "../../lib/observe/distribution_fields.ts";
import { BOUNDARY_SIDE } from "../../lib/observe/boundary.ts";
import { UNITS_SIDE } from "../../lib/observe/units.ts";
import { BINS, type Histogram } from "../../lib/observe/histogram.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/run/codec/safetensors.ts";
import { RECORD } from "../run/example.ts";
import { observationsOf, type ObservedValues, valuesOf } from "./values.ts";

/** A histogram with something in it, another one for each number. */
function histogramOf(number: number): Histogram {
  const counts = Uint32Array.from({ length: BINS }, (_, bin) => bin * number);
  return { low: -number, high: number + 0.5, counts, zeros: 10 + number, infinite: number % 2 };
}

/** Distributions of one layer, its weights and their gradient. */
function momentOf(epoch: number, layer = "relu1"): MomentDistributions {
  const weights = { name: "dense1.weight", shape: [4, 3] };
  return {
    samples: 5,
    moment: { epoch, step: 10 * epoch },
    histograms: [
      {
        kind: "activation",
        name: layer,
        shape: [3],
        histogram: { ...histogramOf(1 + epoch), dead: 2 + epoch },
      },
      { kind: "parameter", ...weights, histogram: histogramOf(20 + epoch) },
      { kind: "gradient", ...weights, histogram: histogramOf(40 + epoch) },
    ],
  };
}

const DISTRIBUTIONS: Distributions = appendMoment(
  appendMoment(undefined, momentOf(0)),
  momentOf(1),
);

const UNITS = { parameter: "dense1.weight", units: 3, inputs: 4, shown: 2 };

const OBSERVATIONS: Required<Omit<ObservedValues, keyof typeof LATER>> = {
  distributions: DISTRIBUTIONS,
  first: {
    ...UNITS,
    before: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    after: Float32Array.of(8, 7, 6, 5, 4, 3, 2, 1),
  },
  embedding: {
    split: "test",
    layer: "relu1",
    units: 3,
    rows: Uint32Array.of(7, 70_000),
    labels: Uint16Array.of(1, 0),
    points: Float32Array.of(0.5, -1, -0.5, 1),
    variances: [2.5, 0.1], // no 32-bit number: it must survive in 64
    variance: 3,
  },
  data: {
    shape: [2, 2],
    splits: [
      { split: "train", counts: Uint32Array.of(2, 0) },
      { split: "test", counts: Uint32Array.of(1, 1) },
    ],
    means: Float32Array.of(1, 2, 3, 4, 0, 0, 0, 0),
    averaged: Uint32Array.of(2, 0),
    samples: {
      rows: Uint32Array.of(3),
      labels: Uint16Array.of(0),
      values: Uint8Array.of(0, 1, 254, 255),
    },
  },
};

const GRID = BOUNDARY_SIDE * BOUNDARY_SIDE;

/** Values of data with two features, and one that is stored on request. */
const LATER = {
  plane: {
    train: { points: Float32Array.of(0, 1, 2, 3), labels: Uint16Array.of(0, 1) },
    validation: { points: Float32Array.of(0.5, 1), labels: Uint16Array.of(1) },
  },
  boundary: {
    extent: Float32Array.of(-1, 3, 0, 4),
    epochs: Uint32Array.of(0, 1),
    steps: Uint32Array.of(0, 10),
    classes: Uint16Array.from({ length: 2 * GRID }, (_, cell) => cell % 2),
    probabilities: Uint8Array.from({ length: 2 * GRID }, (_, cell) => cell % 256),
  },
  weightsOverTime: {
    ...UNITS,
    epochs: Uint32Array.of(0, 3),
    steps: Uint32Array.of(0, 30),
    weights: Float32Array.from({ length: 16 }, (_, i) => i / 4),
  },
  units: {
    extent: Float32Array.of(-1, 3, 0, 4),
    layers: [
      { layer: "relu1", units: 2, shown: 2, isActivated: true },
      { layer: "maxout1", units: 40, shown: 1, isActivated: false },
    ],
    outputs: Float32Array.from({ length: 3 * UNITS_SIDE ** 2 }, (_, cell) => cell / 2),
    inputs: Float32Array.from({ length: 2 * UNITS_SIDE ** 2 }, (_, cell) => -cell),
  },
} satisfies ObservedValues;

/** The bytes of observations.safetensors. */
function encoded(values: ObservedValues): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(observationsOf(values));
}

function decoded(bytes: Uint8Array): ObservedValues {
  return valuesOf(decodeSafetensors(bytes, "x"), "x");
}

Deno.test("observers decode their encoded values, with the bytes of committed hashes", () => {
  const bytes = encoded(OBSERVATIONS);
  assertEquals(decoded(bytes), OBSERVATIONS);
  assertEquals(sha256(bytes).slice(0, 16), "7ce1be7197f98bcf");
});

Deno.test("observers with other data decode their encoded values, with the bytes of committed hashes", () => {
  const bytes = encoded(LATER);
  assertEquals(decoded(bytes), LATER);
  assertEquals(sha256(bytes).slice(0, 16), "14882f5668cd549b");
});

Deno.test("observers decode each value separately, and nothing from nothing", () => {
  const { distributions, first: { before: _, ...first }, embedding, data } = OBSERVATIONS;
  const floats = { ...data.samples, values: Float32Array.of(0.5, 1, 2, 3) };
  const bare = { ...data, means: new Float32Array(), samples: floats };
  const named = { ...data, columns: ["length", "width", "", "数"] };
  const datas = [data, bare, named].map((data) => ({ data }));
  const { plane, boundary, units, weightsOverTime } = LATER;
  const planes = [{ plane }, { plane: { train: plane.train } }, { boundary }, { units }];
  const others = [...datas, ...planes, { weightsOverTime }];
  for (const split of [{}, { distributions }, { first }, { embedding }, ...others]) {
    assertEquals(decoded(encoded(split)), split);
  }
});

Deno.test("observers reject missing and inconsistent fields", () => {
  const { tensors, metadata } = decodeSafetensors(encoded(OBSERVATIONS), "x");
  for (const missing of tensors.keys()) {
    // one of the weights of the first layer need not be there
    const others = missing === "first.after" ? ["first.before"] : [];
    if (missing === "first.before") continue;
    const kept = new Map(
      [...tensors].filter(([name]) => name !== missing && !others.includes(name)),
    );
    const bytes = encodeSafetensors({ tensors: kept, metadata });
    assertThrows(() => decoded(bytes), SyntaxError, `"${missing}"`, missing);
  }
  for (const name of metadata.keys()) {
    const bytes = encodeSafetensors({ tensors, metadata: new Map([...metadata, [name, "{}"]]) });
    assertThrows(() => decoded(bytes), SyntaxError, "expected another value", name);
  }
  const series = JSON.parse(metadata.get("distributions") ?? "");
  series.moments.push({ epoch: 2, step: 20 });
  const more = new Map([...metadata, ["distributions", JSON.stringify(series)]]);
  assertThrows(
    () => decoded(encodeSafetensors({ tensors, metadata: more })),
    SyntaxError,
    'expected tensor "distributions.range" of Float32Array [3, 3, 2]',
  );
});

Deno.test("appendMoment() appends a moment to those of the same subjects, and drops others", () => {
  assertEquals(DISTRIBUTIONS.moments, [{ epoch: 0, step: 0 }, { epoch: 1, step: 10 }]);
  const [activations, , gradients] = DISTRIBUTIONS.series;
  assertEquals(activations?.histograms.map(({ dead }) => dead), [2, 3]);
  assertEquals(gradients?.histograms.map(({ low }) => low), [-40, -41]);
  for (const look of [momentOf(2, "gelu1"), { ...momentOf(2), samples: 6 }]) {
    const { moments, series } = appendMoment(DISTRIBUTIONS, look);
    assertEquals(moments, [{ epoch: 2, step: 20 }]);
    assertEquals(series.map(({ histograms }) => histograms.length), [1, 1, 1]);
  }
});

Deno.test("decodeCheckpoint() returns observations, with first weights or without", () => {
  const before = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const checkpoint = (values: ObservedValues) => ({
    position: { epoch: 0, step: 0 },
    state: new Map([["all.parameters", Float32Array.of(1)]]),
    history: { ...emptyHistory(), observations: observationsOf(values) },
  });
  for (const first of [{}, { first: { ...UNITS, before } }]) {
    const given = checkpoint({ distributions: DISTRIBUTIONS, ...first });
    assertEquals(decodeCheckpoint(encodeCheckpoint(given)), given);
  }
});

Deno.test("encodeRun() writes observations into a separate file, and changes no other", () => {
  const [plain, observed] = [
    encodeRun(RECORD),
    encodeRun({ ...RECORD, observations: observationsOf(OBSERVATIONS) }),
  ];
  assert(!plain.has(FILES.observations));
  assertEquals([...observed.keys()], [...plain.keys(), FILES.observations]);
  for (const [name, bytes] of plain) assertEquals(observed.get(name), bytes, name);
  assertEquals(decodeRun(RECORD.run, observed), {
    ...RECORD,
    observations: observationsOf(OBSERVATIONS),
  });
  assertEquals(decodeRun(RECORD.run, plain), RECORD);
});
