import { assertEquals, assertGreater, assertLess, assertRejects, assertThrows } from "@std/assert";
import { assignAddresses } from "../../../lib/engine/wasm/binding.ts";
import { compile, type CompilerInput } from "../../../lib/engine/compiler/compile.ts";
import {
  openLocalMachine,
  openMachine,
  openSingleThread,
} from "../../../lib/engine/workers/machine.ts";
import type { Plan, Spaces } from "../../../lib/engine/backend.ts";
import type { Program } from "../../../lib/engine/program/program.ts";
import {
  add,
  gatherRows,
  input,
  key,
  matmul,
  mul,
  normal,
  reshape,
  slice,
  source,
  sum,
} from "../../../lib/tensor/mod.ts";
import { assertSameBits, bindInputs, readResults, storedSources, tagged } from "../bits.ts";
import { normalValues } from "../../numbers.ts";

const BATCH = 3;
const FEATURES = 5;
const UNITS = 33;

/** A step with a state, inputs and outputs that change from step to step, and sparse rows. */
function stepSource(): CompilerInput {
  const weights = input("weights", [FEATURES * UNITS]);
  const rate = input("rate", []);
  const x = gatherRows(source("data", FEATURES, "sparse8"), input("rows", [BATCH], "integer"));
  const y = matmul(x, slice(weights, 0, [FEATURES, UNITS]));
  const total = sum(reshape(sum(y, "columns"), [1, BATCH]), "columns");
  return {
    outputs: { y: sum(y, "columns") },
    state: { weights: add(mul(weights, 0.5), mul(rate, reshape(total, []))) },
  };
}

const STEPS = 6;
const BINDINGS = {
  inputs: { weights: normalValues("weights", [FEATURES * UNITS]), rate: [0], rows: [0, 0, 0] },
  sources: {
    data: {
      values: Array.from({ length: 4 * FEATURES }, (_, index) => index % 3 === 0 ? 0 : index),
      scale: 1 / 32,
    },
  },
};

function planOf(
  sourceOf: CompilerInput = stepSource(),
  program: Program = compile(sourceOf),
): Plan {
  return {
    programs: { step: program },
    sources: storedSources(tagged(sourceOf), BINDINGS),
    perStep: ["in:rows", "in:rate", "out:y"],
    steps: STEPS,
  };
}

/** Fills a machine: the first weights, and rows and rate of every step. */
function prepare(machine: Spaces): void {
  bindInputs(machine, { weights: input("weights", [FEATURES * UNITS]) }, BINDINGS);
  assertEquals(machine.stride("in:rows"), BATCH);
  assertEquals(machine.stride("in:rate"), 1);
  assertEquals(machine.stride("in:weights"), 0);
  machine.integers("in:rows").set(Array.from({ length: STEPS * BATCH }, (_, i) => (i * 7) % 4));
  machine.floats("in:rate").set(Array.from({ length: STEPS }, (_, step) => 0.01 * (step + 1)));
}

/** Returns the results of the local machine after all steps. */
function local() {
  const machine = openLocalMachine(planOf());
  prepare(machine);
  for (let step = 0; step < STEPS; step++) machine.run("step", step);
  return readResults(machine, stepSource());
}

Deno.test("openMachine() computes in a worker, in segments, the bits of the local machine", async () => {
  const expected = local();
  await using machine = await openMachine(planOf());
  prepare(machine);
  assertEquals(await machine.run({ program: "step", from: 0, to: 2 }), 2);
  assertEquals(machine.stepsDone(), 2);
  assertEquals(await machine.run({ program: "step", from: 2, to: 2 }), 2);
  assertEquals(await machine.run({ program: "step", from: 2, to: STEPS }), STEPS);
  assertEquals(machine.stepsDone(), STEPS - 2);
  const actual = readResults(machine, stepSource());
  for (const [name, values] of Object.entries(expected)) {
    assertSameBits(actual[name] ?? [], values, name);
  }
  assertEquals(expected["out:y"]?.length, STEPS * BATCH);
  assertGreater(new Set(expected["out:y"]).size, STEPS);
});

