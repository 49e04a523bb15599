/**
 * Networks: sequences of layers, with forward and backward.
 *
 * A layer's name is its kind and its number among the layers of that kind: "dense1", "relu1", "dense2". The
 * names of its tensors begin with it: "dense1.weight". So inserting a layer renames no layer of another
 * kind, and their initial weights, whose random numbers depend on these names, stay the same.
 *
 * @module
 */
import { fill, key, subkey, type Tensor } from "../tensor/mod.ts";
import type { Layer, LayerContext, ParameterSpec, StateSpec, Tensors } from "./layers/mod.ts";
import type { Origin } from "./origins.ts";

/** Largest number of layers in a network; a block counts as one. */
export const MOST_LAYERS = 1000;

/** A layer bound to its position in a network. */
export interface PlacedLayer {
  /** The layer itself. */
  readonly layer: Layer;
  /** Kind, and number among the layers of that kind, from 1: "dense2". */
  readonly name: string;
  /** Name in messages, with the number among all layers from 1: "layer 3 (dense2)". */
  readonly title: string;
  /** Number of inputs of the layer. */
  readonly inputs: number;
  /** Parameters of the layer, with names within the layer. */
  readonly parameters: readonly ParameterSpec[];
  /** States of the layer, with names within the layer. */
  readonly state: readonly StateSpec[];
}

/** A sequence of layers, with the parameters and states of all of them. */
export interface Network {
  /** The layers from the input to the output. */
  readonly layers: readonly PlacedLayer[];
  /** Number of inputs. */
  readonly inputs: number;
  /** Number of outputs. */
  readonly outputs: number;
  /** Parameters from the first layer to the last, with names like "dense1.weight". */
  readonly parameters: readonly ParameterSpec[];
  /** Layer states, with names like "batchNorm1.mean". */
  readonly state: readonly StateSpec[];
}

/**
 * Context of a network: the state of its layers before the step and, in training, the seed, samples and
 * step of its random numbers.
 */
export interface NetworkContext {
  /** State of all layers before the step, by the names of {@linkcode Network.state}. */
  readonly state: Tensors;
  /** Inputs that exist only in training; undefined in predictions. */
  readonly training: NetworkTraining | undefined;
}

/** The seed, samples and step that determine the random numbers of training. */
export interface NetworkTraining {
  /** Seed of the run. */
  readonly seed: number;
  /** Row number of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the step, integer [], from 1. */
  readonly step: Tensor;
}

/** The result of a forward pass. */
export interface Forward {
  /** Output of the last layer [batch, outputs]. */
  readonly y: Tensor;
  /** Input of each layer [batch, …], from the first layer to the last. */
  readonly inputs: readonly Tensor[];
  /** State of all layers after the step, by the names of {@linkcode Network.state}. */
  readonly state: Tensors;
  /** Tensors that each layer has computed, by which error messages name the layer of a tensor. */
  readonly origins: readonly Origin[];
}

/** The result of a backward pass: gradients of the loss. */
export interface Backward {
  /** Gradient with respect to the network's input [batch, inputs]. */
  readonly dx: Tensor;
  /** Gradient with respect to each parameter, by name. */
  readonly grads: Tensors;
  /** Tensors that each layer has computed, by which error messages name the layer of a tensor. */
  readonly origins: readonly Origin[];
}

/**
 * Creates a network from layers, for samples with `inputs` features.
 *
 * @throws {TypeError} if there is no layer
 * @throws {TypeError | RangeError} if a layer does not accept its number of inputs
 */
export function network(layers: readonly Layer[], inputs: number): Network {
  if (layers.length === 0) {
    throw new TypeError("Cannot build a network: expected at least one layer: received none");
  }
  const counts = new Map<string, number>();
  const placed: PlacedLayer[] = [];
  let width = inputs;
  for (const [index, layer] of layers.entries()) {
    const count = (counts.get(layer.kind) ?? 0) + 1;
    counts.set(layer.kind, count);
    const name = `${layer.kind}${count}`;
    const title = `layer ${index + 1} (${name})`;
    const inputs = width;
    width = addTitleToErrors(title, () => layer.width(inputs));
    const [parameters, state] = [layer.parameters(inputs), layer.state(inputs)];
    placed.push({ layer, name, title, inputs, parameters, state });
  }
  return {
    layers: placed,
    inputs,
    outputs: width,
    parameters: placed.flatMap(({ name, parameters }) => parameters.map(addLayerName(name))),
    state: placed.flatMap(({ name, state }) => state.map(addLayerName(name))),
  };
}

/**
 * Returns the initial parameters by name. The random key of a parameter is derived from the seed and the
 * parameter's name.
 */
export function initialParameters({ parameters }: Network, seed: number): Tensors {
  return Object.fromEntries(
    parameters.map(({ name, shape, fans, initializer }) => [
      name,
      initializer(key(seed, "initialize", name), shape, fans),
    ]),
  );
}

/** Returns the initial layer states by name. */
export function initialLayerState({ state }: Network): Tensors {
  return Object.fromEntries(state.map(({ name, shape, first }) => [name, fill(first, shape)]));
}

