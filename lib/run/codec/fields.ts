/**
 * Fields of safetensors files. One table of fields encodes a value, decodes it and documents the file:
 *
 *     const EMBEDDING = fieldGroup({
 *       rows: tensorField("U32", ["samples"], "row of each sample"),
 *       points: tensorField("F32", ["samples", 2], "position of each sample"),
 *     }, jsonField(z.strictObject({ layer: z.string() }), "name of the layer"));
 *
 *     const FILE = fieldGroup({
 *       note: optionalField(textField("remark on the data", z.string())),
 *       embedding: optionalField(EMBEDDING),
 *     });
 *     encodeFile(FILE, { embedding: { layer: "relu1", rows, points } });
 *
 * writes the tensors `embedding.rows` and `embedding.points`, and the metadata entry `embedding` with
 * the layer in JSON. A named axis has one length in all tensors of a group. The length is a number, or
 * the length of a list, that an earlier metadata field stores under this name; otherwise the first
 * tensor with this axis sets it. "...shape" stands for several axes, whose lengths such a list contains.
 *
 * @module
 */
import { z } from "zod";
import { type SplitName, SPLITS } from "../../data/split/samples.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import { canonicalJson, parseJson, throwReadError, validateValue } from "../json.ts";
import {
  ARRAYS,
  decodeSafetensors,
  type ElementType,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
  type TensorArrays,
} from "./safetensors.ts";

/** A field of a safetensors file, or a group of fields: its encoding, decoding and documentation. */
export interface Field<Value> {
  /** Adds a value to a file under a name. */
  write(file: OpenFile, name: string, value: Value): void;
  /**
   * Returns the value that a file has under a name.
   *
   * @throws {SyntaxError} if the value is missing, or has the wrong type or shape
   */
  read(file: OpenFile, name: string): Value;
  /** Returns whether a file has a value under a name. */
  isIn(file: OpenFile, name: string): boolean;
  /** Returns the documentation of the field under a name, one row for each tensor or metadata entry. */
  describe(name: string): readonly FieldRow[];
  /** Returns the lengths of axes that a value of this field determines, by the names of the axes. */
  lengths?(value: Value): Readonly<Record<string, number>>;
}

/** A field that a file may lack. */
interface OptionalField<Value> extends Field<Value> {
  readonly isOptional: true;
}

/** Documentation of one tensor or metadata entry of a file. */
export interface FieldRow {
  /** Name of the tensor or metadata entry. */
  readonly name: string;
  /** Element type and shape of a tensor; "text" or "JSON" in the metadata. */
  readonly form: string;
  /** Meaning of the content. */
  readonly doc: string;
}

/** The content of a safetensors file while its fields are written or read. */
export interface OpenFile {
  /** Tensors by name. */
  readonly tensors: Map<string, StoredTensor>;
  /** Texts by name. */
  readonly metadata: Map<string, string>;
  /** Lengths of axes known so far, by the name of the axis. A list holds the lengths of several axes. */
  readonly lengths: Map<string, number | readonly number[]>;
  /** Name of the file in error messages. */
  readonly source: string;
}

/**
 * An axis of a tensor in the declaration of a field: a fixed length, a name, or "...name" for several axes.
 */
type Axis = number | string;

/** The field for each key of the object that a group of fields encodes. */
type Fields = Readonly<Record<string, Field<unknown>>>;

/** Type of the values that a field encodes. */
type ValueOf<Table> = Table extends Field<infer Value> ? Value : never;

/** Keys of the optional fields of a group. */
type OptionalKey<Table> = {
  [Key in keyof Table]: Table[Key] extends OptionalField<unknown> ? Key : never;
}[keyof Table];

/** Type of the object that a group of fields encodes. */
type Values<Table> =
  & { readonly [Key in Exclude<keyof Table, OptionalKey<Table>>]: ValueOf<Table[Key]> }
  & { readonly [Key in OptionalKey<Table>]?: ValueOf<Table[Key]> };

/** Encodes a value as the tensors and metadata of a safetensors file, by a table of fields. */
export function encodeFields<Value>(table: Field<Value>, value: Value): Safetensors {
  const file = { tensors: new Map(), metadata: new Map(), lengths: new Map(), source: "" };
  table.write(file, "", value);
  return { tensors: file.tensors, metadata: file.metadata };
}

/**
 * Decodes a value from the tensors and metadata of a safetensors file, by a table of fields.
 *
 * @param source name of the file in error messages
 * @throws {SyntaxError} if a field is missing or malformed
 */
export function decodeFields<Value>(
  table: Field<Value>,
  { tensors, metadata }: Safetensors,
  source: string,
): Value {
  const file = {
    tensors: new Map(tensors),
    metadata: new Map(metadata),
    lengths: new Map(),
    source,
  };
  return table.read(file, "");
}

