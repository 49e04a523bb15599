/** Stopwatches beside workers, with a clock that is told how much time passes, and with a real one. */
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { compileKernels, openMachine } from "../../../lib/engine/workers/machine.ts";
import { allocateMachineMemory } from "../../../lib/engine/wasm/memory_plan.ts";
import { resetControlWords, STOP_WORD } from "../../../lib/engine/workers/protocol.ts";
import { runTimedSegment } from "../../../lib/engine/workers/segment.ts";
import {
  allocateTimeSums,
  averageTimes,
  createStopwatch,
  FIRST,
  PERIOD,
} from "../../../lib/engine/workers/stopwatch.ts";
import { type BarrierKernels, runPhases } from "../../../lib/engine/workers/barrier.ts";
import {
  type BoundProgram,
  instantiateKernels,
  makePhases,
} from "../../../lib/engine/workers/executor.ts";
import { CLOCK_URL } from "../../../lib/io/clock.ts";
import { addRow, input, mul, sum } from "../../../lib/tensor/mod.ts";
import { normalValues } from "../../numbers.ts";

/** Time of reading the clock. */
const LOOK = 0.5;

/** A clock, and a way to have time pass. */
function timer() {
  let time = 0;
  return { now: () => time += LOOK, pass: (microseconds: number) => void (time += microseconds) };
}

/** A stopwatch of a program of two calls. */
function watch() {
  const { now, pass } = timer();
  const sums = allocateTimeSums(2);
  const stopwatch = createStopwatch(sums, now);
  /** A step: 3 µs of waiting between two calls of so many µs, 2 µs behind them. */
  const step = (first: number, second: number, isWhole = true) => {
    stopwatch.startStep();
    pass(first);
    stopwatch.onCallEnd(0);
    pass(3);
    stopwatch.onWaitEnd();
    pass(second);
    stopwatch.onCallEnd(1);
    pass(2);
    stopwatch.endStep(isWhole);
  };
  return { sums, stopwatch, step };
}

Deno.test("createStopwatch() adds up whole steps, minus the time of reading the clock", () => {
  const { sums, stopwatch, step } = watch();
  step(5, 11);
  step(7, 13);
  step(1000, 1000, false);
  stopwatch.endSegment(64);
  assertEquals([...sums], [12, 24, 10, 2, 64]); // calls, waiting, timed steps, steps
});

Deno.test("createStopwatch() measures one step in so many, over segments of any length", () => {
  const { stopwatch } = watch();
  assertEquals([0, FIRST, FIRST + 1].map(stopwatch.stepsUntilDue), [FIRST, 0, PERIOD - 1]);
  stopwatch.endSegment(FIRST - 1);
  assertEquals([0, 1, PERIOD].map(stopwatch.stepsUntilDue), [1, 0, 1]);
});

Deno.test("averageTimes() is the mean over workers, weighted by their measured steps", () => {
  const [one, other] = [watch(), watch()];
  for (let step = 0; step < 3; step++) one.step(5, 11);
  other.step(9, 11);
  for (const { stopwatch } of [one, other]) stopwatch.endSegment(200);
  const calls = [(3 * 5 + 9) / 4, 11];
  assertEquals(averageTimes([one.sums, other.sums]), { steps: 200, timed: 3, calls, waiting: 5 });
  // one worker waits for nobody
  assertEquals(averageTimes([one.sums]), { steps: 200, timed: 3, calls: [5, 11], waiting: 0 });
});

Deno.test("averageTimes() of a program with too few steps has no step", () => {
  const { sums, stopwatch } = watch();
  stopwatch.endSegment(FIRST);
  assertEquals(averageTimes([sums]), { steps: FIRST, timed: 0, calls: [0, 0], waiting: 0 });
});

const [ROWS, COLUMNS] = [12, 5];
const STEPS = 3 * PERIOD;

/** x' = x / 2 + the sums of its columns: calls with a barrier between. */
function programOf() {
  const x = input("x", [ROWS, COLUMNS]);
  return compile({ state: { x: addRow(mul(x, 0.5), sum(mul(x, 0.1), "rows")) } });
}

/** The first of some workers, the others of whom do not come; each of its calls takes 5 µs. */
function present(workers: number) {
  const program = programOf();
  const plan = { programs: { program }, sources: {}, perStep: [], steps: STEPS, workers };
  const { memory, spaces, programs: [[, shares] = ["", []]] } = allocateMachineMemory(plan);
  const kernels = instantiateKernels(compileKernels(), memory, []);
  const control = new Int32Array(memory.buffer as unknown as SharedArrayBuffer);
  spaces.floats("in:x").set(normalValues("x", [ROWS, COLUMNS]));
  const { now, pass } = timer();
  const sums = allocateTimeSums(program.calls.length);
  const stopwatch = createStopwatch(sums, now);
  const onCallEnd = (call: number) => (pass(5), stopwatch.onCallEnd(call));
  const watcher = { onWaitEnd: stopwatch.onWaitEnd, onCallEnd };
  const plain = shares.map((share) => makePhases(share, memory, kernels));
  const timed = shares.map((share) => makePhases(share, memory, kernels, watcher));
  const barrier = kernels as unknown as BarrierKernels;
  const view = (phases: typeof plain) => (
    {
      worker: 0,
      workers,
      control,
      kernels: barrier,
      phasesOf: (share: number) => phases[share] ?? [],
    }
  );
  resetControlWords(control, workers);
  return {
    control,
    sums,
    shares,
    rewind: () => resetControlWords(control, workers),
    shared: { plain: view(plain), timed: view(timed), stopwatch },
    x: () => [...spaces.floats("in:x")],
  };
}

