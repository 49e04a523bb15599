import type { Dataset, Normalization, Splits } from "../../lib/data/dataset.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";
import type { Loss } from "../../lib/nn/mod.ts";
import type { TrainingHistory } from "../../lib/run/checkpoint.ts";
import type { Model } from "../../lib/run/model.ts";
import type { Observations } from "../../lib/run/observations.ts";
import type { AugmentedGallery, Gallery } from "../../lib/run/record.ts";
import type { OptionsOfStage } from "./stage_table.ts";

/** Values that stages pass to later stages, by the names in `needs` and `gives` of the stage table. */
export interface Artifacts {
  readonly dataset: Dataset;
  readonly splits: Splits;
  readonly normalization: Normalization;
  readonly model: TrainedModel;
  readonly evaluations: EvaluationResults;
}

/** The output of training: the model and its history. */
interface TrainedModel {
  /** The trained network. If training averages the weights, its parameters are the averages. */
  readonly model: Model;
  /** The network with the parameters of the last step. It is missing unless training averages the weights. */
  readonly raw?: Model;
  /** Loss that training minimized. */
  readonly loss: Loss;
  /** Augmentations of the training images as the config names them; undefined if there are none. */
  readonly augment: OptionsOfStage<"train">["augment"];
  readonly history: TrainingHistory;
  readonly observations: Observations;
  /** Number of trained parameters, counted as scalars. */
  readonly learned: number;
  /** Some augmented training images, for the report. Undefined without augmentation. */
  readonly augmented?: AugmentedGallery | undefined;
}

/**
 * The output of the stage "evaluate": predictions for every sample, the samples that reports show, and
 * observations.
 */
interface EvaluationResults {
  /** An evaluation for each evaluated split. */
  readonly evaluations: readonly Evaluation[];
  /** Mistakes with their features, a gallery for each evaluation. */
  readonly galleries: readonly Gallery[];
  readonly observations: Observations;
}

/** Artifacts available before training; a config is checked against them before the first step. */
export type Prepared = Pick<Artifacts, "dataset" | "splits" | "normalization">;
