/**
 * timing.jsonl: the duration of a run by stage, and of its training by activity, epoch and operation.
 *
 *     {"stage":"train","milliseconds":776}
 *     {"training":"steps","milliseconds":512.4}
 *     {"after":0,"steps":4300,"samples":275000,"timed":134}
 *     {"epoch":1,"milliseconds":121.5}
 *     {"pass":"forward","layer":"dense1","operation":"matmul: sparseProduct","microseconds":16.5}
 *     {"ranks":4,"latency":28.5,"bandwidth":1180}
 *
 * A resumed run counts the time since it was last resumed.
 *
 * @module
 */
import { z } from "zod";
import { defined } from "../config/defined.ts";
import { jsonLines, parseJsonLines, validateValue } from "./json.ts";

/** The duration of a stage of the pipeline. */
export interface StageTime {
  readonly stage: string;
  readonly milliseconds: number;
}

/** An activity of training whose time is measured. */
export type Activity = "setup" | "steps" | "validation" | "observations" | "checkpoints";

/** All activities, in the order in which they first occur. */
export const ACTIVITIES: readonly Activity[] = [
  "setup",
  "steps",
  "validation",
  "observations",
  "checkpoints",
];

/** The total duration of an activity of training. */
interface ActivityTime {
  readonly training: Activity;
  readonly milliseconds: number;
}

/**
 * Number of steps and samples over which the times of a run were measured: all steps since the run was
 * started or last resumed.
 */
interface TimedSteps {
  /** Number of steps before the run was last resumed, or 0. The other numbers do not include them. */
  readonly after: number;
  /** Number of steps since the run was started or last resumed. */
  readonly steps: number;
  /** Number of samples in these steps. */
  readonly samples: number;
  /** Number of these steps in which the time of each operation was measured. */
  readonly timed: number;
}

/** The duration of an epoch, including its validation and checkpoints. */
export interface EpochTime {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  readonly milliseconds: number;
}

/** The mean time of an operation in a training step. */
export interface OperationTime {
  /**
   * Pass to which the operation belongs: "forward", "backward" or "update"; or "waiting" for other workers.
   */
  readonly pass: string;
  /** Name of the layer or parameter group. Empty if the operation belongs to neither. */
  readonly layer: string;
  readonly operation: string;
  /** Time per step in microseconds: the mean over the timed steps and over the workers. */
  readonly microseconds: number;
}

/** The duration of a training by activity, epoch and operation. */
export interface TrainingTime {
  readonly activities: readonly ActivityTime[];
  readonly steps: TimedSteps;
  /** Durations of the epochs that were trained without interruption. */
  readonly epochs: readonly EpochTime[];
  /** Operations, in the order in which they run. */
  readonly operations: readonly OperationTime[];
}

/** The link between ranks, as measured before training. */
export interface LinkTime {
  /** Number of ranks. */
  readonly ranks: number;
  /** Time of an exchange of one byte among all ranks, divided by the number of other ranks [µs]. */
  readonly latency: number;
  /** Rate at which each rank sends while it receives as much [MB/s]. */
  readonly bandwidth: number;
}

/** The content of timing.jsonl. */
export interface RunTiming {
  readonly stages: readonly StageTime[];
  /** Absent in runs of early versions and in ensembles, which do not train. */
  readonly training?: TrainingTime;
  /** Present if several ranks trained. */
  readonly link?: LinkTime;
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
const linkLine = z.strictObject({ ranks: z.int().min(1), latency: time, bandwidth: time });
const timingLine = z.union([
  stageLine,
  activityLine,
  stepsLine,
  epochLine,
  operationLine,
  linkLine,
]);

/** Encodes the durations of a run as the text of timing.jsonl. */
export function encodeTiming({ stages, training, link }: RunTiming): string {
  const links = link === undefined ? [] : [link];
  if (training === undefined) return jsonLines([...stages, ...links]);
  const { activities, steps, epochs, operations } = training;
  return jsonLines([...stages, ...activities, steps, ...epochs, ...operations, ...links]);
}

/**
 * Decodes the text of a timing.jsonl.
 *
 * @throws {SyntaxError} if a line is malformed
 */
export function decodeTiming(text: string, source = "timing.jsonl"): RunTiming {
  const lines = parseJsonLines(text, source).map((line) => validateValue(line, timingLine, source));
  const stages = lines.filter((line) => "stage" in line);
  const [link] = lines.filter((line) => "ranks" in line);
  const shared = { stages, ...defined({ link }) };
  const [steps] = lines.filter((line) => "after" in line);
  if (steps === undefined) return shared;
  const activities = lines.filter((line) => "training" in line);
  const epochs = lines.filter((line) => "epoch" in line);
  const operations = lines.filter((line) => "operation" in line);
  return { ...shared, training: { activities, steps, epochs, operations } };
}
