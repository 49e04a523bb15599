/** Records of workers with real clocks: the kinds of marks are tested, not their times. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { openMachine } from "../../../lib/engine/workers/machine.ts";
import { makeTapes, readTape } from "../../../lib/engine/workers/tape.ts";
import { allocateMachineMemory } from "../../../lib/engine/wasm/memory_plan.ts";
import { CLOCK_URL, origin } from "../../../lib/io/clock.ts";
import { addRow, input, mul, sum } from "../../../lib/tensor/mod.ts";
import { normalValues } from "../../numbers.ts";

const [ROWS, COLUMNS, STEPS] = [12, 5, 7];

/** x' = x / 2 + the sums of its columns: calls with a barrier between. */
function programOf() {
  const x = input("x", [ROWS, COLUMNS]);
  return compile({ state: { x: addRow(mul(x, 0.5), sum(mul(x, 0.1), "rows")) } });
}

function planOf(workers: number, clock: string | undefined) {
  return {
    programs: { program: programOf() },
    sources: {},
    perStep: [],
    steps: STEPS,
    workers,
    clock,
  };
}

const SEGMENT = { program: "program", from: 0, to: STEPS };

/** Returns the results of a machine for a segment, and the records of its workers. */
async function recorded(workers: number, detail: "calls" | "steps") {
  const plan = planOf(workers, CLOCK_URL);
  const calls = plan.programs.program.calls.length;
  const tapes = makeTapes(detail, { workers, steps: STEPS, calls });
  await using machine = await openMachine(plan);
  machine.floats("in:x").set(normalValues("x", [ROWS, COLUMNS]));
  assertEquals(await machine.run({ ...SEGMENT, tapes }), STEPS);
  return { x: [...machine.floats("in:x")], marks: tapes.map((tape) => readTape(tape, origin)) };
}

Deno.test("run() with tapes records the calls and waits of each worker in every step", async () => {
  await using plain = await openMachine(planOf(1, undefined));
  plain.floats("in:x").set(normalValues("x", [ROWS, COLUMNS]));
  await plain.run(SEGMENT);
  for (const workers of [1, 2, 3]) {
    const { x, marks } = await recorded(workers, "calls");
    assertEquals(x, [...plain.floats("in:x")]);
    const { programs: [[, shares] = ["", []]] } = allocateMachineMemory(planOf(workers, undefined));
    for (const [worker, own] of marks.entries()) {
      // a phase begins where the share has a barrier, and a step ends when all workers are through
      const step = [undefined, ...shares[worker].calls.map(({ call }) => call), undefined];
      assertEquals(own.map(({ call }) => call), Array.from({ length: STEPS }, () => step).flat());
      const now = 1000 * performance.now();
      for (const [index, { moment }] of own.entries()) {
        assert((own[index - 1]?.moment ?? 0) <= moment && moment < now + 1, `${moment}`);
      }
    }
  }
});

Deno.test("run() with tapes for steps records the beginning and the end of each step", async () => {
  for (const workers of [1, 2]) {
    const { marks } = await recorded(workers, "steps");
    for (const own of marks) {
      assertEquals(own.map(({ call }) => call), Array(2 * STEPS).fill(undefined));
    }
  }
});

Deno.test("run() with tapes rejects without a clock", async () => {
  await using machine = await openMachine(planOf(1, undefined));
  const tapes = makeTapes("calls", { workers: 1, steps: STEPS, calls: 9 });
  await assertRejects(
    () => machine.run({ ...SEGMENT, tapes }),
    Error,
    "expected a machine with a clock",
  );
});
