/**
 * Folds batch normalization into the dense layer before it: in predictions both are one affine function, so
 * a trained network needs only the dense layer.
 *
 *     γ (x W + b − mean) / √(variance + ε) + β  =  x W′ + b′
 *
 *     s  = γ / √(variance + ε)        W′ = W s, column by column        b′ = (b − mean) s + β
 *
 * (Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only
 * inference", CVPR 2018, section 3.2.)
 *
 * @module
 */
import type { Named } from "../config/registry.ts";
import { type Layer, layers, type ValueOf } from "./layers/mod.ts";

/** A layer in the form of a config: its name and options. */
export type NamedLayer = Named<typeof layers>;

/** A parameter or state of a layer. */
export interface LayerValue {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: Float32Array<ArrayBuffer>;
}

/** Layers in the form of a config, with their parameters and states. */
export interface Layered {
  /** The layers from the input to the output. */
  readonly layers: readonly NamedLayer[];
  /** Parameters and states by names like "dense1.weight". */
  readonly values: ReadonlyMap<string, LayerValue>;
}

/**
 * Folds every batch normalization that follows a dense layer into the weights and biases of that layer,
 * also within residual blocks. The remaining layers are renumbered. Each element of the new weights W′ and
 * biases b′ is computed in double precision and rounded once.
 *
 * @throws {TypeError} if a parameter or state is missing
 */
export function foldBatchNorm({ layers: named, values }: Layered): Layered {
  const counts = { before: new Map<string, number>(), after: new Map<string, number>() };
  const kept: NamedLayer[] = [];
  const folded = new Map<string, LayerValue>();
  let last: { readonly name: string; readonly layer: Layer } | undefined; // the last layer that was kept
  for (const each of named) {
    const layer: Layer = layers.create(each);
    const own = layerValues(nextLayerName(layer.kind, counts.before), values);
    if (last?.layer.absorbScaling !== undefined && layer.scaling !== undefined) {
      const before = layerValues(last.name, folded);
      const after = last.layer.absorbScaling(
        elementsByName(before),
        layer.scaling(elementsByName(own)),
      );
      for (const [name, { shape }] of before) {
        folded.set(`${last.name}.${name}`, { shape, data: after[name] });
      }
      continue;
    }
    last = { name: nextLayerName(layer.kind, counts.after), layer };
    const inner = "layers" in each
      ? foldBatchNorm({ layers: each.layers, values: own })
      : undefined;
    kept.push(inner === undefined ? each : { ...each, layers: inner.layers } as NamedLayer);
    for (const [name, value] of inner?.values ?? own) folded.set(`${last.name}.${name}`, value);
  }
  return { layers: kept, values: folded };
}

/**
 * Returns the name of the next layer of a kind, for example "dense2", and counts this layer in `counts`,
 * the number of layers of each kind so far.
 */
function nextLayerName(kind: string, counts: Map<string, number>): string {
  const count = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, count);
  return `${kind}${count}`;
}

/** Returns the parameters and states of one layer, by names within the layer. */
function layerValues(
  layerName: string,
  values: ReadonlyMap<string, LayerValue>,
): ReadonlyMap<string, LayerValue> {
  const prefix = `${layerName}.`;
  return new Map(
    [...values].filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

/** Returns a function that returns the elements of a value by name, and throws a TypeError if it is missing. */
function elementsByName(values: ReadonlyMap<string, LayerValue>): ValueOf {
  return (name) => {
    const value = values.get(name);
    if (value !== undefined) return value.data;
    throw new TypeError(
      `Cannot fold batch normalization: expected a value "${name}": received ${
        [...values.keys()].map((known) => `"${known}"`).join(", ") || "none"
      }`,
    );
  };
}
