/**
 * Folding batch normalization into the dense layer before it: in predictions both are one affine
 * function, so a trained network needs only the dense layer.
 *
 *     γ (x W + b − mean) / √(variance + ε) + β  =  x W′ + b′
 *
 *     s  = γ / √(variance + ε)        W′ = W s, each column by its own        b′ = (b − mean) s + β
 *
 * (Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only
 * inference", CVPR 2018, section 3.2.)
 *
 * @module
 */

import type { Named } from "../config/registry.ts";
import type { layers } from "./layers/mod.ts";

/** A layer as a config names it. */
export type NamedLayer = Named<typeof layers>;

/** A parameter or a state of a layer: its shape and its elements, row-major. */
export interface LayerValue {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: Float32Array<ArrayBuffer>;
}

/** Layers as a config names them, with their parameters and states by names like "dense1.weight". */
export interface Layered<Layer extends NamedLayer = NamedLayer> {
  /** The layers in the order of the data. */
  readonly layers: readonly Layer[];
  /** What they have learnt and what they keep, by name. */
  readonly values: ReadonlyMap<string, LayerValue>;
}

/**
 * Layers that predict the same without the batch normalizations that follow a dense layer, residual
 * blocks included; others stay, under their new numbers. Each element of W′ and b′ is computed in double
 * precision and rounded once.
 *
 * @throws {TypeError} if a value is missing
 */
export function foldBatchNorm({ layers, values }: Layered): Layered {
  const counts = { before: new Map<string, number>(), after: new Map<string, number>() };
  const kept: NamedLayer[] = [];
  const folded = new Map<string, LayerValue>();
  let last = ""; // name of the last layer that was kept
  for (const layer of layers) {
    const before = numbered(layer.name, counts.before);
    const own = within(before, values);
    if (layer.name === "batchNorm" && kept.at(-1)?.name === "dense") {
      for (const [name, value] of folding(within(last, folded), own, layer.epsilon ?? EPSILON)) {
        folded.set(`${last}.${name}`, value);
      }
      continue;
    }
    last = numbered(layer.name, counts.after);
    const inner = layer.name === "residual"
      ? foldBatchNorm({ layers: layer.layers, values: own }) as Layered<Inner>
      : undefined;
    kept.push(inner === undefined ? layer : { name: "residual", layers: inner.layers });
    for (const [name, value] of inner?.values ?? own) folded.set(`${last}.${name}`, value);
  }
  return { layers: kept, values: folded };
}

/** A layer of a residual block. */
type Inner = Extract<NamedLayer, { readonly name: "residual" }>["layers"][number];

/** ε of a batch normalization that does not say its own. */
const EPSILON = 1e-5;

/** Name of the next layer of a kind: "dense2". */
function numbered(kind: string, counts: Map<string, number>): string {
  const count = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, count);
  return `${kind}${count}`;
}

/** A layer's own values, by their names within the layer. */
function within(
  layer: string,
  values: ReadonlyMap<string, LayerValue>,
): ReadonlyMap<string, LayerValue> {
  const prefix = `${layer}.`;
  return new Map(
    [...values].filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

/** W′ and b′ of a dense layer and the normalization after it. */
function folding(
  dense: ReadonlyMap<string, LayerValue>,
  normalization: ReadonlyMap<string, LayerValue>,
  epsilon: number,
): ReadonlyMap<string, LayerValue> {
  const [weight, bias] = [valueOf(dense, "weight"), valueOf(dense, "bias")];
  const [scale, shift] = [valueOf(normalization, "scale"), valueOf(normalization, "shift")];
  const [mean, variance] = [valueOf(normalization, "mean"), valueOf(normalization, "variance")];
  const units = bias.data.length;
  const slopes = Float64Array.from(
    scale.data,
    (gamma, unit) => gamma / Math.sqrt((variance.data[unit] ?? NaN) + epsilon),
  );
  const slopeOf = (unit: number) => slopes[unit] ?? NaN;
  const weights = weight.data.map((w, index) => w * slopeOf(index % units));
  const biases = bias.data.map((b, unit) =>
    (b - (mean.data[unit] ?? NaN)) * slopeOf(unit) + (shift.data[unit] ?? NaN)
  );
  return new Map([
    ["weight", { shape: weight.shape, data: weights }],
    ["bias", { shape: bias.shape, data: biases }],
  ]);
}

function valueOf(values: ReadonlyMap<string, LayerValue>, name: string): LayerValue {
  const value = values.get(name);
  if (value !== undefined) return value;
  throw new TypeError(
    `Cannot fold batch normalization: expected a value "${name}": received ${
      [...values.keys()].map((known) => `"${known}"`).join(", ") || "none"
    }`,
  );
}