/** Returns the number of calls of each place in the program among some partitions. */
function callsIn(shares: readonly BoundProgram[], calls: number): readonly number[] {
  const places = shares.flatMap((share) => share.calls.map(({ call }) => call));
  return Array.from(
    { length: calls },
    (_, place) => places.filter((each) => each === place).length,
  );
}

Deno.test("runTimedSegment() runs the same steps as an unmeasured segment, and measures those that are due", () => {
  for (const workers of [1, 2, 3]) {
    const { shared, sums, shares, x } = present(workers);
    const without = present(workers);
    assertEquals(runPhases(without.shared.plain, 0, STEPS), STEPS);
    assertEquals(runTimedSegment(shared, 0, STEPS), STEPS);
    assertEquals(x(), without.x());
    const calls = sums.length - 3;
    // the shares of those who do not come are its own time too, and none of it is waiting
    assertEquals([...sums], [...callsIn(shares, calls).map((count) => 3 * 5 * count), 0, 3, STEPS]);
  }
});

Deno.test("runTimedSegment() continues from segment to segment, and ends when it is stopped", () => {
  const { shared, sums, control, rewind } = present(2);
  assertEquals(runTimedSegment(shared, 5, 5), 5);
  for (const [from, to] of [[0, FIRST], [FIRST, FIRST + 1], [0, 1]] as const) {
    rewind();
    assertEquals(runTimedSegment(shared, from, to), to);
  }
  assertEquals([...sums.slice(-2)], [1, FIRST + 2]); // timed in the second segment, its only step
  Atomics.store(control, STOP_WORD, 1);
  rewind();
  assertEquals(runTimedSegment(shared, 1, STEPS), 1);
  assertEquals(sums.at(-1), FIRST + 2);
});

Deno.test("runTimedSegment() ignores a due step that other workers finished before it began", () => {
  const { shared, sums, x } = present(2);
  const others = { ...shared.plain, worker: 1 };
  const stepsUntilDue = (steps: number) => {
    if (steps === FIRST) runPhases(others, 0, FIRST + 1);
    return shared.stopwatch.stepsUntilDue(steps);
  };
  const stopwatch = { ...shared.stopwatch, stepsUntilDue };
  assertEquals(runTimedSegment({ ...shared, stopwatch }, 0, STEPS), STEPS);
  assertEquals([...sums.slice(-2)], [2, STEPS]); // of three that were due
  const alone = present(2);
  runPhases(alone.shared.plain, 0, STEPS);
  assertEquals(x(), alone.x());
});

Deno.test("runTimedSegment() counts a measured step in which the workers are stopped", () => {
  const { shared, sums, control } = present(2);
  const startStep = () => (Atomics.store(control, STOP_WORD, 1), shared.stopwatch.startStep());
  const stopwatch = { ...shared.stopwatch, startStep };
  assertEquals(runTimedSegment({ ...shared, stopwatch }, 0, STEPS), FIRST + 1);
  assertEquals([...sums.slice(-2)], [1, FIRST + 1]);
});

Deno.test("openMachine() with a clock computes the same bits, and the time of every call", async () => {
  const program = programOf();
  const results: (readonly number[])[] = [];
  for (const workers of [1, 2, 3]) {
    for (const clock of [undefined, CLOCK_URL]) {
      const plan = {
        programs: { program },
        sources: {},
        perStep: [],
        steps: STEPS,
        workers,
        clock,
      };
      await using machine = await openMachine(plan);
      machine.floats("in:x").set(normalValues("x", [ROWS, COLUMNS]));
      const begun = performance.now();
      await machine.run({ program: "program", from: 0, to: STEPS });
      const wall = 1000 * (performance.now() - begun);
      results.push([...machine.floats("in:x")]);
      const times = machine.times("program");
      assertEquals(times === undefined, clock === undefined);
      if (times === undefined) continue;
      assertEquals([times.steps, times.calls.length], [STEPS, program.calls.length]);
      assert(times.timed <= 3, `${times.timed}`); // fewer if all workers were put to sleep
      const spent = times.calls.reduce((sum, time) => sum + time, times.waiting);
      if (times.timed > 0) assertGreater(spent, 0);
      assertLess(spent, wall); // a step of the segment
    }
  }
  for (const result of results) assertEquals(result, results[0]);
});