/**
 * Applies a network to x [batch, inputs].
 *
 * @throws {TypeError} if shapes do not fit; the message names the layer
 */
export function forward(
  network: Network,
  params: Tensors,
  x: Tensor,
  context: NetworkContext,
): Forward {
  return forwardWithin(network, params, x, rootContext(context));
}

/**
 * Applies a block of layers, given as a network, within another network. `context` is the context of the
 * block; the random keys of the block's layers are derived from the key in `context`.
 */
export function forwardWithin(
  { layers }: Network,
  params: Tensors,
  x: Tensor,
  context: LayerContext,
): Forward {
  const inputs: Tensor[] = [];
  const origins: Origin[] = [];
  let state: Tensors = {};
  let y = x;
  for (const placed of layers) {
    const { layer, name, title } = placed;
    inputs.push(y);
    const result = addTitleToErrors(
      title,
      () => layer.forward(layerParams(placed, params), y, layerContext(placed, context)),
    );
    y = result.y;
    state = { ...state, ...addLayerNames(name, result.state) };
    origins.push({ name: `forward of ${title}`, tensors: [y, ...Object.values(result.state)] });
  }
  return { y, inputs, state, origins };
}

/**
 * Computes the gradients of the loss by the layers' `backward`, from the last layer to the first. dy [batch,
 * outputs] is the gradient of the loss with respect to the output.
 *
 * @param passed result of {@linkcode forward} for the same parameters and context
 * @throws {TypeError} if shapes do not fit; the message names the layer
 */
export function backward(
  network: Network,
  params: Tensors,
  passed: Forward,
  { dy, context }: { readonly dy: Tensor; readonly context: NetworkContext },
): Backward {
  return backwardWithin(network, params, passed, { dy, context: rootContext(context) });
}

/**
 * Computes the gradients of the loss for a block of layers, given as a network, within another network. dy
 * is the gradient with respect to the block's output.
 *
 * @param passed result of {@linkcode forwardWithin} for the same parameters and context
 */
export function backwardWithin(
  { layers }: Network,
  params: Tensors,
  passed: Forward,
  { dy, context }: { readonly dy: Tensor; readonly context: LayerContext },
): Backward {
  const origins: Origin[] = [];
  let grads: Tensors = {};
  let dx = dy;
  for (const [index, placed] of [...layers.entries()].toReversed()) {
    const { layer, name, title } = placed;
    const x = passed.inputs[index];
    const result = addTitleToErrors(
      title,
      () => layer.backward(layerParams(placed, params), x, dx, layerContext(placed, context)),
    );
    dx = result.dx;
    grads = { ...addLayerNames(name, result.grads), ...grads };
    origins.push({ name: `backward of ${title}`, tensors: [dx, ...Object.values(result.grads)] });
  }
  return { dx, grads, origins };
}

/** Returns a function that adds a layer's name to the name of a parameter or state: "dense1.weight". */
function addLayerName<Spec extends { readonly name: string }>(
  layerName: string,
): (spec: Spec) => Spec {
  return (spec) => ({ ...spec, name: `${layerName}.${spec.name}` });
}

/** Returns the tensors of a layer with the layer's name added to theirs: "dense1.weight". */
function addLayerNames(layerName: string, tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [`${layerName}.${name}`, tensor]),
  );
}

/**
 * Returns the tensors of one layer, by names within the layer.
 *
 * @throws {TypeError} if a tensor is missing
 */
function layerTensors(
  layerName: string,
  specs: readonly { readonly name: string }[],
  all: Tensors,
): Tensors {
  return Object.fromEntries(specs.map(({ name }) => {
    const tensor = all[`${layerName}.${name}`];
    if (tensor !== undefined) return [name, tensor];
    throw new TypeError(
      `Cannot apply ${layerName}: expected a tensor "${layerName}.${name}": received ${
        Object.keys(all).map((known) => `"${known}"`).join(", ") || "none"
      }`,
    );
  }));
}

/** Returns the parameters of one layer, by names within the layer. */
function layerParams({ name, parameters }: PlacedLayer, params: Tensors): Tensors {
  return layerTensors(name, parameters, params);
}

/**
 * Converts the context of a network to a layer context, from which the contexts of its layers are derived.
 */
function rootContext({ state, training }: NetworkContext): LayerContext {
  if (training === undefined) return { state, training };
  const { seed, samples, step } = training;
  return { state, training: { key: key(seed, "layer"), samples, step } };
}

/** Returns the context of one layer, given that of the network or block around it. */
function layerContext({ name, state }: PlacedLayer, context: LayerContext): LayerContext {
  const { training } = context;
  return {
    state: layerTensors(name, state, context.state),
    training: training && { ...training, key: subkey(training.key, name) },
  };
}

/** Runs a function. If it throws a TypeError or RangeError, adds the layer's title to the message. */
function addTitleToErrors<Result>(title: string, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    const Same = cause instanceof TypeError ? TypeError : RangeError;
    throw new Same(`${cause.message}, in ${title}`, { cause });
  }
}
