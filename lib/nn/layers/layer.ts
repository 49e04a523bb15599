/**
 * The interface of layers.
 *
 * @module
 */
import type { Key, Shape, Tensor } from "../../tensor/mod.ts";
import type { Fans, Initializer } from "../initializers/mod.ts";

/** Tensors by name. */
export type Tensors<Name extends string = string> = Readonly<Record<Name, Tensor>>;

/**
 * Regularization of a parameter, see `lib/optim/regularize.ts`. Values that are undefined default to those of
 * the run.
 */
export interface Regularization {
  /** λ of the penalty λ Σ |p|, whose derivative is added to the gradient. */
  readonly l1?: number | undefined;
  /** λ of the penalty ½ λ Σ p², whose derivative λ p is added to the gradient. */
  readonly l2?: number | undefined;
  /** λ of the decoupled decay rate · λ · p, which is subtracted from p and not part of the gradient. */
  readonly weightDecay?: number | undefined;
  /** Largest norm of the weights into a unit, a column of the matrix. */
  readonly maxNorm?: number | undefined;
}

/** A parameter of a layer. */
export interface ParameterSpec {
  /** Name within the layer. */
  readonly name: string;
  /** Shape, for example [inputs, units]. */
  readonly shape: Shape;
  /**
   * Role: weights multiply the input, scales multiply normalized values, biases are added. Regularization
   * applies to weights only, unless the layer sets its own.
   */
  readonly role: "weight" | "scale" | "bias";
  /** Numbers of inputs and outputs, on which initializers depend. */
  readonly fans: Fans;
  /** Initializer of the parameter's values. */
  readonly initializer: Initializer;
  /** Regularization of this parameter. Defaults to that of the run. */
  readonly regularization?: Regularization | undefined;
}

/** A state of a layer: a tensor that steps update without a gradient, for example a running mean. */
export interface StateSpec {
  /** Name within the layer. */
  readonly name: string;
  /** Shape, for example [inputs]. */
  readonly shape: Shape;
  /** Initial value of every element. */
  readonly first: number;
}

/** Context of a layer: its state before the step and, in training, the inputs of its random numbers. */
export interface LayerContext {
  /** State of the layer before the step, by the names of {@linkcode Layer.state}. */
  readonly state: Tensors;
  /** Inputs that exist only in training; undefined in predictions. */
  readonly training: LayerTraining | undefined;
}

/**
 * The key, samples and step that determine a layer's random numbers in training. The random numbers of a
 * sample do not depend on its position in the batch.
 */
export interface LayerTraining {
  /** Key of this layer's random numbers. */
  readonly key: Key;
  /** Row number of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the step, integer [], from 1. */
  readonly step: Tensor;
}

/** A layer: a function of the rows of a matrix with parameters, and its derivative. */
export interface Layer<Name extends string = string> {
  /** Name in configs, for example "dense". */
  readonly kind: string;
  /** Options in configs with all defaults; undefined if configs cannot name the layer. */
  readonly options?: object;
  /**
   * Category, which determines how reports draw the layer. A layer of noise returns its input in predictions.
   */
  readonly category: "weights" | "activation" | "normalization" | "noise";
  /** Returns the number of outputs for a number of inputs. */
  width(inputs: number): number;
  /** Returns the parameters for a number of inputs. */
  parameters(inputs: number): readonly ParameterSpec[];
  /** Returns the states for a number of inputs. */
  state(inputs: number): readonly StateSpec[];
  /** Computes the output y [batch, width(inputs)] from x [batch, inputs], and the state after the step. */
  forward(
    params: Tensors<Name>,
    x: Tensor,
    context: LayerContext,
  ): { readonly y: Tensor; readonly state: Tensors };
  /**
   * Computes the gradients of the loss with respect to x and the parameters. dy is the gradient with respect
   * to y, and `context` is that of `forward`.
   *
   * It may repeat expressions of `forward`: equal nodes are computed once.
   */
  backward(
    params: Tensors<Name>,
    x: Tensor,
    dy: Tensor,
    context: LayerContext,
  ): { readonly dx: Tensor; readonly grads: Tensors<Name> };
  /**
   * Returns the scaling and shift of each unit in predictions, given the layer's parameters and states.
   * Only layers that do nothing else in predictions, such as batch normalization, have this function.
   */
  scaling?(valueOf: ValueOf): UnitScaling;
  /**
   * Returns parameters with which the layer's output is that of its parameters `valueOf`, scaled and
   * shifted by `scaling`. Only layers that can do so, such as dense ones, have this function.
   */
  absorbScaling?(
    valueOf: ValueOf,
    scaling: UnitScaling,
  ): Readonly<Record<Name, Float32Array<ArrayBuffer>>>;
}

/**
 * A function that returns the elements of a layer's parameter or state, row-major, by its name within the
 * layer.
 */
export type ValueOf = (name: string) => Float32Array<ArrayBuffer>;

/** A scaling of each unit: y = (x − center) slope + shift. */
export interface UnitScaling {
  /** Center of each unit [n]. */
  readonly center: Float32Array;
  /** Slope of each unit [n], in double precision. */
  readonly slope: Float64Array;
  /** Shift of each unit [n]. */
  readonly shift: Float32Array;
}

/**
 * Converts layers to the form of a config, `{ name, ...options }`. Returns undefined if configs cannot name
 * one of the layers, or a layer within a block.
 */
export function namedLayers(
  layers: readonly Layer[],
): readonly (object & { readonly name: string })[] | undefined {
  const named = layers.flatMap(({ kind, options }) =>
    options === undefined ? [] : [{ name: kind, ...options }]
  );
  return named.length === layers.length ? named : undefined;
}
