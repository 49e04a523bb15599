import type { Network } from "../nn/mod.ts";

interface HiddenOutput {
  readonly layer: string;
  /** Index of the layer that reads the output. */
  readonly readBy: number;
  readonly units: number;
}

/**
 * Returns the outputs of the hidden layers: the inputs of all layers with weights but the first. An activation
 * function or normalization thus belongs to the layer with weights before it; a residual block is one layer.
 */
export function hiddenOutputs({ layers }: Network): readonly HiddenOutput[] {
  const weighted = layers.flatMap(({ parameters }, index) =>
    parameters.some(({ role }) => role === "weight") ? [index] : []
  );
  return weighted.slice(1).map((readBy) => {
    let last = readBy - 1;
    while (layers[last]?.layer.category === "noise") last--; // noise passes its input on in evaluation
    const { inputs: units } = layers[readBy];
    return { layer: layers[last]?.name, readBy, units };
  });
}
