/**
 * Measures the machine's peak rates (the ceilings of a roofline) with its own workers and WebAssembly:
 * arithmetic in registers, and vector addition in working sets of several sizes.
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
import { computeCallCost } from "../../lib/engine/program/cost.ts";
import type { Program } from "../../lib/engine/program/program.ts";
import { CLOCK_URL } from "../../lib/io/clock.ts";
import { recordCalls } from "./record.ts";

/** Working sets [bytes]: within a core's second-level cache, within a shared cache, and beyond. */
const WORKING_SETS = [2 ** 18, 2 ** 22, 2 ** 24, 2 ** 28] as const;

/**
 * Largest number of timed steps. The more bytes a step accesses, the longer it takes and the fewer steps are
 * timed.
 */
const STEPS = 200;
const RECORDED_BYTES = 2 ** 29;
const FEWEST_STEPS = 10;

/** Quantile of step times that counts as undisturbed: ceilings are what is possible. */
const BEST = 0.1;

/** Measures the ceilings of several workers together; reading the clock takes `clock` microseconds. */
export async function measureCeilings(workers: number, clock: number): Promise<Ceilings> {
  const memory: Bandwidth[] = [];
  for (const bytes of WORKING_SETS) {
    const affordable = Math.floor(RECORDED_BYTES / bytes);
    const steps = Math.max(FEWEST_STEPS, Math.min(STEPS, affordable));
    const { time, cost } = await fastest(additionProgram(bytes), { workers, steps, clock });
    memory.push({ bytes, rate: cost.bytes / time / 1000 });
  }
  const rates: number[] = [];
  for (const sums of SUMS) {
    const options = { workers, steps: STEPS, clock };
    const { time, cost } = await fastest(arithmeticProgram(sums), options);
    rates.push(cost.flops / time / 1000);
  }
  return { compute: Math.max(...rates), memory: memory as [Bandwidth, ...Bandwidth[]] };
}

/** Returns a program that adds one vector to another; together they have `bytes` bytes. */
function additionProgram(bytes: number): Program {
  const [a, b] = ["a", "b"].map((name) => input(name, [bytes / 8]));
  return compile({ state: { a: add(a, b) } });
}

/** Returns the shortest time [µs] of a program with one call, and the cost of the call. */
async function fastest(
  program: Program,
  { workers, steps, clock }: Readonly<Record<"workers" | "steps" | "clock", number>>,
) {
  const plan = {
    programs: { program },
    sources: {},
    perStep: [],
    workers,
    steps,
    clock: CLOCK_URL,
  };
  await using machine = await openArithmeticMachine(plan);
  const segment = { program: "program", from: 0, to: steps };
  await machine.run(segment);
  const timelines = await recordCalls({ machine, program, workers }, segment);
  const times = timelines.map((timeline) => quantile(intervalTimes(timeline, 0), BEST) - clock);
  return { time: Math.max(...times), cost: computeCallCost(program.calls, () => 0) };
}
