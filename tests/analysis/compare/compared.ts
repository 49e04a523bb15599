/**
 * Made-up runs to compare.
 *
 * @module
 */
import { buildComparedRun, type ComparedRun } from "../../../lib/analysis/compare/comparison.ts";
import type { EpochRecord, RunRecord } from "../../../lib/run/record.ts";
import { makeRecord, type RecordOptions } from "../../report/record.ts";

/** Options of a made-up run. */
export interface ComparableOptions extends RecordOptions {
  /** SHA-256 of the files of its data set. */
  readonly data?: readonly string[];
  /** Its seed. */
  readonly seed?: number;
  /** Options of the stage "train" that replace the usual ones. */
  readonly train?: object;
}

/** A made-up run for a comparison; `record` is what it has in the place of what it had else. */
export function comparable(
  run: string,
  options: ComparableOptions,
  record: Partial<RunRecord> = {},
): ComparedRun {
  const { data = ["a".repeat(64)], seed = 42, train = {} } = options;
  const made = makeRecord(options);
  const { pipeline, ...rest } = made.config as { readonly pipeline: readonly { stage: string }[] };
  const config = {
    ...rest,
    seed,
    pipeline: pipeline.map((stage) => stage.stage === "train" ? { ...stage, ...train } : stage),
  };
  const epochs = made.epochs.map((epoch) => lowered(epoch, 1 / (options.mistakeEvery ?? Infinity)));
  return buildComparedRun({ ...made, run, config, epochs, ...record }, {
    data: data.map((sha256, index) => ({ file: `file-${index}`, sha256 })),
    backend: "exact",
    format: 2,
  });
}

/** An epoch whose validation scores are worse by a share of mistakes, so that curves lie apart. */
function lowered({ validation, ...epoch }: EpochRecord, share: number): EpochRecord {
  if (validation === undefined) return epoch;
  const { loss, accuracy } = validation;
  return { ...epoch, validation: { loss: loss + share / 2, accuracy: accuracy - share / 4 } };
}
