/**
 * Profiling the training of a config: real batches of its data, after a warm-up, with a clock beside
 * every worker.
 *
 * @module
 */
import type { Cost } from "../../lib/engine/program/cost.ts";
import {
  type Profile,
  profileOf,
  quantile,
  type Timeline,
} from "../../lib/analysis/profile/profile.ts";
import type { Ceilings } from "../../lib/analysis/profile/roofline.ts";
import type { Schedule } from "../../lib/optim/schedules/mod.ts";
import { exact } from "../../lib/engine/wasm/exact.ts";
import { openSession, type Training } from "../../lib/train/session.ts";
import { measureCeilings } from "./ceilings.ts";
import { clockTime, openTimedMachine, type TimedMachine, type Timelines } from "./timed_machine.ts";

/** What is profiled. */
export interface ProfileOptions {
  /** What is trained, on what; the number of workers in it does not count. */
  readonly training: Training;
  /** Learning rate of each step. */
  readonly schedule: Schedule;
  /** Numbers of workers, each of which is a profile of its own; the first is 1. */
  readonly workers: readonly number[];
  /** About how long each profile may take to measure. */
  readonly seconds: number;
}

/** The profile of a training by so many workers. */
export interface ProfiledTraining {
  /** How many workers there were. */
  readonly workers: number;
  /** What they can do at most, together. */
  readonly ceilings: Ceilings;
  /** Where the time of a step goes. */
  readonly profile: Profile;
  /** A step without a look at the clock after each call, in microseconds. */
  readonly step: Spread;
  /** What a look at the clock takes, in microseconds; taken off each call. */
  readonly clock: number;
  /** What the workers' clocks said. */
  readonly timelines: Timelines;
  /** A label for each call of the program. */
  readonly labels: readonly string[];
}

/** The middle of some measurements, and what a tenth of them is below and above. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The spread of some measurements. */
export function spreadOf(values: Iterable<number>): Spread {
  const all = [...values];
  return { median: quantile(all, 0.5), low: quantile(all, 0.1), high: quantile(all, 0.9) };
}

/** Steps of the warm-up, in which the entries of sparse batches are counted too. */
const WARM_UP = 20;

/** Steps are taken in rounds, by turns with a clock after each call and without, to be comparable. */
const ROUNDS = 10;

/** Steps that are looked at, at most. */
const MOST = 500;

/** Profiles a training by each number of workers. */
export async function profileTraining(
  options: ProfileOptions,
): Promise<readonly ProfiledTraining[]> {
  const profiles: ProfiledTraining[] = [];
  let costs: readonly Cost[] | undefined;
  for (const workers of options.workers) {
    const clock = clockTime();
    const ceilings = await measureCeilings(workers, clock);
    const measured = await measure(options, workers, costs);
    const { timelines, step, program } = measured;
    costs = measured.costs;
    const profile = profileOf(program, timelines, { clock, costs });
    profiles.push({ workers, ceilings, profile, step, clock, timelines, labels: program.labels });
  }
  return profiles;
}

/**
 * Takes the steps.
 *
 * @param known what operations cost, if one worker found out before; several cannot
 */
async function measure(
  { training, schedule, seconds }: ProfileOptions,
  workers: number,
  known: readonly Cost[] | undefined,
) {
  let opened: TimedMachine | undefined;
  await using session = await openSession(
    {
      ...training,
      workers,
      backend: { ...exact, open: async (plan) => opened = await openTimedMachine(plan) },
    },
  );
  const machine = opened as TimedMachine;
  await session.initialize();
  const { steps: perEpoch } = session.batches;
  session.prepare(0, {
    rateOf: (step) => schedule(step, { steps: perEpoch, stepsPerEpoch: perEpoch, scores: [] }),
    averageWeightOf: () => 0,
  });
  const { whole } = session.batches;
  const segment = (to: number) => ({ program: "step", from: 0, to: Math.min(to, whole) });
  const warmUp = segment(WARM_UP);
  const costs = known ?? await machine.costs(warmUp);
  const first = await machine.watchSteps(warmUp);
  const typical = quantile(first, 0.5);
  const affordable = Math.floor(1e6 * seconds / (2 * ROUNDS) / typical);
  const round = segment(Math.max(1, Math.min(MOST / ROUNDS, affordable)));
  const steps: number[] = [];
  const timelines: Timelines[] = [];
  for (let done = 0; done < ROUNDS; done++) {
    steps.push(...await machine.watchSteps(round));
    timelines.push(await machine.watchCalls(round));
  }
  return {
    costs,
    step: spreadOf(steps),
    timelines: joined(timelines),
    program: machine.programs.step,
  };
}

/** The timelines of each worker, one round after the other. */
function joined(rounds: readonly Timelines[]): Timelines {
  const [first, ...others] = rounds as readonly [Timelines, ...Timelines[]];
  return first.map(({ intervals, moments }, worker): Timeline => {
    const all = [moments, ...others.map((other) => other[worker].moments)];
    return { intervals, moments: Float64Array.from(all.flatMap((each) => [...each])) };
  }) as unknown as Timelines;
}
