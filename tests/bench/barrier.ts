/**
 * What it costs that workers wait for each other, on a machine that is idle and beside a program that
 * takes a whole processor:
 *
 *     deno run --v8-flags=--no-liftoff --allow-read tests/bench/barrier.ts
 *
 * prints a line of JSON for each number of workers: microseconds a step, alone and beside the other
 * program, and how many times longer that is. A step is two products of square matrices, with a wait
 * after each; "small" ones are next to nothing, "large" ones a tenth of a millisecond for one worker.
 *
 * @module
 */
import { compile } from "../../lib/engine/compiler/compile.ts";
import { openMachine } from "../../lib/engine/workers/machine.ts";
import type { Machine } from "../../lib/engine/backend.ts";
import { input, matmul } from "../../lib/tensor/mod.ts";

const WORKERS = [1, 2, 3, 5];

/** Rows and columns of a matrix, and steps that take some tenths of a second. */
const SIZES = { small: { rows: 8, steps: 100_000 }, large: { rows: 120, steps: 1000 } };

/** A program that takes a whole processor, until it is disposed of. */
function startBusy(): Disposable {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const loop = "onmessage = ({ data }) => { while (Atomics.load(data, 0) === 0); close(); }";
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(loop)}`, { type: "module" });
  worker.postMessage(flag);
  return { [Symbol.dispose]: () => void Atomics.store(flag, 0, 1) };
}

/** The median of five times, in microseconds a step. */
async function timed(machine: Machine, steps: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const begun = performance.now();
    await machine.run({ program: "step", from: 0, to: steps });
    times.push(1000 * (performance.now() - begun) / steps);
  }
  return times.toSorted((a, b) => a - b)[2];
}

for (const [size, { rows, steps }] of Object.entries(SIZES)) {
  const x = input("x", [rows, rows]);
  const step = compile({ state: { x: matmul(matmul(x, x), x) } });
  for (const workers of WORKERS) {
    const plan = { programs: { step }, sources: {}, perStep: [], steps, workers };
    await using machine = await openMachine(plan);
    const alone = await timed(machine, steps);
    using _busy = startBusy();
    const beside = await timed(machine, steps);
    const [us, times] = [(value: number) => Number(value.toFixed(3)), beside / alone];
    console.log(
      JSON.stringify({ size, workers, alone: us(alone), beside: us(beside), times: us(times) }),
    );
  }
}
