/**
 * Hashes that must not change by accident. The program's may change with the compiler or a kernel's
 * signature: put the new one here and say why in the commit. That of the numbers may change only with
 * the definition of an operation.
 */

import { assertEquals } from "@std/assert";
import { emitLoops } from "../../lib/engine/wasm/emit.ts";
import { compile } from "../../lib/engine/compiler/compile.ts";
import { openLocalMachine } from "../../lib/engine/workers/machine.ts";
import { storeFeatures } from "../../lib/engine/program/sources.ts";
import { dense, network, relu, softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { below, key, source } from "../../lib/tensor/mod.ts";
import { adam, initialState, trainingStep, updateGroups } from "../../lib/train/mod.ts";
import { readState, writeState } from "../../lib/train/state.ts";
import { named } from "../train/walk.ts";
import { assertSameBits } from "./bits.ts";

const PROGRAM = "5c0b0eb9193319bab1dec1ad7c2b3a8f33a745783886d5a1d3f9ff7ac2dc1513";
const NUMBERS = "9fb4ca64181083a7604efbfbb0db17e0d0cf2562478691253a74837d300a032c";

const FEATURES = 12;
const SAMPLES = 8;
const BATCH = 4;
const STEPS = 5;

async function sha256(data: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data)).toHex();
}

/** A small training step of everything: sparse rows, panels, relu, softmax, Adam. */
function smallTraining() {
  const layers = [40, 10, 3].flatMap((units, index) => [
    ...(index === 0 ? [] : [relu()]),
    dense({ units, initializer: { name: "heNormal" } }),
  ]);
  const net = network(layers, FEATURES);
  return {
    network: net,
    loss: softmaxCrossEntropy(),
    groups: updateGroups(net, { optimizer: adam() }),
    batch: BATCH,
    seed: 1,
    source: source("features", FEATURES, "sparse8"),
    normalization: { name: "unit", shift: 0, scale: 1 / 255 },
  };
}

Deno.test("a small training step compiles to the program of the committed hash", async () => {
  const { outputs, state, origins } = trainingStep(smallTraining());
  const { loops, ...others } = compile({ outputs, state, origins });
  const text = JSON.stringify({ ...others, loops: emitLoops(loops).toHex() });
  assertEquals(await sha256(new TextEncoder().encode(text)), PROGRAM);
});

/** Rows of a step's batch; their labels are the rows modulo 3. */
const rowsOf = (step: number) => Array.from({ length: BATCH }, (_, i) => (3 * step + i) % SAMPLES);
const labelsOf = (step: number) => rowsOf(step).map((row) => row % 3);

const PIXELS = Uint8Array.from(
  { length: SAMPLES * FEATURES },
  (_, index) => Math.max(0, below(key(1, "pixels"), index, 511) - 255),
);

/** State and losses after some steps of a program. */
function programNumbers(): Float32Array<ArrayBuffer> {
  const training = smallTraining();
  const { outputs, state } = trainingStep(training);
  const machine = openLocalMachine({
    programs: { step: compile({ outputs, state }) },
    sources: { features: storeFeatures(PIXELS, FEATURES, 1 / 255, "sparse8") },
    perStep: ["in:rows", "in:labels", "in:step", "out:loss"],
    steps: STEPS,
  });
  const first = Object.entries(named(initialState(training), {}, "f32"));
  const names = first.map(([name]) => name);
  const start = first.map(([name, values]) => [name, Float32Array.from(values)] as const);
  writeState(machine, names, new Map(start));
  machine.floats("in:learningRate").fill(0.01);
  for (let step = 0; step < STEPS; step++) {
    machine.integers("in:step")[step] = step + 1;
    machine.integers("in:rows").set(rowsOf(step), step * BATCH);
    machine.integers("in:labels").set(labelsOf(step), step * BATCH);
    machine.run("step", step);
  }
  const after = [...readState(machine, names).values()].flatMap((values) => [...values]);
  return Float32Array.from([...after, ...machine.floats("out:loss")]);
}

/** The same by the reference. */
function referenceNumbers(): Float32Array<ArrayBuffer> {
  const training = smallTraining();
  const { outputs, state } = trainingStep(training);
  const sources = { features: { values: PIXELS, scale: 1 / 255 } };
  const losses: number[] = [];
  let values = named(initialState(training), {}, "f32");
  for (let step = 0; step < STEPS; step++) {
    const batch = { rows: rowsOf(step), labels: labelsOf(step), step: [step + 1] };
    const inputs = { ...values, ...batch, learningRate: [0.01] };
    const { loss = [], ...after } = named(
      { loss: outputs.loss, ...state },
      { inputs, sources },
      "f32",
    );
    losses.push(...loss);
    values = Object.fromEntries(Object.keys(values).map((name) => [name, after[name] ?? []]));
  }
  return Float32Array.from([...Object.values(values).flat(), ...losses]);
}

Deno.test("some steps of a small training end with the numbers of the committed hash", async () => {
  const [numbers, expected] = [programNumbers(), referenceNumbers()];
  assertSameBits(numbers, expected, "state and losses");
  assertEquals(numbers.every(Number.isFinite), true);
  assertEquals(await sha256(new Uint8Array(numbers.buffer)), NUMBERS);
});
