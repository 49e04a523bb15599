/**
 * Profiles the training steps of a config on real batches of its data, after a warm-up, with timestamps
 * from every worker.
 *
 * @module
 */
import { addCountingCalls, measureCosts } from "../../lib/analysis/profile/counts.ts";
import { combineTimelines, type Profile } from "../../lib/analysis/profile/profile.ts";
import { median, quantile } from "../../lib/tensor/math/statistics.ts";
import type { Ceilings } from "../../lib/analysis/profile/roofline.ts";
import type { Timeline } from "../../lib/analysis/profile/timeline.ts";
import type { Machine, Plan } from "../../lib/engine/backend.ts";
import type { Program } from "../../lib/engine/program/program.ts";
import { measureClockReading } from "../../lib/engine/workers/stopwatch.ts";
import { CLOCK_URL, now } from "../../lib/io/clock.ts";
import type { Schedule } from "../../lib/optim/schedules/mod.ts";
import { exact } from "../../lib/engine/wasm/exact.ts";
import { openSession, type Training } from "../../lib/train/session.ts";
import { measureCeilings } from "./ceilings.ts";
import { timeCalls, timeSteps } from "./record.ts";

/** Options of a profile. */
interface ProfileOptions {
  /** The training to profile; its number of workers is ignored. */
  readonly training: Training;
  /** Learning-rate schedule. */
  readonly schedule: Schedule;
  /** Numbers of workers to profile, each on its own; the first is 1. */
  readonly workers: readonly number[];
  /** Approximate time of measurement [s] for each profile. */
  readonly seconds: number;
}

/** The profile of a training's steps with one number of workers. */
export interface ProfiledTraining {
  /** Number of workers. */
  readonly workers: number;
  /** Peak rates of all workers together. */
  readonly ceilings: Ceilings;
  /** Times and costs of the kernel calls of a step. */
  readonly profile: Profile;
  /** Time [µs] of a step that is run without timestamps after each kernel call. */
  readonly step: TypicalRange;
  /** Time to read the clock [µs], which is subtracted from the time of each kernel call. */
  readonly clock: number;
  /** Timeline of each worker. */
  readonly timelines: readonly Timeline[];
  /** Label of each kernel call. */
  readonly labels: readonly string[];
}

/** The median of some measurements, and their 10 % and 90 % quantiles. */
export interface TypicalRange {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Returns the median and the 10 % and 90 % quantiles of measurements. */
export function typicalRange(values: readonly number[]): TypicalRange {
  return { median: median(values), low: quantile(values, 0.1), high: quantile(values, 0.9) };
}

/**
 * Number of steps before the measurement, whose batches are also those in which non-zero inputs are counted.
 */
const WARM_UP = 20;

/**
 * Number of rounds of measurement. Each round runs the same steps without timestamps after each kernel call
 * and then with them, so that both are measured under equal conditions.
 */
const ROUNDS = 10;

/** Largest number of steps that are timed in all rounds. */
const MOST_STEPS = 500;

/** Number of readings of the clock from which the time of one reading is computed. */
const READINGS = 100_000;

/** Profiles the steps of a training with each number of workers, one after the other. */
export async function profileTraining(
  options: ProfileOptions,
): Promise<readonly ProfiledTraining[]> {
  const profiles: ProfiledTraining[] = [];
  for (const workers of options.workers) {
    const clock = measureClockReading(now, READINGS);
    const ceilings = await measureCeilings(workers, clock);
    const { program, costs, timelines, step } = await profileWithWorkers(options, workers);
    const profile = combineTimelines(program, timelines, { clock, costs });
    profiles.push({ workers, ceilings, profile, step, clock, timelines, labels: program.labels });
  }
  return profiles;
}

/**
 * Name of the program that counts the non-zero inputs of a batch, on which the costs of sparse products
 * depend.
 */
const COUNTING = "counting";

/**
 * Times the steps of a training that is run with `workers` workers. Returns the step's program, the cost of
 * each kernel call, the times of whole steps, and a timeline for each worker.
 */
async function profileWithWorkers(
  { training, schedule, seconds }: ProfileOptions,
  workers: number,
) {
  const opened = Promise.withResolvers<{ readonly machine: Machine; readonly program: Program }>();
  const open = async (plan: Plan) => {
    const program = plan.programs.step;
    const programs = { ...plan.programs, [COUNTING]: addCountingCalls(program) };
    const machine = await exact.open({ ...plan, programs, clock: CLOCK_URL });
    opened.resolve({ machine, program });
    return machine;
  };
  await using session = await openSession({ ...training, workers, backend: { ...exact, open } });
  const { machine, program } = await opened.promise;
  await session.initialize();
  const { steps: perEpoch, whole } = session.batches;
  session.prepare(0, {
    rateOf: (step) => schedule(step, { steps: perEpoch, stepsPerEpoch: perEpoch, scores: [] }),
    averageWeightOf: () => 0,
  });
  const recorded = { machine, program, workers };
  const segment = (to: number) => ({ program: "step", from: 0, to: Math.min(to, whole) });
  const warmUp = segment(WARM_UP);
  const costs = await measureCosts(program, machine, {
    steps: warmUp.to,
    run: (step) => machine.run({ program: COUNTING, from: step, to: step + 1 }),
  });
  const typical = median(await timeSteps(recorded, warmUp));
  const affordable = Math.floor(1e6 * seconds / (2 * ROUNDS) / typical);
  const round = segment(Math.max(1, Math.min(MOST_STEPS / ROUNDS, affordable)));
  const steps: number[] = [];
  const timelines: (readonly Timeline[])[] = [];
  for (let done = 0; done < ROUNDS; done++) {
    steps.push(...await timeSteps(recorded, round));
    timelines.push(await timeCalls(recorded, round));
  }
  return { program, costs, step: typicalRange(steps), timelines: concatenateRounds(timelines) };
}

/** Concatenates the timelines of all rounds into one timeline for each worker. */
function concatenateRounds(rounds: readonly (readonly Timeline[])[]): readonly Timeline[] {
  return rounds[0].map(({ intervals }, worker) => ({
    intervals,
    moments: Float64Array.from(rounds.flatMap((round) => [...round[worker].moments])),
  }));
}
