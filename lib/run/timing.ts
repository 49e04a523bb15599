/**
 * timing.jsonl: how long a run took, by stage; and of its training by what it did, by epoch and by
 * operation.
 *
 *     {"stage":"train","milliseconds":776}
 *     {"training":"steps","milliseconds":512.4}
 *     {"after":0,"steps":4300,"samples":275000,"timed":134}
 *     {"epoch":1,"milliseconds":121.5}
 *     {"pass":"forward","layer":"dense1","operation":"matmul: sparseProduct","microseconds":16.5}
 *
 * All of it is of the time since the run was started, or gone on with for the last time; what was before
 * is not counted.
 *
 * @module
 */
import { z } from "zod";
import { jsonLines, parseJsonLines, takeValue } from "./json.ts";

export interface StageTime {
  readonly stage: string;
  readonly milliseconds: number;
}

/** What training can be at: all that takes long enough to have a name. */
export type Activity = "setup" | "steps" | "validation" | "observations" | "checkpoints";

/** All of them, in the order in which they first come. */
export const ACTIVITIES: readonly Activity[] = [
  "setup",
  "steps",
  "validation",
  "observations",
  "checkpoints",
];

interface ActivityTime {
  readonly training: Activity;
  readonly milliseconds: number;
}

interface TimedSteps {
  /** Steps that were taken before, which are not counted. */
  readonly after: number;
  readonly steps: number;
  readonly samples: number;
  /** Steps of which each operation was timed. */
  readonly timed: number;
}

/** How long an epoch took, validation and checkpoint included. */
export interface EpochTime {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  readonly milliseconds: number;
}

export interface OperationTime {
  /** The part of the step: "forward", "backward", "update", or "waiting" of workers for each other. */
  readonly pass: string;
  /** The layer or parameter group; empty if it belongs to none. */
  readonly layer: string;
  readonly operation: string;
  /** Time a step in microseconds, the mean over the timed steps and over the workers. */
  readonly microseconds: number;
}

export interface TrainingTime {
  readonly activities: readonly ActivityTime[];
  readonly steps: TimedSteps;
  /** By epoch, of those that were taken from their first step on. */
  readonly epochs: readonly EpochTime[];
  /** By operation, in the order in which they run. */
  readonly operations: readonly OperationTime[];
}

export interface RunTiming {
  readonly stages: readonly StageTime[];
  /** Its training; older runs do not have it, and ensembles do not train. */
  readonly training?: TrainingTime;
}

const time = z.number().min(0);
const count = z.int().min(0);
const stageLine = z.strictObject({ stage: z.string(), milliseconds: time });
const activityLine = z.strictObject({ training: z.enum(ACTIVITIES), milliseconds: time });
const stepsLine = z.strictObject({ after: count, steps: count, samples: count, timed: count });
const epochLine = z.strictObject({ epoch: z.int().min(1), milliseconds: time });
const operationLine = z.strictObject({
  pass: z.string(),
  layer: z.string(),
  operation: z.string(),
  microseconds: time,
});
const timingLine = z.union([stageLine, activityLine, stepsLine, epochLine, operationLine]);

export function encodeTiming({ stages, training }: RunTiming): string {
  if (training === undefined) return jsonLines(stages);
  const { activities, steps, epochs, operations } = training;
  return jsonLines([...stages, ...activities, steps, ...epochs, ...operations]);
}

export function decodeTiming(text: string, what = "timing.jsonl"): RunTiming {
  const lines = parseJsonLines(text, what).map((line) => takeValue(line, timingLine, what));
  const stages = lines.filter((line) => "stage" in line);
  const [steps] = lines.filter((line) => "after" in line);
  if (steps === undefined) return { stages };
  const activities = lines.filter((line) => "training" in line);
  const epochs = lines.filter((line) => "epoch" in line);
  const operations = lines.filter((line) => "operation" in line);
  return { stages, training: { activities, steps, epochs, operations } };
}
