/**
 * Builds the worked example of a network on one sample: forward, loss, backward and update. Names are those of
 * textbooks: layer k computes zₖ from aₖ₋₁ by Wₖ and bₖ.
 *
 * @module
 */
import { layers as layerTable, type Network, type PlacedLayer } from "../../nn/mod.ts";
import type { Loss } from "../../nn/mod.ts";
import { shiftedExponentials } from "../../nn/losses/softmax.ts";
import { input, sizeOf, type Tensor } from "../../tensor/mod.ts";
import { lossAndGradients } from "../../train/step/loss_and_gradients.ts";
import type { ParameterValue } from "../../train/state.ts";
import type { Example, Section, Term } from "./example.ts";
import { modelWithInputs } from "./model_inputs.ts";
import { buildUpdate, type Update, updateInputs } from "./update.ts";

/** A network with the values of its parameters, a sample, and the update by the gradient of the sample. */
export interface NetworkSample {
  readonly network: Network;
  readonly loss: Loss;
  /** Description of the loss. Defaults to none. */
  readonly lossNote?: string | undefined;
  /** Parameters and layer states by name. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Inputs of the network: normalized features of the sample [inputs]. */
  readonly x: ArrayLike<number>;
  /** Index of the true class of the sample. */
  readonly label: number;
  /** Update of the parameters by the gradient of the sample. */
  readonly update: Update;
}

/** Textbook symbols of parameters, by their names within a layer. The number of the layer follows: W1. */
const PARAMETERS: Readonly<Record<string, string>> = { weight: "W", bias: "b" };

/**
 * Builds the example of a network on one sample, with sections in the order of a training step: forward, loss,
 * backward, update. Its numbers are not computed yet.
 */
export function buildNetworkExample(sample: NetworkSample): Example {
  const { network, loss, parameters: values, x: features, label, update } = sample;
  const model = modelWithInputs({ network, loss });
  const { parameters, context: { state } } = model;
  const x = input("x", [1, network.inputs]);
  const labels = input("labels", [1], "integer");
  const found = lossAndGradients(model, x, labels);
  const { losses, probabilities, grads, dx, origins } = found;
  const outputOf = (pass: string, { title }: PlacedLayer) =>
    origins.find(({ name }) => name === `${pass} of ${title}`)?.tensors[0] as Tensor;

  const symbols = nameTensors(network);
  const symbolOf = (name: string) => symbols.parameters.get(name) as string;
  const outputs = network.layers.map((placed, index) => ({
    placed,
    symbol: symbols.outputs[index],
    y: outputOf("forward", placed),
    dx: outputOf("backward", placed),
    input: symbols.outputs[index - 1] ?? "x",
  })).filter(({ y, placed }) => placed.layer.category !== "noise" && y !== undefined);
  const logits = outputs.at(-1) as typeof outputs[number];
  const { powers, sums } = shiftedExponentials(logits.y);
  const dy = origins.find(({ name }) => name === "backward of the loss")?.tensors[0] as Tensor;

  const lossTerm: Term = { symbol: "L", tensor: losses };
  const forward = outputs.map(({ placed, symbol, y }): Section => ({
    title: placed.name,
    note: layerDescription(placed),
    terms: [{ symbol, tensor: y }],
  }));
  const lossSection: Section = {
    title: "loss",
    note: sample.lossNote,
    terms: [
      { symbol: "e", tensor: powers, isAuxiliary: true },
      { symbol: "s", tensor: sums, isAuxiliary: true },
      { symbol: "p", tensor: probabilities },
      lossTerm,
    ],
  };
  const gradient = (of: string, tensor: Tensor): Term => ({
    symbol: `d${of}`,
    tensor,
    gradientOf: of,
  });
  const backward = outputs.toReversed().map(({ placed, dx: passed, input }): Section => ({
    title: `backward of ${placed.name}`,
    terms: [
      ...placed.parameters.map((each) => {
        const name = `${placed.name}.${each.name}`;
        return gradient(symbolOf(name), grads[name]);
      }),
      gradient(input, placed === outputs[0].placed ? dx : passed),
    ],
  }));
  const updated = buildUpdate(parameters, grads, update);
  const slots = updated.slots.map((slot) => ({
    ...slot,
    symbol: slot.parameter === undefined ? slot.name : `${symbolOf(slot.parameter)}.${slot.slot}`,
  }));
  const updates = network.parameters.flatMap(({ name }): readonly Term[] => [
    ...slots.filter(({ parameter }) => parameter === name)
      .map(({ symbol, after }) => ({ symbol: `${symbol}'`, tensor: after })),
    {
      symbol: `${symbolOf(name)}'`,
      tensor: updated.parameters[name],
      updateOf: symbolOf(name),
    },
  ]);
  const numbers = slots.filter(({ parameter }) => parameter === undefined)
    .map(({ symbol, after }): Term => ({ symbol: `${symbol}'`, tensor: after }));
  return {
    inputs: {
      x: features,
      labels: [label],
      ...updateInputs(update),
      ...Object.fromEntries([...values].map(([name, { data }]) => [name, data])),
    },
    known: [
      { symbol: "x", tensor: x },
      ...network.parameters.map(({ name }) => ({
        symbol: symbolOf(name),
        tensor: parameters[name],
      })),
      ...network.state.map(({ name }) => ({ symbol: name, tensor: state[name] })),
      { symbol: "rate", tensor: updated.rate },
      ...(updated.step === undefined ? [] : [{ symbol: "step", tensor: updated.step }]),
      ...slots.map(({ symbol, before }) => ({ symbol, tensor: before })),
    ],
    sections: [
      ...forward,
      lossSection,
      { title: "backward of the loss", terms: [gradient(logits.symbol, dy)] },
      ...backward,
      {
        title: update.own === undefined ? "update" : `update by ${update.own.name}`,
        note: update.own?.doc ?? "p' = p − rate · dL/dp",
        terms: [...numbers, ...updates],
      },
    ],
    loss: lossTerm,
  };
}

/** Returns the number of parameters of a network. */
export function countParameters({ parameters }: Network): number {
  return parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/**
 * Returns symbols for the outputs of layers, in order, and for parameters, by name such as "dense1.weight". The
 * first layer with weights has z1, W1 and b1, and the activation after it a1. A noise layer has the symbol of its
 * input. Other outputs have the name of the layer, and other parameters keep their names.
 */
function nameTensors({ layers }: Network): {
  readonly outputs: readonly string[];
  readonly parameters: ReadonlyMap<string, string>;
} {
  const outputs: string[] = [];
  const parameters = new Map<string, string>();
  let count = 0;
  for (const { layer, name, parameters: specs } of layers) {
    const isWeights = layer.category === "weights";
    if (isWeights) count++;
    const short = isWeights ? `z${count}` : layer.category === "activation" ? `a${count}` : name;
    const isNoise = layer.category === "noise"; // it passes its input on
    const symbol = isNoise ? outputs.at(-1) ?? "x" : outputs.includes(short) ? name : short;
    outputs.push(symbol);
    for (const spec of specs) {
      const letter = isWeights ? PARAMETERS[spec.name] : undefined;
      const full = `${name}.${spec.name}`;
      parameters.set(full, letter === undefined ? full : `${letter}${count}`);
    }
  }
  return { outputs, parameters };
}

/** Returns the description of a layer's kind; undefined if the kind is not in the table of layers. */
function layerDescription({ layer: { kind } }: PlacedLayer): string | undefined {
  const name = layerTable.names.find((each) => each === kind);
  return name === undefined ? undefined : layerTable.get(name).doc;
}
