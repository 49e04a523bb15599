/**
 * What the machine can do at most, measured in its own workers and WebAssembly: arithmetic in
 * registers, and adding one vector to another in working sets of several sizes.
 *
 * @module
 */
import {
  arithmeticProgram,
  openArithmeticMachine,
  SUMS,
} from "../../lib/analysis/profile/arithmetic.ts";
import { add, input } from "../../lib/tensor/mod.ts";
import { quantile } from "../../lib/tensor/math/statistics.ts";
import type { Bandwidth, Ceilings } from "../../lib/analysis/profile/roofline.ts";
import { intervalTimes } from "../../lib/analysis/profile/timeline.ts";
import { compile } from "../../lib/engine/compiler/compile.ts";
import { costOf } from "../../lib/engine/program/cost.ts";
import type { Program } from "../../lib/engine/program/program.ts";
import { CLOCK } from "../../lib/io/clock.ts";
import { recordCalls } from "./record.ts";

/** Working sets in bytes: within a core's second-level cache, within a shared one, beyond it. */
const WORKING_SETS = [2 ** 18, 2 ** 22, 2 ** 24, 2 ** 28] as const;

/** Steps that are recorded; of a large working set fewer are enough, as a step takes milliseconds. */
const STEPS = 200;
const RECORDED_BYTES = 2 ** 29;
const FEWEST_STEPS = 10;

/** The share of the steps that are disturbed by nothing: ceilings are what is possible. */
const BEST = 0.1;

/** Measures the ceilings of some workers together; a look at the clock takes `look` microseconds. */
export async function measureCeilings(workers: number, look: number): Promise<Ceilings> {
  const memory: Bandwidth[] = [];
  for (const bytes of WORKING_SETS) {
    const affordable = Math.floor(RECORDED_BYTES / bytes);
    const steps = Math.max(FEWEST_STEPS, Math.min(STEPS, affordable));
    const { time, cost } = await fastest(additionProgram(bytes), { workers, steps, look });
    memory.push({ bytes, rate: cost.bytes / time / 1000 });
  }
  const rates: number[] = [];
  for (const sums of SUMS) {
    const options = { workers, steps: STEPS, look };
    const { time, cost } = await fastest(arithmeticProgram(sums), options);
    rates.push(cost.flops / time / 1000);
  }
  return { compute: Math.max(...rates), memory: memory as [Bandwidth, ...Bandwidth[]] };
}

/** Adds one vector to another; both together are the working set of so many bytes. */
function additionProgram(bytes: number): Program {
  const [a, b] = ["a", "b"].map((name) => input(name, [bytes / 8]));
  return compile({ state: { a: add(a, b) } });
}

/** Returns how long the one call of a program takes at best, in microseconds, and what it costs. */
async function fastest(
  program: Program,
  { workers, steps, look }: Readonly<Record<"workers" | "steps" | "look", number>>,
) {
  const plan = { programs: { program }, sources: {}, perStep: [], workers, steps, clock: CLOCK };
  await using machine = await openArithmeticMachine(plan);
  const segment = { program: "program", from: 0, to: steps };
  await machine.run(segment);
  const timelines = await recordCalls({ machine, program, workers }, segment);
  const times = timelines.map((timeline) => quantile(intervalTimes(timeline, 0), BEST) - look);
  return { time: Math.max(...times), cost: costOf(program.calls, () => 0) };
}
