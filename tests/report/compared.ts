/**
 * Made-up runs to compare.
 *
 * @module
 */
import { type ComparedRun, comparedRun } from "../../lib/run/comparison.ts";
import type { RunRecord } from "../../lib/run/record.ts";
import { makeRecord, type RecordOptions } from "./record.ts";

/** What a made-up run is like. */
export interface ComparableOptions extends RecordOptions {
  /** SHA-256 of the files of its data set. */
  readonly data?: readonly string[];
  /** Its seed. */
  readonly seed?: number;
  /** What its training has in the place of what it had else. */
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
    ...{ ...rest, seed },
    pipeline: pipeline.map((stage) => stage.stage === "train" ? { ...stage, ...train } : stage),
  };
  return comparedRun({ ...made, run, config, ...record }, {
    data: data.map((sha256, index) => ({ file: `file-${index}`, sha256 })),
    ...{ backend: "exact", format: 2 },
  });
}
