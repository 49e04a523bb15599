/**
 * Checkpoints: everything that training needs to resume with the same bits.
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

/** The complete state of training between two steps. */
export interface Checkpoint {
  /** Position between two steps. */
  readonly position: Position;
  /** Parameters, optimizer slots and running statistics, by name. */
  readonly state: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  /** Scores, step series and observations recorded so far. */
  readonly history: History;
}

/** A position between two steps of a training. */
export interface Position {
  /** Epochs finished. */
  readonly epoch: number;
  /** Steps taken since the start of training. */
  readonly step: number;
}

/** Everything that training has recorded so far. */
export interface History {
  /** One record per finished epoch. */
  readonly epochs: readonly EpochRecord[];
  /** Scores of the validation split within the epoch that is not finished. */
  readonly within: readonly ScoreRecord[];
  /** Series with one element per step. */
  readonly steps: StepSeries;
  /** Values stored by observers. */
  readonly observations: Observations;
}

/** The history of a finished training: scores of every epoch and series over its steps. */
export type TrainingHistory = Pick<History, "epochs" | "steps">;

/** Returns the history of a training that has not started. */
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

/** Fields of a checkpoint; all others belong to observers. */
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
 * Encodes a checkpoint as a safetensors file. Equal checkpoints give equal bytes.
 *
 * @throws {TypeError} if the history has another number of epochs or steps than the position
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
 * Decodes a checkpoint and verifies its checksum. Checkpoints of early versions have no checksum; they
 * are accepted only if the caller has verified the bytes against a manifest (`isVerified`).
 *
 * @throws {SyntaxError} if the bytes are not a checkpoint or do not match the checksum
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
