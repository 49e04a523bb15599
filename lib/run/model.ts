/**
 * model.safetensors: a trained network with everything that predictions need.
 *
 * @module
 */
import { z } from "zod";
import type { Normalization, Reduction, TableEncoding } from "../data/dataset.ts";
import { countEncodedFeatures, encodingSchema } from "../data/encode/encoding.ts";
import { type Preparation, preparations } from "../data/prepare/mod.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { defined } from "../config/defined.ts";
import type { Encoding } from "../tensor/operations.ts";
import { layers, MOST_LAYERS, type Network, network } from "../nn/mod.ts";
import { quoteName, throwReadError, validateValue } from "./json.ts";
import {
  decodeFile,
  encodeFile,
  type Field,
  fieldGroup,
  type HeadField,
  jsonField,
  type OpenFile,
  optionalField,
  scalarField,
  tensorField,
  tensorMapField,
  textField,
  withCheck,
  withConversion,
} from "./codec/fields.ts";

/** A trained network: layers, parameters, and the preprocessing of its inputs. */
export interface Model {
  /** Parameters by name. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Options of each layer, as in the config. */
  readonly layers: readonly unknown[];
  /** Names of the classes, in the order of the network's outputs. */
  readonly classes: readonly string[];
  /** Names of the features, if the training table named its columns. */
  readonly columns?: readonly string[];
  /** Encoding of table columns as features. By default, each column is one feature. */
  readonly table?: TableEncoding;
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /**
   * Methods that deskew or centre an image before normalization, in the order in which they are applied.
   * Defaults to none.
   */
  readonly preparation?: Preparation["methods"];
  /** Normalization of the features. */
  readonly normalization: Normalization;
  /**
   * Storage format of the samples that the first layer reads: dense or sparse, 8-bit or 32-bit. The order
   * in which this layer adds products depends on the format.
   */
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

/** Returns a file field that holds the key `name` of an object as a text in the metadata. */
function nameField(doc: string): HeadField<{ readonly name: string }> {
  const field = withConversion(textField(doc, z.string()), {
    encode: ({ name }: { readonly name: string }) => name,
    decode: (name) => ({ name }),
  });
  return { ...field, keys: ["name"] };
}

/** Returns a file field that holds either one number for all features, or one number for each feature. */
function perFeatureField(doc: string): Field<number | Float32Array<ArrayBuffer>> {
  const [one, each] = [scalarField(doc), tensorField("F32", ["features"], doc)];
  return {
    write: (file, name, value) =>
      typeof value === "number" ? one.write(file, name, value) : each.write(file, name, value),
    read: (file, name) =>
      (file.tensors.get(name)?.shape.length === 0 ? one : each).read(file, name),
    isIn: each.isIn,
    describe: (name) => [{ name, form: "F64 [] for all features, or F32 [features]", doc }],
  };
}

const NORMALIZATION: Field<Omit<Normalization, "reduction">> = fieldGroup({
  shift: perFeatureField("subtracted from each feature"),
  scale: perFeatureField("factor of each difference"),
}, nameField("name of the normalization"));

const REDUCTION: Field<Reduction> = fieldGroup({
  mean: tensorField("F32", ["features"], "mean of each feature"),
  scale: tensorField("F32", ["components"], "factor of each component"),
  components: tensorField("F32", ["features", "components"], "directions of the components"),
  variances: tensorField("F64", ["features"], "variance along each direction, kept or not"),
}, nameField("name of the reduction"));

const FIELDS = fieldGroup({
  layers: jsonField<readonly unknown[]>(
    z.array(z.looseObject({ name: z.string() })),
    "the layers, as in the config",
  ),
  classes: jsonField(strings, "names of the classes"),
  columns: optionalField(jsonField(strings, "names of the features")),
  table: optionalField(jsonField(encodingSchema, "encoding of table columns as features")),
  shape: jsonField(z.array(z.int().min(1)), "shape of a sample", {
    lengths: (shape) => ({ features: sizeOf(shape) }),
  }),
  preparation: optionalField(jsonField(z.array(preparations.schema), "methods of the preparation")),
  encoding: textField<Encoding>(
    "storage of the rows that the first layer reads",
    z.enum(["sparse8", "dense8", "dense32"]),
  ),
  normalization: NORMALIZATION,
  reduction: optionalField(REDUCTION),
  parameters: tensorMapField(
    "",
    ["...shape"],
    "a parameter",
    (name) => /^(normalization|reduction)\./.test(name),
  ),
});

/** All fields of model.safetensors. Decoding checks that layers, shapes and parameters fit each other. */
export const MODEL: Field<Model> = withCheck(
  withConversion(FIELDS, {
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
    checkFeatureCount(model, file);
    checkNetwork(model, file);
  },
);

/**
 * Checks that the table encoding of a model, if it has one, produces as many features as the samples of the
 * model have. Throws a SyntaxError otherwise.
 */
function checkFeatureCount({ table, shape }: Model, { source }: OpenFile): void {
  if (table === undefined || countEncodedFeatures(table) === sizeOf(shape)) return;
  const expected = `columns of a table that make ${sizeOf(shape)} features`;
  throwReadError(source, expected, countEncodedFeatures(table));
}

/**
 * Schema of a model's layers: as in the stage "train" of a config, but with the number of units of the last
 * layer.
 */
const LAYERS = z.array(z.lazy(() => layers.schema)).min(1).max(MOST_LAYERS);

/**
 * Checks that the layers of a model form a network that has exactly the parameters of the model, and one
 * output for each class. Throws a SyntaxError otherwise. A file may come from anybody, so nothing is
 * computed or allocated before this check.
 */
function checkNetwork(model: Model, { source }: OpenFile): void {
  const layered = validateValue(model.layers, LAYERS, `layers of ${source}`);
  const { shape, classes, normalization: { reduction }, parameters } = model;
  const built = buildNetwork(layered, reduction?.scale.length ?? sizeOf(shape), source);
  if (built.outputs !== classes.length) {
    throwReadError(
      source,
      `a last layer of ${classes.length} outputs, one for each class`,
      built.outputs,
    );
  }
  const wanted = new Map(
    [...built.parameters, ...built.state].map(({ name, shape }) => [name, `[${shape.join(", ")}]`]),
  );
  for (const [name, shape] of wanted) {
    const found = parameters.get(name)?.shape;
    const received = found === undefined ? "none" : `[${found.join(", ")}]`;
    if (received !== shape) {
      throwReadError(source, `tensor ${quoteName(name)} of ${shape}`, received);
    }
  }
  const other = [...parameters.keys()].find((name) => !wanted.has(name));
  if (other !== undefined) {
    throwReadError(source, "parameters of its layers alone", quoteName(other));
  }
}

/**
 * Builds a network of `inputs` inputs from the options of its layers. Throws a SyntaxError if the layers do
 * not fit each other.
 */
function buildNetwork(
  layerConfigs: z.output<typeof LAYERS>,
  inputs: number,
  source: string,
): Network {
  try {
    return network(layerConfigs.map((layer) => layers.create(layer)), inputs);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new SyntaxError(`Cannot read ${source}: expected layers that fit: ${cause.message}`, {
      cause,
    });
  }
}

/** Encodes a model as the bytes of model.safetensors. Equal models give equal bytes. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  return encodeFile(MODEL, model);
}

/**
 * Decodes the content of a file model.safetensors, and checks that its layers, shapes and parameters fit
 * each other.
 *
 * @param source name of the file in error messages
 * @throws {SyntaxError} if the bytes are not a model, or the layers do not fit the parameters
 */
export function decodeModel(bytes: Uint8Array, source = "model.safetensors"): Model {
  return decodeFile(MODEL, bytes, source);
}
