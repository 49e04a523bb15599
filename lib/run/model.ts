/**
 * model.safetensors: a trained network with all that is needed to ask it.
 *
 *     <parameter>            F32, its own shape
 *     normalization.shift    F64 [] for all features, or F32 [features]
 *     normalization.scale    F64 [] for all features, or F32 [features]
 *
 * and, where features are reduced to fewer, see {@link Reduction}:
 *
 *     reduction.mean         F32 [features]
 *     reduction.components   F32 [features, components]
 *     reduction.scale        F32 [components]
 *     reduction.variances    F64 [features]
 *
 * The metadata holds, in JSON, the layers as in the config, the names of the classes and, for a table
 * that has them, of the features, the shape of a sample, and the methods of the preparation if there
 * is one; the names of the normalisation and of the reduction if there is one; and how the first layer reads its rows, sparse or dense.
 *
 * @module
 */
import { z } from "zod";
import type { Normalization, Reduction } from "../data/dataset.ts";
import { type Preparation, preparations } from "../data/prepare/mod.ts";
import type { Encoding } from "../tensor/operations.ts";
import { canonicalJson, parseJson } from "./json.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
} from "./safetensors.ts";
import { takeTensor, takeText, takeValue } from "./take.ts";

/** A trained network. */
export interface Model {
  /** Parameters by name. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** The layers, as in the config. */
  readonly layers: readonly unknown[];
  /** Names of the classes, in the order of the outputs. */
  readonly classes: readonly string[];
  /** Names of the features, if the training table had them. */
  readonly columns?: readonly string[];
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** What is done to images before anything else; nothing if not given. */
  readonly preparation?: Preparation["methods"];
  /** What is done to each feature before the network sees it. */
  readonly normalization: Normalization;
  /** How the first layer reads its rows; part of the model, because it decides the order of sums. */
  readonly encoding: Encoding;
}

/** A parameter: its shape and its elements, row-major. */
export interface Parameter {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: Float32Array<ArrayBuffer>;
}

const SHIFT = "normalization.shift";
const SCALE = "normalization.scale";

/** Names of a reduction's tensors. */
const REDUCTION = {
  mean: "reduction.mean",
  components: "reduction.components",
  scale: "reduction.scale",
  variances: "reduction.variances",
} as const;

const strings = z.array(z.string());
const lengths = z.array(z.int().min(1));
const layerList = z.array(z.looseObject({ name: z.string() }));
const encodings = z.enum(["sparse8", "dense8", "dense32"]);

/** The bytes of model.safetensors: equal models give equal bytes. */
export function encodeModel(
  { parameters, layers, classes, columns, shape, preparation, normalization, encoding }: Model,
): Uint8Array<ArrayBuffer> {
  const { reduction } = normalization;
  const tensors = new Map<string, StoredTensor>([
    ...parameters,
    [SHIFT, featureTensor(normalization.shift)],
    [SCALE, featureTensor(normalization.scale)],
    ...(reduction === undefined ? [] : reductionTensors(reduction)),
  ]);
  const metadata = new Map([
    ["classes", canonicalJson(classes)],
    ...(columns === undefined ? [] : [["columns", canonicalJson(columns)] as const]),
    ["encoding", encoding],
    ["layers", canonicalJson(layers)],
    ["normalization", normalization.name],
    ...(preparation === undefined ? [] : [["preparation", canonicalJson(preparation)] as const]),
    ...(reduction === undefined ? [] : [["reduction", reduction.name] as const]),
    ["shape", canonicalJson(shape)],
  ]);
  return encodeSafetensors({ tensors, metadata });
}

function featureTensor(value: number | Float32Array<ArrayBuffer>): StoredTensor {
  return typeof value === "number"
    ? { shape: [], data: new Float64Array([value]) }
    : { shape: [value.length], data: value };
}

function reductionTensors(
  { mean, components, scale, variances }: Reduction,
): readonly (readonly [string, StoredTensor])[] {
  return [
    [REDUCTION.mean, { shape: [mean.length], data: mean }],
    [REDUCTION.components, { shape: [mean.length, scale.length], data: components }],
    [REDUCTION.scale, { shape: [scale.length], data: scale }],
    [REDUCTION.variances, { shape: [variances.length], data: variances }],
  ];
}

/**
 * The model in some bytes.
 *
 * @param what the file, for messages
 * @throws {SyntaxError} if the bytes are no model
 */
export function decodeModel(bytes: Uint8Array, what = "model.safetensors"): Model {
  const file = decodeSafetensors(bytes, what);
  const json = <Value>(name: string, schema: z.ZodType<Value>): Value =>
    takeValue(parseJson(takeText(file, name, what), what), schema, what);
  const others: readonly string[] = [SHIFT, SCALE, ...Object.values(REDUCTION)];
  const names = [...file.tensors.keys()].filter((name) => !others.includes(name)).sort();
  const shape = json("shape", lengths);
  const features = shape.reduce((product, length) => product * length, 1);
  return {
    parameters: new Map(
      names.map((name) => [name, takeTensor(file, { name, type: Float32Array }, what)]),
    ),
    layers: json("layers", layerList),
    classes: json("classes", strings),
    ...(file.metadata.has("columns") ? { columns: json("columns", strings) } : {}),
    shape,
    ...(file.metadata.has("preparation")
      ? { preparation: json("preparation", z.array(preparations.schema)) }
      : {}),
    normalization: {
      name: takeText(file, "normalization", what),
      shift: featureValue(file, SHIFT, features, what),
      scale: featureValue(file, SCALE, features, what),
      ...(file.metadata.has("reduction") ? { reduction: reductionOf(file, features, what) } : {}),
    },
    encoding: takeValue<Encoding>(takeText(file, "encoding", what), encodings, what),
  };
}

function featureValue(
  file: Safetensors,
  name: string,
  features: number,
  what: string,
): number | Float32Array<ArrayBuffer> {
  if (file.tensors.get(name)?.shape.length !== 0) {
    return takeTensor(file, { name, type: Float32Array, shape: [features] }, what).data;
  }
  const { data: [value = NaN] } = takeTensor(file, { name, type: Float64Array, shape: [] }, what);
  return value;
}

function reductionOf(file: Safetensors, features: number, what: string): Reduction {
  const f32 = (name: string, shape: readonly (number | undefined)[]) =>
    takeTensor(file, { name, type: Float32Array, shape }, what).data;
  const scale = f32(REDUCTION.scale, [undefined]);
  return {
    name: takeText(file, "reduction", what),
    mean: f32(REDUCTION.mean, [features]),
    components: f32(REDUCTION.components, [features, scale.length]),
    scale,
    variances: takeTensor(
      file,
      { name: REDUCTION.variances, type: Float64Array, shape: [features] },
      what,
    ).data,
  };
}
