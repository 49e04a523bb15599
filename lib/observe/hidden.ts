import type { Network } from "../nn/mod.ts";

interface HiddenOutput {
  readonly layer: string;
  /** Index of the layer that reads it. */
  readonly readBy: number;
  readonly units: number;
}

/**
 * The outputs of the hidden layers: what layers with weights read that is not the input of the network.
 * So an activation function or a normalization belongs to the weights before it, and counts by its
 * output; a residual block is one layer.
 */
export function hiddenOutputs({ layers }: Network): readonly HiddenOutput[] {
  const weighted = layers.flatMap(({ parameters }, index) =>
    parameters.some(({ role }) => role === "weight") ? [index] : []
  );
  return weighted.slice(1).map((readBy) => {
    let last = readBy - 1;
    while (layers[last]?.layer.category === "noise") last--; // which passes its input on
    const { inputs: units } = layers[readBy];
    return { layer: layers[last]?.name, readBy, units };
  });
}