/**
 * Encodes a value as the bytes of a safetensors file, by a table of fields. Equal values give equal bytes.
 */
export function encodeFile<Value>(table: Field<Value>, value: Value): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(encodeFields(table, value));
}

/**
 * Decodes a value from the bytes of a safetensors file, by a table of fields.
 *
 * @param source name of the file in error messages
 * @throws {SyntaxError} if the bytes are not a safetensors file, or a field is missing or malformed
 */
export function decodeFile<Value>(table: Field<Value>, bytes: Uint8Array, source: string): Value {
  return decodeFields(table, decodeSafetensors(bytes, source), source);
}

/**
 * Returns a file field that holds a tensor together with its shape. If `type` lists several element types,
 * a tensor may have any of them.
 */
export function shapedTensorField<Type extends ElementType>(
  type: Type | readonly Type[],
  shape: readonly Axis[],
  doc: string,
): Field<ShapedTensor<Type>> {
  const types = [type].flat() as readonly Type[];
  return {
    write({ tensors }, name, { shape, data }) {
      tensors.set(name, { shape, data });
    },
    read({ tensors, lengths, source }, name) {
      const found = tensors.get(name);
      const axes = substituteLengths(shape, lengths);
      const fitting = types.find((each) => found?.data instanceof ARRAYS[each]);
      if (found === undefined || fitting === undefined || !hasShape(found, axes)) {
        const array = ARRAYS[fitting ?? types.at(-1) as Type].name;
        const expected = axes.map((axis) =>
          typeof axis === "number" || isAxisList(axis) ? axis : "any"
        );
        const received = found && `${found.data.constructor.name} [${found.shape.join(", ")}]`;
        throwReadError(
          source,
          `tensor "${name}" of ${array} [${expected.join(", ")}]`,
          received ?? "none",
        );
      }
      recordAxisLengths(lengths, axes, found.shape);
      return found as ShapedTensor<Type>;
    },
    isIn: ({ tensors }, name) => tensors.has(name),
    describe: (name) => [{ name, form: `${types.join(" or ")} [${shape.join(", ")}]`, doc }],
  };
}

/** A tensor of one element type, with its shape. */
interface ShapedTensor<Type extends ElementType> extends StoredTensor {
  readonly data: TensorArrays[Type];
}

/**
 * Returns a file field whose value is the typed array of a tensor's elements, row-major. The shape follows
 * from the number of elements and the lengths of axes known so far, so at most one axis may have an unknown
 * length.
 */
export function tensorField<Type extends ElementType>(
  type: Type | readonly Type[],
  shape: readonly Axis[],
  doc: string,
): Field<TensorArrays[Type]> {
  return withConversion(shapedTensorField(type, shape, doc), {
    encode(data, { lengths }) {
      const axes = substituteLengths(shape, lengths);
      const known = sizeOf(axes.filter((axis) => typeof axis === "number"));
      const unknown = Math.floor(data.length / Math.max(1, known));
      const found = axes.map((axis) => typeof axis === "number" ? axis : unknown);
      recordAxisLengths(lengths, axes, found);
      return { shape: found, data };
    },
    decode: ({ data }) => data,
  });
}

/** Returns a file field that holds one number in double precision. */
export function scalarField(doc: string): Field<number> {
  return withConversion(tensorField("F64", [], doc), {
    encode: (value) => Float64Array.of(value),
    decode: ([value = NaN]) => value,
  });
}

/**
 * Returns a file field that holds all tensors whose names begin with a prefix, except those for whose names
 * `isOther` returns true. Its value is a map from the rest of each name to the tensor, sorted by name.
 */
export function tensorMapField(
  prefix: string,
  shape: readonly Axis[],
  doc: string,
  isOther: (name: string) => boolean = () => false,
): Field<ReadonlyMap<string, ShapedTensor<"F32">>> {
  const one = shapedTensorField("F32", shape, doc);
  return {
    write(file, _, values) {
      for (const [name, value] of values) one.write(file, prefix + name, value);
    },
    read(file) {
      const names = [...file.tensors.keys()].sort()
        .filter((name) => name.startsWith(prefix) && !isOther(name));
      return new Map(names.map((name) => {
        const value = one.read({ ...file, lengths: new Map() }, name);
        return [name.slice(prefix.length), value];
      }));
    },
    isIn: () => true,
    describe: () => one.describe(`${prefix}<name>`),
  };
}

