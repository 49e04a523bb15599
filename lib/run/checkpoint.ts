/**
 * Checkpoints: everything that training needs to resume with the same bits.
 *
 * @module
 */
import { z } from "zod";
import {
  decodeFile,
  encodeFile,
  type Field,
  fieldGroup,
  jsonField,
  optionalField,
  tensorMapField,
  textField,
  withConversion,
} from "./codec/fields.ts";
import { addChecksum, CHECKSUM, NO_CHECKSUM, verifyChecksum } from "./codec/checksum.ts";
import { throwReadError } from "./json.ts";
import { decodeMetrics, encodeMetrics, orderKeysOfScoreRecord, scoreRecords } from "./metrics.ts";
import { NO_OBSERVATIONS, type Observations, otherFields } from "./observations.ts";
import type { EpochRecord } from "./record.ts";
import type { ScoreRecord } from "../evaluate/evaluation.ts";
import { emptySteps, STEPS, type StepSeries } from "./steps.ts";

/** A checkpoint: the complete state of training between two steps. */
export interface Checkpoint {
  /** Number of finished epochs and steps. */
  readonly position: Position;
  /** Parameters, optimizer slots and running statistics, by name. */
  readonly state: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  /** Scores, series over steps and observations recorded so far. */
  readonly history: History;
}

/** A point of training between two steps. */
export interface Position {
  /** Number of finished epochs. */
  readonly epoch: number;
  /** Number of steps since the start of training. */
  readonly step: number;
}

/** Everything that training has recorded so far. */
export interface History {
  /** Scores at the end of each finished epoch. */
  readonly epochs: readonly EpochRecord[];
  /** Scores of the validation split during the current epoch, which is not finished. */
  readonly within: readonly ScoreRecord[];
  /** Loss, learning rate and other series with one element per step. */
  readonly steps: StepSeries;
  /** Values that observers stored for reports. */
  readonly observations: Observations;
}

/** The history of a finished training: scores of every epoch, and series over all steps. */
export type TrainingHistory = Pick<History, "epochs" | "steps">;

/** Returns the empty history of a training that has not started. */
export function emptyHistory(): History {
  return { epochs: [], within: [], steps: emptySteps(), observations: NO_OBSERVATIONS };
}

const POSITION: Field<Position> = jsonField(
  z.strictObject({ epoch: z.int().min(0), step: z.int().min(0) }),
  "epochs finished and steps taken",
  { lengths: ({ step }) => ({ steps: step }) },
);

const EPOCHS: Field<History["epochs"]> = withConversion(
  textField("the finished epochs, as in metrics.jsonl", z.string()),
  { encode: encodeMetrics, decode: (found, { source }) => decodeMetrics(found, source) },
);

const WITHIN: Field<History["within"]> = withConversion(
  jsonField(scoreRecords, "scores within the epoch that is not finished"),
  { encode: (within) => within.map(orderKeysOfScoreRecord), decode: (within) => within },
);

const STATE: Field<Checkpoint["state"]> = withConversion(
  tensorMapField("state.", ["elements"], "parameters, slots of the optimizer, statistics"),
  {
    encode: (state) =>
      new Map([...state].map(([name, data]) => [name, { shape: [data.length], data }])),
    decode: (state) => new Map([...state].map(([name, { data }]) => [name, data])),
  },
);

/** Fields of a checkpoint file that training itself writes. Fields with other names belong to observers. */
const TRAINING_FIELDS = {
  checksum: optionalField(CHECKSUM),
  position: POSITION,
  epochs: EPOCHS,
  within: optionalField(WITHIN),
  steps: STEPS,
  state: STATE,
};

/** All fields of a checkpoint file. */
export const CHECKPOINT = fieldGroup({
  ...TRAINING_FIELDS,
  observations: otherFields((name) => Object.hasOwn(TRAINING_FIELDS, name.split(".", 1)[0])),
});

/**
 * Encodes a checkpoint as a safetensors file. Equal checkpoints give equal bytes.
 *
 * @throws {TypeError} if the history does not have as many epochs and steps as the position states
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
 * Decodes a checkpoint file and verifies its checksum. Checkpoints of early versions have no checksum; they
 * are accepted only with `isVerified`.
 *
 * @param options `source` is the name of the file in error messages. `isVerified` states that the bytes
 *     match the hash in a manifest. Defaults to false
 * @throws {SyntaxError} if the bytes are not a checkpoint, or do not match the checksum in it
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  { source = "checkpoint", isVerified = false }: {
    readonly source?: string;
    readonly isVerified?: boolean;
  } = {},
): Checkpoint {
  const found = decodeFile(CHECKPOINT, bytes, source);
  const { checksum, position, state, epochs, within = [], steps, observations } = found;
  if (checksum !== undefined) verifyChecksum(bytes, checksum, source);
  else if (!isVerified) throwReadError(source, "a checksum", "none");
  if (epochs.length !== position.epoch) {
    throwReadError(source, `${position.epoch} epochs`, epochs.length);
  }
  return { position, state, history: { epochs, within, steps, observations } };
}
