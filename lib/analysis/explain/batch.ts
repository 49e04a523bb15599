import type { Split } from "../../data/dataset.ts";
import { copyFeatures } from "../../data/split/samples.ts";
import { compile } from "../../engine/compiler/compile.ts";
import { openLocalMachine } from "../../engine/workers/machine.ts";
import { dot, input, sizeOf } from "../../tensor/mod.ts";
import type { LoadedModel } from "../../train/inference/model.ts";
import { normalized } from "../../train/step/batch.ts";
import { lossAndGradients } from "../../train/step/loss_and_gradients.ts";
import { modelWithInputs, scaleFeatures, writeModel } from "./model_inputs.ts";

/** Mean loss of a batch and the norm of its gradient, computed without augmentation and noise. */
export interface BatchResult {
  /** Number of samples in the batch. */
  readonly samples: number;
  /** Mean loss of the samples. */
  readonly loss: number;
  /** Euclidean norm of the gradient of the mean loss with respect to all parameters. */
  readonly gradientNorm: number;
}

/**
 * Computes the mean loss of a network on a batch of a split, and the norm of the gradient of this loss.
 *
 * @param rows rows of the samples in the file of the split
 */
export function computeBatchResult(
  model: LoadedModel,
  split: Split,
  rows: Uint32Array,
): BatchResult {
  const { normalization, shape } = model;
  const features = sizeOf(shape);
  const batch = rows.length;
  const inputs = modelWithInputs(model);
  const x = normalized(input("features", [batch, features]), normalization);
  const { losses, grads } = lossAndGradients(inputs, x, input("labels", [batch], "integer"));
  const squares = Object.entries(grads).map(([name, tensor]) =>
    [name, dot(tensor, tensor)] as const
  );
  const programs = {
    batch: compile({ outputs: { losses, ...Object.fromEntries(squares) }, densePanels: false }),
  };
  const machine = openLocalMachine({ programs, sources: {}, perStep: [], steps: 1 });
  writeModel(machine, programs, model);
  machine.floats("in:features").set(
    scaleFeatures(normalization, copyFeatures(split, rows), features),
  );
  machine.integers("in:labels").set(Array.from(rows, (row) => split.samples.labels[row]));
  machine.run("batch");
  const sum = (values: Iterable<number>) => [...values].reduce((all, each) => all + each, 0);
  return {
    samples: batch,
    loss: sum(machine.floats("out:losses")) / batch,
    gradientNorm: Math.sqrt(sum(squares.map(([name]) => machine.floats(`out:${name}`)[0]))),
  };
}
