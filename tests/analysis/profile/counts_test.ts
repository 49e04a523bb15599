import { assertEquals } from "@std/assert";
import { addCountingCalls, measureCosts } from "../../../lib/analysis/profile/counts.ts";
import { computeOperationCosts } from "../../../lib/engine/program/cost.ts";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { openMachine } from "../../../lib/engine/workers/machine.ts";
import { add, gatherRows, input, matmul, max, source, transpose } from "../../../lib/tensor/mod.ts";

const [ROWS, FEATURES, UNITS, STEPS] = [6, 20, 70, 2];

Deno.test("measureCosts() counts the entries of sparse rows, and the nonzero outputs of a rectifier", async () => {
  const x = gatherRows(source("features", FEATURES, "sparse8"), input("rows", [ROWS], "integer"));
  const hidden = max(add(matmul(x, input("w", [FEATURES, UNITS])), -4), 0);
  const y = matmul(hidden, input("v", [UNITS, 80]));
  const dw = matmul(transpose(x), y);
  const program = compile({ outputs: { y, dw } });
  // row i of the data has i + 1 numbers that are not zero; steps read rows 0 to 5, then 6 to 11
  const values = Uint8Array.from(
    { length: 2 * ROWS * FEATURES },
    (_, i) => Number(i % FEATURES <= Math.floor(i / FEATURES)),
  );
  const scale = new Float32Array(FEATURES).fill(1);
  for (const workers of [1, 3]) {
    await using machine = await openMachine({
      programs: { counting: addCountingCalls(program) },
      sources: { features: { features: FEATURES, values, scale } },
      perStep: ["in:rows"],
      steps: STEPS,
      workers,
    });
    const [rows, stride] = [machine.integers("in:rows"), machine.stride("in:rows")];
    for (let i = 0; i < STEPS * ROWS; i++) {
      rows[Math.floor(i / ROWS) * stride + i % ROWS] = i;
    }
    machine.floats("in:w").fill(1);
    const costs = await measureCosts(program, machine, {
      steps: STEPS,
      run: (step) => machine.run({ program: "counting", from: step, to: step + 1 }),
    });
    const entries = (1 + 12) / 2 * ROWS; // the mean over the steps
    const positive = (2 + 6) / 2 * UNITS; // of rows of five entries or more
    assertEquals(costs, computeOperationCosts(program, (of) => "lists" in of ? entries : positive));
  }
});
