/**
 * Checkpoints: all that training needs to go on as if it had never stopped.
 *
 * @module
 */
import { z } from "zod";
import {
  converted,
  decodeFile,
  encodeFile,
  type Field,
  group,
  json,
  optional,
  tensorMap,
  text,
} from "./codec/fields.ts";
import { addChecksum, CHECKSUM, expectChecksum, NO_CHECKSUM } from "./codec/checksum.ts";
import { refuse } from "./json.ts";
import { decodeMetrics, encodeMetrics, scoreLine, scoreRecords } from "./metrics.ts";
import { NO_OBSERVATIONS, type Observations, otherFields } from "./observations.ts";
import type { EpochRecord } from "./record.ts";
import type { ScoreRecord } from "../evaluate/evaluation.ts";
import { noSteps, STEPS, type StepSeries } from "./steps.ts";

/** The state of training between two steps. */
export interface Checkpoint {
  /** How far training has come. */
  readonly position: Position;
  /** Values that a step replaces by their successors, by name. */
  readonly state: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  /** What was recorded on the way. */
  readonly history: History;
}

/** How far training has come. */
export interface Position {
  /** Epochs finished. */
  readonly epoch: number;
  /** Steps taken since the start of training. */
  readonly step: number;
}

/** What was recorded on the way. */
export interface History {
  /** The finished epochs. */
  readonly epochs: readonly EpochRecord[];
  /** Scores of the validation split within the epoch that is not finished. */
  readonly within: readonly ScoreRecord[];
  /** What was recorded of each step. */
  readonly steps: StepSeries;
  /** What observers have stored until then. */
  readonly observations: Observations;
}

/** Scores of every epoch, and the results of every step. */
export type TrainingHistory = Pick<History, "epochs" | "steps">;

export function noHistory(): History {
  return { epochs: [], within: [], steps: noSteps(), observations: NO_OBSERVATIONS };
}

const POSITION: Field<Position> = json(
  z.strictObject({ epoch: z.int().min(0), step: z.int().min(0) }),
  "epochs finished and steps taken",
  { lengths: ({ step }) => ({ steps: step }) },
);

const EPOCHS: Field<History["epochs"]> = converted(
  text("the finished epochs, as in metrics.jsonl", z.string()),
  { encode: encodeMetrics, decode: (found, { what }) => decodeMetrics(found, what) },
);

const WITHIN: Field<History["within"]> = converted(
  json(scoreRecords, "scores within the epoch that is not finished"),
  { encode: (within) => within.map(scoreLine), decode: (within) => within },
);

const STATE: Field<Checkpoint["state"]> = converted(
  tensorMap("state.", ["elements"], "parameters, slots of the optimizer, statistics"),
  {
    encode: (state) =>
      new Map([...state].map(([name, data]) => [name, { shape: [data.length], data }])),
    decode: (state) => new Map([...state].map(([name, { data }]) => [name, data])),
  },
);

const OWN = {
  checksum: optional(CHECKSUM),
  position: POSITION,
  epochs: EPOCHS,
  within: optional(WITHIN),
  steps: STEPS,
  state: STATE,
};

export const CHECKPOINT = group({
  ...OWN,
  observations: otherFields((name) => Object.hasOwn(OWN, name.split(".", 1)[0])),
});

/**
 * The bytes of a checkpoint: equal content gives equal bytes.
 *
 * @throws {TypeError} if the history is not as long as the position says
 */
export function encodeCheckpoint(
  { position, state, history: { epochs, within, steps, observations } }: Checkpoint,
): Uint8Array<ArrayBuffer> {
  const lengths = [epochs.length, steps.loss.length, steps.learningRate.length];
  if (lengths.join() !== [position.epoch, position.step, position.step].join()) {
    throw new TypeError(
      `Cannot write checkpoint: expected a history of ${position.epoch} epochs and ` +
        `${position.step} steps: received ${lengths.join(", ")}`,
    );
  }
  const scores = within.length === 0 ? {} : { within };
  return addChecksum(encodeFile(CHECKPOINT, {
    checksum: NO_CHECKSUM,
    position,
    epochs,
    ...scores,
    steps,
    state,
    observations,
  }));
}

/**
 * Returns the checkpoint in some bytes. One without a checksum, as runs once had, is accepted only if a
 * manifest has verified that the bytes are those that were written.
 *
 * @throws {SyntaxError} if the bytes are no checkpoint, or others than were written
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  { what = "checkpoint", isVerified = false }: {
    readonly what?: string;
    readonly isVerified?: boolean;
  } = {},
): Checkpoint {
  const found = decodeFile(CHECKPOINT, bytes, what);
  const { checksum, position, state, epochs, within = [], steps, observations } = found;
  if (checksum !== undefined) expectChecksum(bytes, checksum, what);
  else if (!isVerified) refuse(what, "a checksum", "none");
  if (epochs.length !== position.epoch) refuse(what, `${position.epoch} epochs`, epochs.length);
  return { position, state, history: { epochs, within, steps, observations } };
}
