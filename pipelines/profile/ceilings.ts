/**
 * Measures the machine's peak rates, which are the ceilings of a roofline, in the workers and WebAssembly of
 * the exact backend: arithmetic in registers, and addition of vectors of several sizes.
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
import { computeCostOfCalls } from "../../lib/engine/program/cost.ts";
import type { Program } from "../../lib/engine/program/program.ts";
import { CLOCK_URL } from "../../lib/io/clock.ts";
import { timeCalls } from "./record.ts";

/**
 * Sizes [bytes] of the vectors that are added: within a core's second-level cache, within a shared cache, and
 * larger.
 */
const WORKING_SETS = [2 ** 18, 2 ** 22, 2 ** 24, 2 ** 28] as const;

/**
 * Largest number of timed steps. The more bytes a step accesses, the longer it takes and the fewer steps are
 * timed.
 */
const STEPS = 200;
/**
 * Number of bytes that all timed steps of one working set access together. A working set so large that
 * fewer than 10 steps would access so many bytes is timed for 10 steps.
 */
const TIMED_BYTES = 2 ** 29;
/** Smallest number of timed steps. */
const FEWEST_STEPS = 10;

/**
 * Quantile of the step times from which a peak rate is computed. It is low, since other programs make some
 * steps longer.
 */
const BEST = 0.1;

/**
 * Measures the peak rates of several workers together: arithmetic [GFLOP/s], and additions of vectors of each
 * size [GB/s].
 *
 * @param clock time [µs] of reading the clock, which is subtracted
 */
export async function measureCeilings(workers: number, clock: number): Promise<Ceilings> {
  const memory: Bandwidth[] = [];
  for (const bytes of WORKING_SETS) {
    const affordable = Math.floor(TIMED_BYTES / bytes);
    const steps = Math.max(FEWEST_STEPS, Math.min(STEPS, affordable));
    const { time, cost } = await timeFastestStep(vectorAdditionProgram(bytes), {
      workers,
      steps,
      clock,
    });
    memory.push({ bytes, rate: cost.bytes / time / 1000 });
  }
  const rates: number[] = [];
  for (const sums of SUMS) {
    const options = { workers, steps: STEPS, clock };
    const { time, cost } = await timeFastestStep(arithmeticProgram(sums), options);
    rates.push(cost.flops / time / 1000);
  }
  return { compute: Math.max(...rates), memory: memory as [Bandwidth, ...Bandwidth[]] };
}

/** Compiles a program that adds one f32 vector to another. Both together have `bytes` bytes. */
function vectorAdditionProgram(bytes: number): Program {
  const [a, b] = ["a", "b"].map((name) => input(name, [bytes / 8]));
  return compile({ state: { a: add(a, b) } });
}

/**
 * Times the steps of a program with one kernel call. Returns the 10 % quantile of the step times [µs], that
 * of the slowest worker, and the cost of the call.
 *
 * @param clock time [µs] of reading the clock, which is subtracted
 */
async function timeFastestStep(
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
  const timelines = await timeCalls({ machine, program, workers }, segment);
  const times = timelines.map((timeline) => quantile(intervalTimes(timeline, 0), BEST) - clock);
  return { time: Math.max(...times), cost: computeCostOfCalls(program.calls, () => 0) };
}
