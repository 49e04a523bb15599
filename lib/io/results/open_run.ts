/**
 * Opening of finished runs, for programs that use this project as a library.
 *
 * @module
 */
import { join } from "@std/path";
import { summarize, type Summary } from "../../evaluate/summarize.ts";
import type { SplitName } from "../../data/split/samples.ts";
import { losses } from "../../nn/mod.ts";
import { asObject, stageOptions } from "../../report/config.ts";
import type { TrainingHistory } from "../../run/checkpoint.ts";
import { FILES } from "../../run/folder.ts";
import { validateValue } from "../../run/json.ts";
import type { RunRecord } from "../../run/record.ts";
import { type LoadedModel, loadModel } from "../../train/inference/model.ts";
import { readFinishedFiles, readRecord } from "./read_finished.ts";

/** A finished run: its config, model, history and metrics. */
export interface FinishedRun {
  /** Name of the run folder. */
  readonly run: string;
  /** The resolved config, with all defaults. */
  readonly config: Readonly<Record<string, unknown>>;
  /**
   * The trained network with its preprocessing and the names of the classes, as `loadModel()` returns it.
   */
  readonly model: LoadedModel;
  /** Scores of every epoch, and series over all steps of training. */
  readonly history: TrainingHistory;
  /** Metrics of each evaluated split. */
  readonly metrics: { readonly [Name in SplitName]?: Summary };
  /** The record of the run, from which `report()` draws its report. */
  readonly record: RunRecord;
}

/**
 * Reads the folder of a finished run and verifies its files against the hashes in its manifest.
 *
 * @throws {Error} if the folder is not a finished run or a file was changed; or if the run is an ensemble,
 *     which has no model of its own
 */
export async function openRun(folder: string): Promise<FinishedRun> {
  const record = await readRecord(folder);
  const { run, config, classes, epochs, steps, evaluations } = record;
  if (record.members !== undefined) {
    const names = record.members.map((member) => `"${member.run}"`).join(", ");
    throw new Error(
      `Cannot open run "${folder}": expected a run with a model: received an ensemble: ` +
        `open one of its members, ${names}`,
    );
  }
  const { files } = await readFinishedFiles(folder, [FILES.model]);
  const file = `model "${join(folder, FILES.model)}"`;
  const { loss } = stageOptions(config, "train");
  return {
    run,
    config: asObject(config),
    model: loadModel(files.get(FILES.model) ?? new Uint8Array(), {
      loss: losses.create(validateValue(loss, losses.schema, `loss in the config of "${folder}"`)),
      file,
    }),
    history: { epochs, steps },
    metrics: Object.fromEntries(
      evaluations.map((evaluation) => [evaluation.split, summarize(evaluation, classes)]),
    ),
    record,
  };
}