Deno.test("openSingleThread() computes the bits of the workers, in segments, on the calling thread", async () => {
  const expected = local();
  await using machine = await openSingleThread({ ...planOf(), workers: 2 });
  prepare(machine);
  assertEquals(await machine.run({ program: "step", from: 0, to: 2 }), 2);
  machine.stop();
  assertEquals(await machine.run({ program: "step", from: 2, to: STEPS }), 2);
  assertEquals(machine.stepsDone(), 0);
  machine.resume();
  assertEquals(await machine.run({ program: "step", from: 2, to: STEPS }), STEPS);
  assertEquals(machine.stepsDone(), STEPS - 2);
  assertEquals(machine.times("step"), undefined);
  const actual = readResults(machine, stepSource());
  for (const [name, values] of Object.entries(expected)) {
    assertSameBits(actual[name] ?? [], values, name);
  }
  const segment = { program: "step", from: 0, to: 1 };
  await assertRejects(() => machine.run({ ...segment, tapes: [] }), TypeError, "Cannot record");
  await assertRejects(() => machine.run({ ...segment, program: "stop" }), RangeError, '"stop"');
});

Deno.test("read() makes later segments read other values of a data set, shared or not", async () => {
  const others = Uint8Array.from({ length: 4 * FEATURES }, (_, index) => 3 * index % 256);
  const bindings = { ...BINDINGS, sources: { data: { values: [...others], scale: 1 / 32 } } };
  const plan = { ...planOf(), sources: storedSources(tagged(stepSource()), bindings) };
  const direct = openLocalMachine(plan);
  prepare(direct);
  direct.run("step");
  const expected = readResults(direct, stepSource());
  const shared = new Uint8Array(new SharedArrayBuffer(others.length));
  shared.set(others);
  for (const values of [others, shared]) {
    const local = openLocalMachine(planOf());
    await using machine = await openMachine({ ...planOf(), workers: 2 });
    prepare(local);
    local.read("data", values);
    local.run("step");
    prepare(machine);
    machine.read("data", values);
    await machine.run({ program: "step", from: 0, to: 1 });
    for (const machineOf of [local, machine]) {
      const actual = readResults(machineOf, stepSource());
      assertSameBits(actual["in:weights"] ?? [], expected["in:weights"] ?? [], "weights");
    }
  }
});

Deno.test("read() rejects data sets that no program reads, and values of another type", async () => {
  await using machine = await openMachine(planOf());
  const refused = (name: string, values: Uint8Array | Float32Array, received: string) =>
    assertThrows(
      () => machine.read(name, values),
      TypeError,
      `Cannot replace values: expected those of "data" of 8 bits: received ${received}`,
    );
  refused("date", new Uint8Array(FEATURES), '"date" of 8 bits');
  refused("data", new Float32Array(FEATURES), '"data" of 32 bits');
});

Deno.test("stop() holds later segments back, resume() lets them run", async () => {
  await using machine = await openMachine(planOf());
  prepare(machine);
  machine.stop();
  assertEquals(await machine.run({ program: "step", from: 1, to: STEPS }), 1);
  assertEquals(machine.stepsDone(), 0);
  machine.resume();
  assertEquals(await machine.run({ program: "step", from: 0, to: STEPS }), STEPS);
  const actual = readResults(machine, stepSource());
  for (const [name, values] of Object.entries(local())) {
    assertSameBits(actual[name] ?? [], values, name);
  }
});

