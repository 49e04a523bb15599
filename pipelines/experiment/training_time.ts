/**
 * Measures the time of a training by activity, by epoch and by operation of its steps.
 *
 * @module
 */
import type { Machine, Plan } from "../../lib/engine/backend.ts";
import { exact } from "../../lib/engine/wasm/exact.ts";
import { CLOCK_URL, now } from "../../lib/io/clock.ts";
import { operationTimes, type TimedProgram } from "../../lib/analysis/profile/operation_times.ts";
import {
  ACTIVITIES,
  type Activity,
  type EpochTime,
  type TrainingTime,
} from "../../lib/run/timing.ts";
import { isTrainingProgram } from "../../lib/train/programs.ts";
import { openSession } from "../../lib/train/session.ts";
import type { StageContext } from "./stages.ts";

/** Callbacks of a training that write checkpoints. */
type CheckpointCallbacks =
  & Pick<StageContext, "onBest">
  & Required<Pick<StageContext, "onCheckpoint">>;

/**
 * Measurement of a training's time: wrapped callbacks to train with, and the times that they have measured.
 */
interface TimedTraining {
  /**
   * The training's callbacks, which also measure their own time, and a function that opens a timed session.
   */
  readonly context: CheckpointCallbacks & Pick<StageContext, "open">;
  /** Returns the times measured so far. */
  time(): TrainingTime;
}

/**
 * Wraps the callbacks of a training so that the times of its activities, epochs and operations are measured.
 * `from` is the checkpoint that training resumes from, if any.
 */
export function timeTraining(
  { onCheckpoint, onBest, from }: CheckpointCallbacks & Pick<StageContext, "from">,
): TimedTraining {
  const begun = now();
  const spent = activityStopwatch();
  const epochs: EpochTime[] = [];
  // the time of an epoch that an earlier process started is unknown
  let epochBegun = startsWithEpoch(from) ? begun : undefined;
  let timed = (): readonly TimedProgram[] => [];
  let [steps, samples] = [0, 0];
  return {
    context: {
      async open(training) {
        const { backend = exact } = training;
        const open = async (plan: Plan) => {
          const machine = await backend.open({ ...plan, clock: CLOCK_URL });
          timed = () => timesOfTrainingPrograms(plan, machine);
          return machine;
        };
        const session = await openSession({ ...training, backend: { ...backend, open } });
        spent.add("setup", now() - begun);
        return {
          ...session,
          initialize: () => spent.during("setup", session.initialize),
          async run(from, to) {
            const end = await spent.during("steps", () => session.run(from, to));
            const { size, whole, rest } = session.batches;
            steps += end - from;
            samples += Math.max(0, Math.min(end, whole) - from) * size + (end > whole ? rest : 0);
            return end;
          },
          validate: () => spent.during("validation", session.validate),
          observe: (observer) => spent.during("observations", () => session.observe(observer)),
        };
      },
      async onCheckpoint(checkpoint, epoch) {
        await spent.during("checkpoints", () => onCheckpoint(checkpoint, epoch));
        if (epoch === undefined) return;
        const ended = now();
        if (epochBegun !== undefined) {
          epochs.push({ epoch: epoch.epoch, milliseconds: toMilliseconds(ended - epochBegun) });
        }
        epochBegun = ended;
      },
      onBest: onBest && ((best) => spent.during("checkpoints", () => onBest(best))),
    },
    time() {
      const programs = timed();
      const sum = (of: (program: TimedProgram) => number) =>
        programs.reduce((sum, each) => sum + of(each), 0);
      return {
        activities: spent.all(),
        steps: {
          after: from?.position.step ?? 0,
          steps,
          samples,
          timed: Math.round(sum(({ times }) => times.timed)),
        },
        epochs,
        operations: operationTimes(programs),
      };
    },
  };
}

/**
 * Returns whether a training starts at the beginning of an epoch: `from` is undefined, or a checkpoint that
 * was written at the end of an epoch.
 */
function startsWithEpoch(from: StageContext["from"]): boolean {
  if (from === undefined) return true;
  return from.position.step === (from.history.epochs.at(-1)?.step ?? 0);
}

/**
 * Returns the labels and measured times of those programs of a plan that compute training steps and have run
 * on the machine with a clock.
 */
function timesOfTrainingPrograms({ programs }: Plan, machine: Machine): readonly TimedProgram[] {
  return Object.entries(programs).flatMap(([name, { labels }]) => {
    const times = machine.times(name);
    if (times === undefined || !isTrainingProgram(name)) return [];
    return [{ labels, times }];
  });
}

/** Returns a stopwatch that sums the times [µs] of activities. */
function activityStopwatch() {
  const spent = new Map<Activity, number>();
  const add = (activity: Activity, time: number) =>
    void spent.set(activity, (spent.get(activity) ?? 0) + time);
  return {
    /** Adds a time [µs] to that of an activity. */
    add,
    /** Calls `work`, adds the time that it takes to that of an activity, and returns its result. */
    async during<Result>(activity: Activity, work: () => Promise<Result>): Promise<Result> {
      const begun = now();
      const result = await work();
      add(activity, now() - begun);
      return result;
    },
    /** Returns the total time [ms] of each activity that has one. */
    all: () =>
      ACTIVITIES.flatMap((training) => {
        const time = spent.get(training);
        return time === undefined ? [] : [{ training, milliseconds: toMilliseconds(time) }];
      }),
  };
}

/** Converts microseconds to milliseconds, rounded to one decimal. */
function toMilliseconds(microseconds: number): number {
  return Math.round(microseconds / 100) / 10;
}
