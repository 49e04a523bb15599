import type { Split } from "../../data/dataset.ts";
import { valuesOf } from "../../data/split/samples.ts";
import { compile } from "../../engine/compiler/compile.ts";
import { openLocalMachine } from "../../engine/workers/machine.ts";
import { dot, input, sizeOf } from "../../tensor/mod.ts";
import type { LoadedModel } from "../../train/inference/model.ts";
import { writeState } from "../../train/state.ts";
import { normalizationInputs, normalized } from "../../train/step/batch.ts";
import { lossAndGradients } from "../../train/step/loss_and_gradients.ts";

/** Loss and gradient of a batch, without augmentation and noise. */
export interface BatchResult {
  readonly samples: number;
  /** Mean loss. */
  readonly loss: number;
  /** Euclidean norm of the gradient of the mean loss by all parameters. */
  readonly gradientNorm: number;
}

/** Computes the loss of some rows of a prepared split, and its gradient. */
export function batchResult(
  { network, loss, parameters, normalization, shape }: LoadedModel,
  split: Split,
  rows: Uint32Array,
): BatchResult {
  const features = sizeOf(shape);
  const batch = rows.length;
  const named = ({ name, shape }: { readonly name: string; readonly shape: readonly number[] }) =>
    [name, input(name, shape)] as const;
  const model = {
    network,
    loss,
    parameters: Object.fromEntries(network.parameters.map(named)),
    context: { state: Object.fromEntries(network.state.map(named)), training: undefined },
  };
  const x = normalized(input("features", [batch, features]), normalization);
  const { losses, grads } = lossAndGradients(model, x, input("labels", [batch], "integer"));
  const squares = Object.entries(grads).map(([name, tensor]) =>
    [name, dot(tensor, tensor)] as const
  );
  const programs = {
    batch: compile({ outputs: { losses, ...Object.fromEntries(squares) }, densePanels: false }),
  };
  const machine = openLocalMachine({ programs, sources: {}, perStep: [], steps: 1 });
  const { scale } = normalization;
  const raw = Float32Array.from(valuesOf(split, rows));
  const state = new Map([
    ...[...parameters].map(([name, { data }]) => [name, data] as const),
    ...normalizationInputs(normalization, features),
    [
      "features",
      raw.map((value, i) => value * (typeof scale === "number" ? scale : scale[i % features])),
    ] as const,
  ]);
  const isRead = (name: string) => `in:${name}` in programs.batch.spaces;
  writeState(machine, [...state.keys()].filter(isRead), state);
  machine.integers("in:labels").set(Array.from(rows, (row) => split.samples.labels[row]));
  machine.run("batch");
  const sum = (values: Iterable<number>) => [...values].reduce((all, each) => all + each, 0);
  return {
    samples: batch,
    loss: sum(machine.floats("out:losses")) / batch,
    gradientNorm: Math.sqrt(sum(squares.map(([name]) => machine.floats(`out:${name}`)[0]))),
  };
}
