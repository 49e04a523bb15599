/**
 * What the machine can do at most, measured in its own workers and WebAssembly: arithmetic in
 * registers, and adding one vector to another in working sets of several sizes.
 *
 * @module
 */
import {
  additionProgram,
  arithmeticProgram,
  SUMS,
} from "../../lib/analysis/profile/ceiling_loops.ts";
import { costOf } from "../../lib/engine/program/cost.ts";
import { quantile } from "../../lib/analysis/profile/profile.ts";
import type { Program } from "../../lib/engine/program/program.ts";
import type { Bandwidth, Ceilings } from "../../lib/analysis/profile/roofline.ts";
import { openTimedMachine, type TimedMachine } from "./timed_machine.ts";

/** Working sets in bytes: within a core's second-level cache, within a shared one, beyond it. */
const WORKING_SETS = [2 ** 18, 2 ** 22, 2 ** 24, 2 ** 28] as const;

/** Steps that are looked at; of the working set beyond all caches a few are enough. */
const STEPS = 200;
const LARGE = 2 ** 24;
const LARGE_STEPS = 10;

/** The share of the steps that are disturbed by nothing: ceilings are what is possible. */
const BEST = 0.1;

/**
 * Measures the ceilings of some workers together.
 *
 * @param clock what a look at the clock takes, in microseconds
 */
export async function measureCeilings(workers: number, clock: number): Promise<Ceilings> {
  const programs: Record<string, Program> = {};
  for (const sums of SUMS) programs[`arithmetic${sums}`] = arithmeticProgram(sums);
  for (const bytes of WORKING_SETS) programs[bytes] = additionProgram(bytes);
  await using machine = await openTimedMachine({
    programs,
    sources: {},
    perStep: [],
    workers,
    steps: STEPS,
  });
  const memory: Bandwidth[] = [];
  for (const bytes of WORKING_SETS) {
    const steps = bytes > LARGE ? LARGE_STEPS : STEPS;
    const { time, cost } = await fastest(machine, String(bytes), steps, clock);
    memory.push({ bytes, rate: cost.bytes / time / 1000 });
  }
  const rates: number[] = [];
  for (const sums of SUMS) {
    const { time, cost } = await fastest(machine, `arithmetic${sums}`, STEPS, clock);
    rates.push(cost.flops / time / 1000);
  }
  return { compute: Math.max(...rates), memory: memory as [Bandwidth, ...Bandwidth[]] };
}

/** How long the one call of a program takes at best, in microseconds, and what it costs. */
async function fastest(machine: TimedMachine, program: string, steps: number, clock: number) {
  const segment = { program, from: 0, to: steps };
  await machine.watchCalls(segment);
  const timelines = await machine.watchCalls(segment);
  const { calls } = machine.programs[program];
  const times = timelines.map(({ intervals, moments }) => {
    const perStep = intervals.length + 1;
    const last = Array.from({ length: steps }, (_, step) => {
      const end = (step + 1) * perStep - 1;
      return moments[end] - moments[end - 1] - clock;
    });
    return quantile(last, BEST);
  });
  return { time: Math.max(...times), cost: costOf(calls, () => 0) };
}
