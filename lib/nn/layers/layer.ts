import type { Key, Shape, Tensor } from "../../tensor/mod.ts";
import type { Fans, Initializer } from "../initializers/mod.ts";

/** Tensors by name. */
export type Tensors<Name extends string = string> = Readonly<Record<Name, Tensor>>;

/** What keeps a parameter small, see `lib/optim/regularize.ts`; what is not said is left to the run. */
export interface Regularization {
  /** λ of the penalty λ Σ |p|, whose derivative is added to the gradient. */
  readonly l1?: number | undefined;
  /** λ of the penalty ½ λ Σ p², whose derivative λ p is added to the gradient. */
  readonly l2?: number | undefined;
  /** λ of the decay by rate · λ · p that passes the optimizer by (decoupled). */
  readonly weightDecay?: number | undefined;
  /** Length that the weights into a unit, a column of the matrix, may have at most. */
  readonly maxNorm?: number | undefined;
}

/** A tensor that a layer learns. */
export interface ParameterSpec {
  /** Name within the layer. */
  readonly name: string;
  /** Shape, for example [inputs, units]. */
  readonly shape: Shape;
  /**
   * Weights are multiplied with the input, scales with what was normalized, biases are added; decay is
   * usual for weights only.
   */
  readonly role: "weight" | "scale" | "bias";
  /** Widths on its two sides, for the initializer. */
  readonly fans: Fans;
  /** How it starts. */
  readonly initializer: Initializer;
  /** What keeps it small. */
  readonly regularization?: Regularization | undefined;
}

/** A tensor that a layer keeps from step to step without learning it, for example a running mean. */
export interface StateSpec {
  /** Name within the layer. */
  readonly name: string;
  /** Shape, for example [inputs]. */
  readonly shape: Shape;
  /** Every element's first value. */
  readonly first: number;
}

/** What a layer is told besides its parameters and its input. */
export interface LayerContext {
  /** Its state before this step, by the names of {@linkcode Layer.state}. */
  readonly state: Tensors;
  /** What exists in training only; undefined when the network is asked for predictions. */
  readonly training: LayerTraining | undefined;
}

/**
 * What random numbers may depend on in training: the same sample at the same step draws the same
 * numbers, wherever in the batch it stands.
 */
export interface LayerTraining {
  /** Key of this layer's random numbers. */
  readonly key: Key;
  /** Number of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the step, integer [], from 1. */
  readonly step: Tensor;
}

/** A layer: a function of the rows of a matrix, with parameters, and its derivative. */
export interface Layer<Name extends string = string> {
  /** Its name in the config, for example "dense". */
  readonly kind: string;
  /** Its options in a config, defaults filled in; missing from a layer that no config can name. */
  readonly options?: object;
  /** What it is for, by which reports draw it; noise passes its input on in predictions. */
  readonly category: "weights" | "activation" | "normalization" | "noise";
  /** Width of the output for an input of a given width. */
  width(inputs: number): number;
  /** What it learns, for an input of a given width. */
  parameters(inputs: number): readonly ParameterSpec[];
  /** What it keeps from step to step, for an input of a given width. */
  state(inputs: number): readonly StateSpec[];
  /** y [batch, width(inputs)] for x [batch, inputs], and the state after the step. */
  forward(
    params: Tensors<Name>,
    x: Tensor,
    context: LayerContext,
  ): { readonly y: Tensor; readonly state: Tensors };
  /**
   * Gradients of the loss with respect to x and the parameters, given dy, that with respect to y.
   *
   * It may name again what `forward` computed: equal nodes are computed once. `context` is the one
   * that `forward` was given.
   */
  backward(
    params: Tensors<Name>,
    x: Tensor,
    dy: Tensor,
    context: LayerContext,
  ): { readonly dx: Tensor; readonly grads: Tensors<Name> };
  /** Of a layer that in predictions scales and shifts each unit by itself: by how much. */
  scaling?(valueOf: ValueOf): UnitScaling;
  /** Of a layer that can take such a scaling of its output over: its parameters after that. */
  scaled?(
    valueOf: ValueOf,
    scaling: UnitScaling,
  ): Readonly<Record<Name, Float32Array<ArrayBuffer>>>;
}

/** Elements of a layer's parameter or state, row-major, by its name within the layer. */
export type ValueOf = (name: string) => Float32Array<ArrayBuffer>;

/** y = (x − center) slope + shift, for each unit. */
export interface UnitScaling {
  /** What is subtracted [n]. */
  readonly center: Float32Array;
  /** What that is multiplied by [n], in double precision. */
  readonly slope: Float64Array;
  /** What is added [n]. */
  readonly shift: Float32Array;
}

/**
 * Returns layers as a config names them, `{ name, ...options }`; undefined if no config can name one of
 * them, nor all within it.
 */
export function namedLayers(
  layers: readonly Layer[],
): readonly (object & { readonly name: string })[] | undefined {
  const named = layers.flatMap(({ kind, options }) =>
    options === undefined ? [] : [{ name: kind, ...options }]
  );
  return named.length === layers.length ? named : undefined;
}
