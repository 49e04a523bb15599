/** Workers that end before their work is done: a message and never a hang. */
import { assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { WorkerError } from "../../../lib/engine/workers/connection.ts";
import { openMachine } from "../../../lib/engine/workers/machine.ts";
import type { Machine } from "../../../lib/engine/backend.ts";
import { addRow, input, mul, sum } from "../../../lib/tensor/mod.ts";
import { sabotage } from "./sabotage.ts";

const STEPS = 1_000_000; // more than are taken before a worker ends

/** A machine of three workers with more to do than the tests wait for. */
function open(): Promise<Machine> {
  const x = input("x", [120, 500]);
  const step = compile({ state: { x: addRow(mul(x, 0.5), sum(x, "rows")) } });
  return openMachine({ programs: { step }, sources: {}, perStep: [], steps: STEPS, workers: 3 });
}

const ALL = { program: "step", from: 0, to: STEPS };

/** Runs until a worker ends; the error's message with the number of the step left out. */
async function failure(machine: Machine): Promise<string> {
  const { message } = await assertRejects(() => machine.run(ALL), WorkerError);
  return message.replace(/in step \d+ of/, "in step N of");
}

const PLACE = 'in step N of program "step"';

for (
  const [way, expected] of [
    ["close", `ended without a message ${PLACE}`],
    ["exit", `ended without a message ${PLACE}`],
    ["throw", `failed ${PLACE}: Error: on purpose`],
    ["overflow", `failed ${PLACE}: RangeError: Maximum call stack size exceeded`],
  ] as const
) {
  Deno.test(`run() rejects and names worker and step if a worker ends by "${way}"`, async () => {
    using _ = sabotage(`${way} 20`);
    await using machine = await open();
    assertEquals(await failure(machine), `Cannot continue: worker 2 of 3 ${expected}`);
  });
}

Deno.test("run() rejects if a worker is ended from outside, at work or idle", async () => {
  using sabotaged = sabotage("none");
  const machine = await open();
  const running = assertRejects(() => machine.run({ ...ALL, to: 20_000 }), WorkerError);
  while (machine.stepsDone() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  sabotaged.workers[1]?.terminate(); // it ends when it has walked its segment
  assertStringIncludes((await running).message, "worker 2 of 3 ended without a message");
  assertStringIncludes(await failure(machine), "worker 2 of 3 ended without a message"); // it stays so
  await machine[Symbol.asyncDispose]();

  await using another = await open();
  assertEquals(await another.run({ ...ALL, to: 3 }), 3);
  sabotaged.workers.at(-1)?.terminate();
  assertStringIncludes(await failure(another), "worker 3 of 3 ended without a message");
});

Deno.test("a machine that is closed while it runs leaves no worker running", async () => {
  const machine = await open();
  const running = assertRejects(() => machine.run(ALL), Error, "received a closed one");
  while (machine.stepsDone() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  await machine[Symbol.asyncDispose]();
  await running;
  let [steps, before] = [machine.stepsDone(), 0];
  do {
    before = steps;
    await new Promise((resolve) => setTimeout(resolve, 50));
    steps = machine.stepsDone();
  } while (steps !== before);
  assertLess(steps, STEPS);
});