Deno.test("stop() ends a running segment after its current step", async () => {
  const size = 200;
  const a = input("a", [size, size]);
  const steps = 10_000; // of 16 MFLOP each: far longer than the test waits
  await using machine = await openMachine({
    programs: { step: compile({ state: { a: matmul(a, a) } }) },
    sources: {},
    perStep: [],
    steps,
  });
  const running = machine.run({ program: "step", from: 0, to: steps });
  while (machine.stepsDone() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  machine.stop();
  const reached = await running;
  assertEquals(reached, machine.stepsDone());
  assertLess(reached, steps);
});

Deno.test("run() rejects with the worker's error, and the machine can still be used", async () => {
  const program = compile(stepSource());
  const trap = { kernel: "copyBytes", arguments: [0, 0x7fffffff, 4], reads: [], writes: [] };
  const plan = planOf();
  await using machine = await openMachine({
    ...plan,
    programs: { ...plan.programs, trap: { ...program, calls: [...program.calls, trap] } },
  });
  prepare(machine);
  const failing = () => machine.run({ program: "trap", from: 0, to: 1 });
  await assertRejects(
    failing,
    Error,
    'Cannot continue: worker 1 of 1 failed in step 1 of program "trap": RuntimeError: memory access',
  );
  prepare(machine);
  assertEquals(await machine.run({ program: "step", from: 0, to: STEPS }), STEPS);
  assertSameBits(
    readResults(machine, stepSource())["in:weights"] ?? [],
    local()["in:weights"] ?? [],
    "weights",
  );
});

Deno.test("several workers compute the same bits, and do not wait for a failed one", async () => {
  const program = compile(stepSource());
  const trap = { kernel: "copyBytes", arguments: [0, 0x7fffffff, 4], reads: [], writes: [] };
  const plan = planOf();
  const programs = { ...plan.programs, trap: { ...program, calls: [...program.calls, trap] } };
  for (const workers of [2, 3, 5]) {
    await using machine = await openMachine({ ...plan, programs, workers });
    for (const _ of [1, 2]) {
      prepare(machine);
      assertEquals(await machine.run({ program: "step", from: 0, to: STEPS }), STEPS);
      const actual = readResults(machine, stepSource());
      for (const [name, values] of Object.entries(local())) {
        assertSameBits(actual[name] ?? [], values, name);
      }
      const failing = () => machine.run({ program: "trap", from: 0, to: 2 });
      await assertRejects(failing, Error, "RuntimeError: memory access");
    }
  }
});

Deno.test("openMachine() rejects for a kernel that does not exist, and leaves no worker", async () => {
  const program = compile(stepSource());
  const calls = [{ kernel: "matmall", arguments: [], reads: [], writes: [] }];
  const plan = planOf(stepSource(), { ...program, calls });
  await assertRejects(
    () => openMachine(plan),
    Error,
    'Cannot run a program: expected the name of a kernel: received "matmall"',
  );
  assertThrows(() => openLocalMachine(plan), TypeError, 'received "matmall"');
});

Deno.test("run() rejects a second segment while one runs, and any once the machine is closed", async () => {
  const machine = await openMachine(planOf());
  prepare(machine);
  const segment = { program: "step", from: 0, to: STEPS };
  const first = machine.run(segment);
  await assertRejects(() => machine.run(segment), Error, "expected idle workers");
  assertEquals(await first, STEPS);
  assertSameBits(
    readResults(machine, stepSource())["in:weights"] ?? [],
    local()["in:weights"] ?? [],
    "weights",
  ); // the refused one has not disturbed it
  const cut = machine.run(segment);
  await machine[Symbol.asyncDispose]();
  await assertRejects(() => cut, Error, "received a closed one");
  await assertRejects(() => machine.run(segment), Error, "received a closed one");
});

Deno.test("run() rejects programs and steps that the plan does not have", async () => {
  await using machine = await openMachine(planOf());
  const refused = (program: string, from: number, to: number) =>
    assertRejects(() => machine.run({ program, from, to }), RangeError, "Cannot run: expected");
  await refused("stop", 0, 1);
  await refused("toString", 0, 1);
  await refused("step", 0, STEPS + 1);
  await refused("step", -1, 1);
  await refused("step", 2, 1);
  await refused("step", 0.5, 1);
  const local = openLocalMachine(planOf());
  assertThrows(() => local.run("stop"), RangeError, 'expected one of "step": received "stop"');
  assertThrows(() => local.run("step", STEPS), RangeError, "expected steps of 0 to 6: received 6");
});

Deno.test("aliases let one program read and write the spaces of another", () => {
  const x = input("x", [4]);
  const first = normal(key(1), [4]);
  const machine = openLocalMachine({
    programs: {
      draw: compile({ outputs: { first } }),
      double: compile({ outputs: { y: mul(x, 2) } }),
      doubleBest: compile({ outputs: { y: mul(x, 2) } }),
    },
    aliases: {
      draw: { "out:first": "in:x" },
      doubleBest: { "in:x": "in:best", "out:y": "out:best" },
    },
    sources: {},
    perStep: [],
    steps: 1,
  });
  machine.run("draw");
  const drawn = [...machine.floats("in:x")];
  machine.floats("in:best").set([1, 2, 3, 4]);
  machine.run("double");
  machine.run("doubleBest");
  assertEquals([...machine.floats("out:y")], drawn.map((value) => 2 * value));
  assertEquals([...machine.floats("out:best")], [2, 4, 6, 8]);
  assertEquals(new Set(drawn).size, 4);
});

Deno.test("a machine rejects programs with different layouts of an input", () => {
  const weights = input("weights", [FEATURES, UNITS]);
  const x = gatherRows(source("data", FEATURES, "sparse8"), input("rows", [BATCH], "integer"));
  const outputs = { y: matmul(x, weights) };
  const panels = compile({ outputs });
  const rows = { outputs: { double: mul(weights, 2) } };
  const plan = {
    sources: storedSources(outputs, BINDINGS),
    perStep: [],
    steps: 1,
  };
  assertThrows(
    () => openLocalMachine({ ...plan, programs: { panels, rows: compile(rows) } }),
    TypeError,
    'expected one layout of "weights" in all programs: received another layout in "rows"',
  );
  const agreed = compile({ ...rows, layouts: panels.layouts });
  openLocalMachine({ ...plan, programs: { panels, agreed } });
  // Under another name it is another input
  const aliases = { rows: { "in:weights": "in:others" } };
  openLocalMachine({ ...plan, programs: { panels, rows: compile(rows) }, aliases });
});

Deno.test("a machine rejects names of spaces that none of its programs has", () => {
  const machine = openLocalMachine(planOf());
  assertThrows(() => machine.floats("in:bias"), RangeError, 'received "in:bias"');
  const { sources: _, ...plan } = planOf();
  assertThrows(
    () => openLocalMachine({ ...plan, sources: {} }),
    TypeError,
    'expected space "source:data.scale"',
  );
});

Deno.test("steps read rows of data sets beyond the reach of 32-bit addresses", async () => {
  const most = 5 * 2 ** 30; // of which only the pages are there that hold something
  const far = new Uint8Array(new SharedArrayBuffer(most - most % FEATURES));
  const values = BINDINGS.sources.data.values;
  const last = far.length / FEATURES - 4;
  far.set(values, last * FEATURES);
  const plan = planOf();
  const data = { features: FEATURES, values: far, scale: new Float32Array(FEATURES).fill(1 / 32) };
  const sources = { data };
  const shifted = (machine: Spaces) => {
    prepare(machine);
    const rows = machine.integers("in:rows");
    rows.forEach((row, index) => rows[index] = row + last);
  };
  assertGreater(last * FEATURES, 2 ** 32);
  await using machine = await openMachine({ ...plan, sources, workers: 2 });
  shifted(machine);
  assertEquals(await machine.run({ program: "step", from: 0, to: STEPS }), STEPS);
  const near = openLocalMachine({ ...plan, sources });
  shifted(near);
  for (let step = 0; step < STEPS; step++) near.run("step", step);
  for (const opened of [machine, near]) {
    for (const [name, expected] of Object.entries(local())) {
      assertSameBits(readResults(opened, stepSource())[name] ?? [], expected, name);
    }
  }
});

Deno.test("assignAddresses() rejects more than 32-bit addresses reach, before it allocates anything", () => {
  const program = compile(stepSource());
  const options = { perStep: new Set<string>(), steps: 1, workers: 1 };
  const map = (bytes: number) =>
    assignAddresses([{ program, aliases: {} }], { "source:data.scale": bytes }, options);
  const limit = 2 ** 32 - 2 ** 16;
  const others = map(0).bytes;
  assertEquals(map(limit - others).bytes, limit);
  assertThrows(
    () => map(limit - others + 1),
    RangeError,
    `expected at most ${limit} bytes: received ${limit + 64}`,
  );
});

Deno.test("assignAddresses() has as many entries of a space as its programs have steps", () => {
  const program = compile(stepSource());
  const plan = { perStep: new Set(["out:y"]), steps: 1000, workers: 1 };
  const bytesOf = (options: typeof plan & { entries?: Record<string, number> }) =>
    assignAddresses([{ program, aliases: {} }], {}, options).addresses.get("out:y")?.bytes;
  const entry = program.spaces["out:y"];
  assertEquals(bytesOf(plan), 1000 * entry);
  assertEquals(bytesOf({ ...plan, entries: { "out:y": 3 } }), 3 * entry);
});

Deno.test("assignAddresses() gives every space its own bytes, at multiples of 64", () => {
  const program = compile(stepSource());
  const perStep = new Set(["in:rows", "out:y"]);
  const { addresses, bytes } = assignAddresses([{ program, aliases: {} }], {}, {
    perStep,
    steps: STEPS,
    workers: 1,
  });
  const places = [...addresses.values()].sort((a, b) => a.address - b.address);
  places.reduce((end, { address, bytes }) => {
    assertEquals(address % 64, 0);
    assertEquals(Math.max(end, address), address);
    return address + bytes;
  }, 64);
  assertEquals(addresses.get("in:rows"), {
    address: addresses.get("in:rows")?.address ?? NaN,
    stride: 4 * BATCH,
    bytes: 4 * BATCH * STEPS,
  });
  assertLess(places.at(-1)?.address ?? NaN, bytes);
});
