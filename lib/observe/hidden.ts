import type { Network } from "../nn/mod.ts";

/** Output of a hidden layer, and where a network computes it. */
interface HiddenOutput {
  /** Name of the hidden layer. */
  readonly layer: string;
  /** Index, in the network, of the layer whose input is this output. */
  readonly readBy: number;
  /** Number of units of the hidden layer. */
  readonly units: number;
}

/**
 * Returns the outputs of a network's hidden layers. These are the inputs of all layers with weights, except
 * the first: a hidden layer is a layer with weights together with the activation functions and normalizations
 * after it. A residual block is one layer.
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
