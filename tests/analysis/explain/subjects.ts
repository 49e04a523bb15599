/**
 * Samples with networks that explain themselves in a moment.
 *
 * @module
 */
import type { Samples } from "../../../lib/data/dataset.ts";
import { computeInitialValues } from "../../../lib/analysis/explain/model_inputs.ts";
import type { Subject } from "../../../lib/analysis/explain/sample.ts";
import { type Layer, type Loss, network, softmaxCrossEntropy } from "../../../lib/nn/mod.ts";
import { sizeOf } from "../../../lib/tensor/mod.ts";

/** Options of {@linkcode subjectOf}. */
interface SubjectOptions {
  readonly layers: readonly Layer[];
  readonly values: Samples["values"];
  readonly shape: readonly number[];
  readonly label?: number;
  readonly classes?: readonly string[];
  readonly columns?: readonly string[];
  readonly loss?: Loss;
  readonly lossNote?: string;
  readonly scale?: number;
  readonly shift?: number;
}

/** Returns a sample with a network that has its first weights. */
export function subjectOf(options: SubjectOptions): Subject {
  const { layers, values, shape, label = 0, classes, columns, loss = softmaxCrossEntropy() } =
    options;
  const { lossNote = "Cross-entropy", scale = 1, shift = 0 } = options;
  const net = network(layers, sizeOf(shape));
  return {
    title: "example",
    weights: "first weights",
    model: {
      network: net,
      loss,
      parameters: computeInitialValues(net, 1),
      shape,
      normalization: { name: "given", scale, shift },
      encoding: values instanceof Uint8Array ? "dense8" : "dense32",
      classes: classes ?? Array.from({ length: net.outputs }, (_, index) => `class ${index}`),
      columns,
    },
    lossNote,
    update: { rate: 0.1 },
    split: "test",
    row: 7,
    sample: { count: 1, shape, values, labels: Uint16Array.of(label) },
  };
}