/** Returns a file field that holds a text in the file's metadata. The text must match a schema. */
export function textField<Value extends string = string>(
  doc: string,
  schema: z.ZodType<Value>,
): Field<Value> {
  return {
    write({ metadata }, name, value) {
      metadata.set(name, value);
    },
    read({ metadata, source }, name) {
      const found = metadata.get(name);
      if (found !== undefined) return validateValue(found, schema, source);
      return throwReadError(source, `metadata "${name}"`, "none");
    },
    isIn: ({ metadata }, name) => metadata.has(name),
    describe: (name) => [{ name, form: "text", doc }],
  };
}

/**
 * A field that stores several keys of an object together, as one entry of the file's metadata: the `head` of a
 * {@linkcode fieldGroup}.
 */
export interface HeadField<Value> extends Field<Value> {
  /** Keys of the object that the field holds. Empty for other values. */
  readonly keys: readonly string[];
}

/** A type with all properties readonly, at every depth. */
type Frozen<Value> = unknown extends Value ? Value
  : { readonly [Key in keyof Value]: Frozen<Value[Key]> };

/**
 * Returns a file field that holds a JSON value in the file's metadata. The value must match a schema.
 *
 * @param options `lengths` derives lengths of axes from the value. `stringify` encodes the value; defaults
 *     to `canonicalJson`. `former` maps present keys to their names in older files
 */
export function jsonField<Value>(
  schema: z.ZodType<Value>,
  doc: string,
  { lengths = () => ({}), stringify = canonicalJson, former = {} }: {
    readonly lengths?: (value: Frozen<Value>) => Readonly<Record<string, number>>;
    readonly stringify?: (value: Frozen<Value>) => string;
    readonly former?: Readonly<Record<string, string>>;
  } = {},
): HeadField<Frozen<Value>> {
  const field = withConversion(textField(doc, z.string()), {
    encode: stringify,
    decode: (found, { source }) =>
      validateValue(replaceFormerKeys(parseJson(found, source), former), schema, source) as Frozen<
        Value
      >,
  });
  return {
    ...field,
    describe: (name) => [{ name, form: "JSON", doc }],
    lengths,
    keys: schema instanceof z.ZodObject ? Object.keys(schema.shape) : [],
  };
}

/**
 * Returns an object in which keys of older files are replaced by their present names. `former` maps present
 * names to older ones. A value that is not an object is returned unchanged.
 */
function replaceFormerKeys(value: unknown, former: Readonly<Record<string, string>>): unknown {
  const names = Object.entries(former);
  if (typeof value !== "object" || value === null || names.length === 0) return value;
  const presentOf = (key: string) => names.find(([, name]) => name === key)?.[0] ?? key;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [presentOf(key), each]));
}

/**
 * Returns a file field that is read under `formerName` if the file lacks its present name, as older files
 * do. It is written under its present name.
 */
export function withFormerName<Value>(formerName: string, field: Field<Value>): Field<Value> {
  return {
    ...field,
    read: (file, name) => field.read(file, field.isIn(file, name) ? name : formerName),
    isIn: (file, name) => field.isIn(file, name) || field.isIn(file, formerName),
  };
}

/**
 * Returns a file field like `field` that a file may lack. If it does, the object that {@linkcode
 * fieldGroup} decodes lacks the key of the field.
 */
export function optionalField<Value>(field: Field<Value>): OptionalField<Value> {
  return {
    ...field,
    describe: (name) =>
      field.describe(name).map((row) => ({ ...row, form: `${row.form}, optional` })),
    isOptional: true,
  };
}

/**
 * Returns a file field like `field` whose values are passed to `check` after decoding. `check` throws if a
 * value is invalid.
 */
export function withCheck<Value>(
  field: Field<Value>,
  check: (value: Value, file: OpenFile) => void,
): Field<Value> {
  return {
    ...field,
    read(file, name) {
      const value = field.read(file, name);
      check(value, file);
      return value;
    },
  };
}

/**
 * Returns a file field whose values are converted: `encode` maps a value to the form in which `field`
 * stores it, and `decode` maps it back.
 */
export function withConversion<Stored, Value>(
  field: Field<Stored>,
  { encode, decode }: {
    readonly encode: (value: Value, file: OpenFile) => NoInfer<Stored>;
    readonly decode: (stored: Stored, file: OpenFile) => Value;
  },
): Field<Value> {
  return {
    write: (file, name, value) => field.write(file, name, encode(value, file)),
    read: (file, name) => decode(field.read(file, name), file),
    isIn: field.isIn,
    describe: field.describe,
  };
}

/**
 * Returns a file field that holds an object. Each key is stored by the field of this key, under the name
 * "group.key". `head`, if there is one, stores further keys of the object together as one entry of the
 * metadata, under the name of the group.
 */
