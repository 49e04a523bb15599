import type { Dataset, Normalization, Splits } from "../../lib/data/dataset.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";
import type { Loss } from "../../lib/nn/mod.ts";
import type { TrainingHistory } from "../../lib/run/checkpoint.ts";
import type { Model } from "../../lib/run/model.ts";
import type { Observations } from "../../lib/run/observations.ts";
import type { AugmentedGallery, Gallery } from "../../lib/run/record.ts";
import type { OptionsOfStage } from "./stage_table.ts";

/** What stages hand on, by the names that `needs` and `gives` of the table use. */
export interface Artifacts {
  readonly dataset: Dataset;
  readonly splits: Splits;
  readonly normalization: Normalization;
  readonly model: TrainedModel;
  readonly evaluations: EvaluationResults;
}

/** What training gives: the model, and how it came about. */
interface TrainedModel {
  /** The network with its parameters; the means of them, if those are kept. */
  readonly model: Model;
  /** The network with the parameters themselves; only if the model has means of them. */
  readonly raw?: Model;
  readonly loss: Loss;
  /** What was done to its training images; nothing if not given. */
  readonly augment: OptionsOfStage<"train">["augment"];
  readonly history: TrainingHistory;
  readonly observations: Observations;
  /** Number of parameters that were trained. */
  readonly learned: number;
  /** What training made of some images, if it augmented them. */
  readonly augmented?: AugmentedGallery | undefined;
}

/** What evaluation gives: what the network says of each sample, and the samples worth showing. */
interface EvaluationResults {
  /** One for each evaluated split. */
  readonly evaluations: readonly Evaluation[];
  readonly galleries: readonly Gallery[];
  readonly observations: Observations;
}

/** What is there before training: enough to find most mistakes. */
export type Prepared = Pick<Artifacts, "dataset" | "splits" | "normalization">;
