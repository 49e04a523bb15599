/**
 * model.safetensors: a trained network with everything that predictions need.
 *
 * @module
 */
import { z } from "zod";
import type { Normalization, Reduction, TableEncoding } from "../data/dataset.ts";
import { encodedFeatures, encodingSchema } from "../data/encode/encoding.ts";
import { type Preparation, preparations } from "../data/prepare/mod.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { defined } from "../config/defined.ts";
import type { Encoding } from "../tensor/operations.ts";
import { layers, MOST_LAYERS, type Network, network } from "../nn/mod.ts";
import { quote, refuse, takeValue } from "./json.ts";
import {
  checked,
  converted,
  decodeFile,
  encodeFile,
  type Field,
  group,
  type HeadField,
  json,
  type OpenFile,
  optional,
  scalar,
  tensor,
  tensorMap,
  text,
} from "./codec/fields.ts";

/** A trained network: layers, parameters, and the preprocessing of its inputs. */
export interface Model {
  /** Parameters by name. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** The layers, as in the config. */
  readonly layers: readonly unknown[];
  /** Names of the classes, in the order of the outputs. */
  readonly classes: readonly string[];
  /** Names of the features, if the training table named its columns. */
  readonly columns?: readonly string[];
  /** Encoding of table columns as features. Defaults to one feature per column. */
  readonly table?: TableEncoding;
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** Methods that prepare an image before normalization. Defaults to none. */
  readonly preparation?: Preparation["methods"];
  /** Normalization of the features. */
  readonly normalization: Normalization;
  /** Storage of the rows that the first layer reads. The order of its sums depends on it. */
  readonly encoding: Encoding;
}

/** A parameter of a trained network. */
export interface Parameter {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: Float32Array<ArrayBuffer>;
}

const strings = z.array(z.string());

/** Returns the field of an object's name, stored as text in the metadata. */
function named(doc: string): HeadField<{ readonly name: string }> {
  const field = converted(text(doc, z.string()), {
    encode: ({ name }: { readonly name: string }) => name,
    decode: (name) => ({ name }),
  });
  return { ...field, keys: ["name"] };
}

/** Returns the field of one number for all features or of one number for each. */
function perFeature(doc: string): Field<number | Float32Array<ArrayBuffer>> {
  const [one, each] = [scalar(doc), tensor("F32", ["features"], doc)];
  return {
    write: (file, name, value) =>
      typeof value === "number" ? one.write(file, name, value) : each.write(file, name, value),
    read: (file, name) =>
      (file.tensors.get(name)?.shape.length === 0 ? one : each).read(file, name),
    isIn: each.isIn,
    describe: (name) => [{ name, form: "F64 [] for all features, or F32 [features]", doc }],
  };
}

const NORMALIZATION: Field<Omit<Normalization, "reduction">> = group({
  shift: perFeature("subtracted from each feature"),
  scale: perFeature("factor of each difference"),
}, named("name of the normalization"));

const REDUCTION: Field<Reduction> = group({
  mean: tensor("F32", ["features"], "mean of each feature"),
  scale: tensor("F32", ["components"], "factor of each component"),
  components: tensor("F32", ["features", "components"], "directions of the components"),
  variances: tensor("F64", ["features"], "variance along each direction, kept or not"),
}, named("name of the reduction"));

const FIELDS = group({
  layers: json<readonly unknown[]>(
    z.array(z.looseObject({ name: z.string() })),
    "the layers, as in the config",
  ),
  classes: json(strings, "names of the classes"),
  columns: optional(json(strings, "names of the features")),
  table: optional(json(encodingSchema, "encoding of table columns as features")),
  shape: json(z.array(z.int().min(1)), "shape of a sample", {
    lengths: (shape) => ({ features: sizeOf(shape) }),
  }),
  preparation: optional(json(z.array(preparations.schema), "methods of the preparation")),
  encoding: text<Encoding>(
    "storage of the rows that the first layer reads",
    z.enum(["sparse8", "dense8", "dense32"]),
  ),
  normalization: NORMALIZATION,
  reduction: optional(REDUCTION),
  parameters: tensorMap(
    "",
    ["...shape"],
    "a parameter",
    (name) => /^(normalization|reduction)\./.test(name),
  ),
});

export const MODEL: Field<Model> = checked(
  converted(FIELDS, {
    encode: ({ normalization, ...others }) => ({
      ...others,
      normalization,
      ...defined({ reduction: normalization.reduction }),
    }),
    decode: ({ normalization, reduction, ...others }) => ({
      ...others,
      normalization: { ...normalization, ...defined({ reduction }) },
    }),
  }),
  (model, file) => {
    checkTable(model, file);
    checkNetwork(model, file);
  },
);

/** Checks that the encoding of a table gives as many features as a sample has. */
function checkTable({ table, shape }: Model, { what }: OpenFile): void {
  if (table === undefined || encodedFeatures(table) === sizeOf(shape)) return;
  const expected = `columns of a table that make ${sizeOf(shape)} features`;
  refuse(what, expected, encodedFeatures(table));
}

/** The layers as in the stage "train" of a config, the units of the last one written out. */
const LAYERS = z.array(z.lazy(() => layers.schema)).min(1).max(MOST_LAYERS);

/**
 * Checks that the layers make a network with exactly these parameters. A file comes from anybody, so
 * nothing is computed or allocated from its layers, shapes and units before this check.
 */
function checkNetwork(model: Model, { what }: OpenFile): void {
  const layered = takeValue(model.layers, LAYERS, `layers of ${what}`);
  const { shape, classes, normalization: { reduction }, parameters } = model;
  const built = networkOf(layered, reduction?.scale.length ?? sizeOf(shape), what);
  if (built.outputs !== classes.length) {
    refuse(what, `a last layer of ${classes.length} outputs, one for each class`, built.outputs);
  }
  const wanted = new Map(
    [...built.parameters, ...built.state].map(({ name, shape }) => [name, `[${shape.join(", ")}]`]),
  );
  for (const [name, shape] of wanted) {
    const found = parameters.get(name)?.shape;
    const received = found === undefined ? "none" : `[${found.join(", ")}]`;
    if (received !== shape) refuse(what, `tensor ${quote(name)} of ${shape}`, received);
  }
  const other = [...parameters.keys()].find((name) => !wanted.has(name));
  if (other !== undefined) refuse(what, "parameters of its layers alone", quote(other));
}

function networkOf(layered: z.output<typeof LAYERS>, inputs: number, what: string): Network {
  try {
    return network(layered.map((layer) => layers.create(layer)), inputs);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new SyntaxError(`Cannot read ${what}: expected layers that fit: ${cause.message}`, {
      cause,
    });
  }
}

/** Encodes a model as a safetensors file. Equal models give equal bytes. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  return encodeFile(MODEL, model);
}

/**
 * Decodes a model.
 *
 * @param what name of the file in messages
 * @throws {SyntaxError} if the bytes are not a model, or its layers do not fit its parameters
 */
export function decodeModel(bytes: Uint8Array, what = "model.safetensors"): Model {
  return decodeFile(MODEL, bytes, what);
}