export function fieldGroup<Table extends Fields, Head = unknown>(
  fields: Table,
  head?: HeadField<Head>,
): Field<Values<Table> & Head> {
  const entries = Object.entries(fields);
  const path = (name: string, key: string) => name === "" ? key : `${name}.${key}`;
  return {
    write(file, name, value) {
      const inner = { ...file, lengths: new Map(file.lengths) };
      const values = new Map(Object.entries(value as object));
      if (head !== undefined) {
        const present = head.keys.filter((key) => values.get(key) !== undefined);
        const content = Object.fromEntries(present.map((key) => [key, values.get(key)])) as Head;
        head.write(inner, name, content);
        recordLengths(inner, { ...content, ...head.lengths?.(content) });
      }
      for (const [key, field] of entries) {
        const found = values.get(key);
        if (found === undefined) continue;
        field.write(inner, path(name, key), found);
        recordLengths(inner, { [key]: found, ...field.lengths?.(found) });
      }
    },
    read(file, name) {
      const inner = { ...file, lengths: new Map(file.lengths) };
      const content = head?.read(inner, name);
      if (content !== undefined) recordLengths(inner, { ...content, ...head?.lengths?.(content) });
      const found = entries.flatMap(([key, field]) => {
        if ("isOptional" in field && !field.isIn(inner, path(name, key))) return [];
        const value = field.read(inner, path(name, key));
        recordLengths(inner, { [key]: value, ...field.lengths?.(value) });
        return [[key, value]];
      });
      return { ...content, ...Object.fromEntries(found) };
    },
    isIn: (file, name) =>
      head?.isIn(file, name) ?? entries.some(([key, field]) => field.isIn(file, path(name, key))),
    describe: (name) => [
      ...head?.describe(name) ?? [],
      ...entries.flatMap(([key, field]) => field.describe(path(name, key))),
    ],
  };
}

const splitNames = z.array(z.enum(SPLITS));

/**
 * Returns a file field that holds a list with one object per split. Each object is stored under the prefix
 * and the name of its split. The metadata lists the splits; `doc` describes this list. Writing throws a
 * TypeError if two objects have the same split.
 */
export function fieldBySplit<Value extends object>(
  prefix: string,
  field: Field<Value>,
  doc: string,
): Field<readonly (Value & { readonly split: SplitName })[]> {
  const list = jsonField(splitNames, doc);
  return {
    write(file, name, values) {
      const splits = values.map(({ split }) => split);
      const twice = splits.find((split, index) => splits.indexOf(split) !== index);
      if (twice !== undefined) {
        throw new TypeError(
          `Cannot write ${name}: expected each split once: received "${twice}" again`,
        );
      }
      list.write(file, name, splits);
      for (const value of values) field.write(file, prefix + value.split, value);
    },
    read: (file, name) =>
      list.read(file, name).map((split) => ({ split, ...field.read(file, prefix + split) })),
    isIn: list.isIn,
    describe: (name) => [...list.describe(name), ...field.describe(`${prefix}<split>`)],
  };
}

/** Returns whether an axis stands for several axes, as "...name" does. */
function isAxisList(axis: Axis): boolean {
  return typeof axis === "string" && axis.startsWith("...");
}

/**
 * Replaces the names of axes in a shape by the lengths known so far. An axis of unknown length keeps its
 * name.
 */
function substituteLengths(shape: readonly Axis[], lengths: OpenFile["lengths"]): readonly Axis[] {
  return shape.flatMap((axis): Axis | readonly Axis[] => {
    const known = typeof axis === "number" ? axis : lengths.get(axis.replace("...", "")) ?? axis;
    return typeof known === "object" && !isAxisList(axis) ? known.length : known;
  });
}

/** Returns whether the shape of a tensor matches axes of which those with a name may have any length. */
function hasShape({ shape }: StoredTensor, axes: readonly Axis[]): boolean {
  return axes.every((axis, index) => typeof axis === "string" || axis === shape[index]) &&
    (axes.some(isAxisList) ? shape.length >= axes.length - 1 : shape.length === axes.length);
}

/** Records the lengths of a tensor's named axes in the table of axis lengths. */
function recordAxisLengths(
  lengths: OpenFile["lengths"],
  axes: readonly Axis[],
  shape: readonly number[],
): void {
  axes.forEach((axis, index) => {
    if (typeof axis === "number") return;
    if (isAxisList(axis)) lengths.set(axis.slice(3), shape.slice(index));
    else lengths.set(axis, shape[index]);
  });
}

/**
 * Records the numbers and lists of an object in the table of axis lengths, under their keys. A number is
 * the length of the axis `key`. A list gives its own length to the axis `key`, and its elements to the axes
 * `...key`.
 */
function recordLengths({ lengths }: OpenFile, values: object): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number" || Array.isArray(value)) lengths.set(name, value);
  }
}
