/** Execution of a program by several workers, simulated on one thread. */
import { assertEquals, assertThrows } from "@std/assert";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { compileKernels } from "../../../lib/engine/workers/machine.ts";
import { allocateMachineMemory } from "../../../lib/engine/wasm/memory_plan.ts";
import {
  abortWorkers,
  resetControlWords,
  STEPS_WORD,
  STOP_WORD,
} from "../../../lib/engine/workers/protocol.ts";
import {
  type BarrierKernels,
  type Executor,
  runPhases,
} from "../../../lib/engine/workers/barrier.ts";
import { instantiateKernels, makePhases } from "../../../lib/engine/workers/executor.ts";
import { addRow, input, mul, sum } from "../../../lib/tensor/mod.ts";

const ROWS = 12;
const COLUMNS = 5;
const STEPS = 4;

/** Workers of a program that has a barrier: x' = x / 2 + the sums of its columns. */
function together(workers: number) {
  const x = input("x", [ROWS, COLUMNS]);
  const program = compile({ state: { x: addRow(mul(x, 0.5), sum(x, "rows")) } });
  const plan = { programs: { program }, sources: {}, perStep: [], steps: STEPS, workers };
  const { memory, spaces, programs: [[, shares] = ["", []]] } = allocateMachineMemory(plan);
  const kernels = instantiateKernels(compileKernels(), memory, []);
  const control = new Int32Array(memory.buffer as unknown as SharedArrayBuffer);
  const phases = shares.map((share) => makePhases(share, memory, kernels));
  const phasesOf = (partition: number) => phases[partition] ?? [];
  spaces.floats("in:x").set(Array.from({ length: ROWS * COLUMNS }, (_, i) => i % 7 - 3));
  resetControlWords(control, workers);
  const view = (worker: number): Executor => (
    { worker, workers, phasesOf, control, kernels: kernels as unknown as BarrierKernels }
  );
  return { control, phases, view, x: () => [...spaces.floats("in:x")] };
}

/** Returns the result of one worker alone. */
function alone(steps: number): readonly number[] {
  const { view, x } = together(1);
  runPhases(view(0), 0, steps);
  return x();
}

Deno.test("runPhases() computes the partitions of absent workers, with the same bits", () => {
  for (const workers of [2, 3, 5]) {
    for (const present of [0, workers - 1]) {
      const { phases, view, x } = together(workers);
      assertEquals(phases.map(({ length }) => length), phases.map(() => 2)); // a barrier lies between
      assertEquals(runPhases(view(present), 0, STEPS), STEPS);
      assertEquals(x(), alone(STEPS));
      // Who comes when all is done finds nothing to do
      assertEquals(runPhases(view(1), 0, STEPS), STEPS);
      assertEquals(x(), alone(STEPS));
    }
  }
});

Deno.test("runPhases() ends with the step in which it is stopped, and then runs none", () => {
  const { control, view, x } = together(2);
  Atomics.store(control, STOP_WORD, 1);
  assertEquals(runPhases(view(0), 0, STEPS), 1);
  assertEquals(Atomics.load(control, STEPS_WORD), 1);
  assertEquals(x(), alone(1));
  resetControlWords(control, 2);
  assertEquals(runPhases(view(1), 1, STEPS), 1);
  Atomics.store(control, STOP_WORD, 0);
  resetControlWords(control, 2);
  assertEquals(runPhases(view(1), 1, STEPS), STEPS);
  assertEquals(x(), alone(STEPS));
});

Deno.test("runPhases() ends with a trap if a worker has failed in its partition", () => {
  const { control, view, x } = together(2);
  const before = x();
  const { kernels } = view(0);
  assertEquals(kernels.claim(64, 1, 0), 1); // claimed, and never complete
  assertEquals(kernels.claim(64, 1, 0), 0);
  abortWorkers(control);
  assertThrows(() => runPhases(view(0), 0, STEPS), WebAssembly.RuntimeError, "unreachable");
  assertEquals(Atomics.load(control, STEPS_WORD), 0);
  assertEquals(x(), before);
});

Deno.test("runPhases() with ownOnly waits for a late worker instead of claiming its partition", () => {
  const { view } = together(3);
  const executor = view(1);
  const claimed: number[] = [];
  const kernels = {
    ...executor.kernels,
    claim(barrier: number, partition: number, phase: number) {
      claimed.push(partition);
      return executor.kernels.claim(barrier, partition, phase);
    },
    waitForPhaseEnd() {
      throw new Error("waits");
    },
  };
  assertThrows(() => runPhases({ ...executor, kernels, ownOnly: true }, 0, STEPS), Error, "waits");
  assertEquals(claimed, [1]);
});
