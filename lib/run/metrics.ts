/**
 * metrics.jsonl: one line of scores per epoch.
 *
 * @module
 */
import { z } from "zod";
import { defined } from "../config/defined.ts";
import { jsonLines, parseJsonLines, refuse, takeValue } from "./json.ts";
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

/** Encodes the records of epochs as metrics.jsonl. Equal records give equal bytes. */
export function encodeMetrics(epochs: readonly EpochRecord[]): string {
  return jsonLines(epochs.map(({ epoch, step, learningRate, train, within, ...scores }) => ({
    epoch,
    step,
    learningRate,
    train: inOrder(train),
    ...scoresInOrder(scores),
    ...defined({ within: within?.map(scoreLine) }),
  })));
}

/** Returns a record of scores with its keys in a fixed order, as JSON writes them. */
export function scoreLine({ step, ...scores }: ScoreRecord): ScoreRecord {
  return { step, ...scoresInOrder(scores) };
}

export const scoreRecords: z.ZodType<readonly ScoreRecord[]> = z.array(scoreRecord);

function scoresInOrder({ validation, average }: Omit<ScoreRecord, "step">) {
  return defined({
    validation: validation && inOrder(validation),
    average: average && inOrder(average),
  });
}

function inOrder({ loss, accuracy }: Score): Score {
  return { loss, accuracy };
}

/**
 * Decodes metrics.jsonl.
 *
 * @throws {SyntaxError} if a line is malformed or the epochs do not count from 1
 */
export function decodeMetrics(text: string, what = "metrics.jsonl"): readonly EpochRecord[] {
  return parseJsonLines(text, what).map((value, index) => {
    const record = takeValue<EpochRecord>(value, epochRecord, `line ${index + 1} of ${what}`);
    if (record.epoch !== index + 1) refuse(what, `epoch ${index + 1} on its line`, record.epoch);
    return record;
  });
}
