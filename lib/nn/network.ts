/**
 * Networks: layers one after the other, described once and never changed.
 *
 * Each layer is named by its kind and its place among those of its kind: "dense1", "relu1",
 * "dense2". Its tensors carry that name: "dense1.weight". So a layer put between two others renames
 * none of a different kind, and the first weights, which are drawn under these names, stay the same.
 *
 * @module
 */
import { fill, key, subkey, type Tensor } from "../tensor/mod.ts";
import type { Layer, LayerContext, ParameterSpec, StateSpec, Tensors } from "./layers/mod.ts";
import type { Origin } from "./origins.ts";

/** Layers of a network, at most; blocks count as one. */
export const MOST_LAYERS = 1000;

/** A layer at its place in a network. */
export interface PlacedLayer {
  /** The layer itself. */
  readonly layer: Layer;
  /** Kind and number among those of its kind, from 1: "dense2". */
  readonly name: string;
  /** How messages call it: "layer 3 (dense2)", counting all layers from 1. */
  readonly title: string;
  /** Width of its input. */
  readonly inputs: number;
  /** What it learns, by names within the layer. */
  readonly parameters: readonly ParameterSpec[];
  /** What it keeps from step to step, by names within the layer. */
  readonly state: readonly StateSpec[];
}

/** Layers one after the other, with the parameters and states of all of them. */
export interface Network {
  /** The layers in the order of the data. */
  readonly layers: readonly PlacedLayer[];
  /** Width of the input. */
  readonly inputs: number;
  /** Width of the output. */
  readonly outputs: number;
  /** What is learnt, from the first layer to the last, by names like "dense1.weight". */
  readonly parameters: readonly ParameterSpec[];
  /** What is kept from step to step, by names like "batchNorm1.mean". */
  readonly state: readonly StateSpec[];
}

/** What a network is told besides its parameters and its input; see {@linkcode LayerContext}. */
export interface NetworkContext {
  /** State of all layers before the step, by the names of {@linkcode Network.state}. */
  readonly state: Tensors;
  /** What exists in training only; undefined when the network is asked for predictions. */
  readonly training: NetworkTraining | undefined;
}

/** What the random numbers of training depend on. */
export interface NetworkTraining {
  /** Seed of the run. */
  readonly seed: number;
  /** Number of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the step, integer [], from 1. */
  readonly step: Tensor;
}

/** What a network makes of its input. */
export interface Forward {
  /** Output of the last layer [batch, outputs]. */
  readonly y: Tensor;
  /** Input of each layer. */
  readonly inputs: readonly Tensor[];
  /** State of all layers after the step. */
  readonly state: Tensors;
  /** Which layer made which tensors. */
  readonly origins: readonly Origin[];
}

/** Gradients of the loss. */
export interface Backward {
  /** With respect to the network's input [batch, inputs]. */
  readonly dx: Tensor;
  /** With respect to each parameter, by name. */
  readonly grads: Tensors;
  /** Which layer made which tensors. */
  readonly origins: readonly Origin[];
}

/**
 * Puts layers one after the other; the first takes rows of so many numbers.
 *
 * @throws {TypeError} if there is no layer
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
    width = naming(title, () => layer.width(inputs));
    const [parameters, state] = [layer.parameters(inputs), layer.state(inputs)];
    placed.push({ layer, name, title, inputs, parameters, state });
  }
  return {
    layers: placed,
    inputs,
    outputs: width,
    parameters: placed.flatMap(({ name, parameters }) => parameters.map(within(name))),
    state: placed.flatMap(({ name, state }) => state.map(within(name))),
  };
}

/** First parameters, by name: each drawn from the seed under a key of its own. */
export function initialParameters({ parameters }: Network, seed: number): Tensors {
  return Object.fromEntries(
    parameters.map(({ name, shape, fans, initializer }) => [
      name,
      initializer(key(seed, "initialize", name), shape, fans),
    ]),
  );
}

/** First state of the layers that have one, by name. */
export function initialLayerState({ state }: Network): Tensors {
  return Object.fromEntries(state.map(({ name, shape, first }) => [name, fill(first, shape)]));
}

/**
 * Applies the layers one after the other to x [batch, inputs].
 *
 * @throws {TypeError} if shapes do not fit, naming the layer
 */
export function forward(
  network: Network,
  params: Tensors,
  x: Tensor,
  context: NetworkContext,
): Forward {
  return forwardWithin(network, params, x, rooted(context));
}

/** The same for layers within a layer, whose context says the key that theirs are derived from. */
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
    const result = naming(
      title,
      () => layer.forward(own(placed, params), y, contextOf(placed, context)),
    );
    y = result.y;
    state = { ...state, ...prefixed(name, result.state) };
    origins.push({ name: `forward of ${title}`, tensors: [y, ...Object.values(result.state)] });
  }
  return { y, inputs, state, origins };
}

/**
 * Gradients of the loss, given dy [batch, outputs], that with respect to the output: the layers'
 * `backward` from the last to the first.
 *
 * @param passed what {@linkcode forward} gave for the same parameters and context
 * @throws {TypeError} if shapes do not fit, naming the layer
 */
export function backward(
  network: Network,
  params: Tensors,
  passed: Forward,
  { dy, context }: { readonly dy: Tensor; readonly context: NetworkContext },
): Backward {
  return backwardWithin(network, params, passed, { dy, context: rooted(context) });
}

/** The same for layers within a layer, see {@linkcode forwardWithin}. */
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
    const result = naming(
      title,
      () => layer.backward(own(placed, params), x, dx, contextOf(placed, context)),
    );
    dx = result.dx;
    grads = { ...prefixed(name, result.grads), ...grads };
    origins.push({ name: `backward of ${title}`, tensors: [dx, ...Object.values(result.grads)] });
  }
  return { dx, grads, origins };
}

/** Adds the layer's name to the name of one of its tensors. */
function within<Spec extends { readonly name: string }>(layer: string): (spec: Spec) => Spec {
  return (spec) => ({ ...spec, name: `${layer}.${spec.name}` });
}

function prefixed(layer: string, tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [`${layer}.${name}`, tensor]),
  );
}

/** A layer's own part of named tensors, by names within the layer. */
function splitOf(
  layer: string,
  specs: readonly { readonly name: string }[],
  all: Tensors,
): Tensors {
  return Object.fromEntries(specs.map(({ name }) => {
    const tensor = all[`${layer}.${name}`];
    if (tensor !== undefined) return [name, tensor];
    throw new TypeError(
      `Cannot apply ${layer}: expected a tensor "${layer}.${name}": received ${
        Object.keys(all).map((known) => `"${known}"`).join(", ") || "none"
      }`,
    );
  }));
}

function own({ name, parameters }: PlacedLayer, params: Tensors): Tensors {
  return splitOf(name, parameters, params);
}

/** The context of a whole network as that of its layers' keys. */
function rooted({ state, training }: NetworkContext): LayerContext {
  if (training === undefined) return { state, training };
  const { seed, samples, step } = training;
  return { state, training: { key: key(seed, "layer"), samples, step } };
}

/** A layer's own part of the context of all. */
function contextOf({ name, state }: PlacedLayer, context: LayerContext): LayerContext {
  const { training } = context;
  return {
    state: splitOf(name, state, context.state),
    training: training && { ...training, key: subkey(training.key, name) },
  };
}

function naming<Result>(title: string, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    const Same = cause instanceof TypeError ? TypeError : RangeError;
    throw new Same(`${cause.message}, in ${title}`, { cause });
  }
}
