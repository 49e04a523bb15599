/**
 * metrics.jsonl: one line per epoch, with scores of the training and validation split.
 *
 * @module
 */
import { z } from "zod";
import { defined } from "../config/defined.ts";
import { jsonLines, parseJsonLines, throwReadError, validateValue } from "./json.ts";
import type { EpochRecord } from "./record.ts";
import type { Score, ScoreRecord } from "../evaluate/evaluation.ts";

const score = z.strictObject({ loss: z.number(), accuracy: z.number().min(0).max(1) });
const scoreRecord = z.strictObject({
  step: z.int().min(1),
  validation: score.exactOptional(),
  average: score.exactOptional(),
});
const epochRecord = z.strictObject({
  epoch: z.int().min(1),
  step: z.int().min(1),
  learningRate: z.number(),
  train: score,
  validation: score.exactOptional(),
  average: score.exactOptional(),
  within: z.array(scoreRecord).exactOptional(),
});

/** Encodes the scores of epochs as the text of metrics.jsonl. Equal records give equal bytes. */
export function encodeMetrics(epochs: readonly EpochRecord[]): string {
  return jsonLines(epochs.map(({ epoch, step, learningRate, train, within, ...scores }) => ({
    epoch,
    step,
    learningRate,
    train: orderKeysOfScore(train),
    ...orderKeysOfScores(scores),
    ...defined({ within: within?.map(orderKeysOfScoreRecord) }),
  })));
}

/** Returns a record of scores with its keys in a fixed order, in which JSON then has them. */
export function orderKeysOfScoreRecord({ step, ...scores }: ScoreRecord): ScoreRecord {
  return { step, ...orderKeysOfScores(scores) };
}

/** Schema of a list of records of scores. */
export const scoreRecords: z.ZodType<readonly ScoreRecord[]> = z.array(scoreRecord);

function orderKeysOfScores({ validation, average }: Omit<ScoreRecord, "step">) {
  return defined({
    validation: validation && orderKeysOfScore(validation),
    average: average && orderKeysOfScore(average),
  });
}

function orderKeysOfScore({ loss, accuracy }: Score): Score {
  return { loss, accuracy };
}

/**
 * Decodes the text of a metrics.jsonl.
 *
 * @throws {SyntaxError} if a line is malformed, or the epochs are not numbered 1, 2, 3, …
 */
export function decodeMetrics(text: string, source = "metrics.jsonl"): readonly EpochRecord[] {
  return parseJsonLines(text, source).map((value, index) => {
    const record = validateValue<EpochRecord>(value, epochRecord, `line ${index + 1} of ${source}`);
    if (record.epoch !== index + 1) {
      throwReadError(source, `epoch ${index + 1} on its line`, record.epoch);
    }
    return record;
  });
}
