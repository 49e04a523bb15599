/**
 * Tables of the fields of a safetensors file. One table encodes a value, decodes it and documents the
 * file:
 *
 *     const EMBEDDING = group({
 *       rows: tensor("U32", ["samples"], "row of each sample"),
 *       points: tensor("F32", ["samples", 2], "position of each sample"),
 *     }, json(z.strictObject({ layer: z.string() }), "name of the layer"));
 *
 *     const FILE = group({
 *       note: optional(text("remark on the data", z.string())),
 *       embedding: optional(EMBEDDING),
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
import { canonicalJson, parseJson, refuse, takeValue } from "../json.ts";
import {
  ARRAYS,
  decodeSafetensors,
  type ElementType,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
  type TensorArrays,
} from "./safetensors.ts";

/** The encoding, decoding and documentation of a field, or of a group of fields. */
export interface Field<Value> {
  /** Adds a value to a file under a name. */
  write(file: OpenFile, name: string, value: Value): void;
  /**
   * Returns the value under a name.
   *
   * @throws {SyntaxError} if it is missing, or has another type, shape or form
   */
  read(file: OpenFile, name: string): Value;
  /** Returns whether a file has a value under a name. */
  isIn(file: OpenFile, name: string): boolean;
  /** Returns the documentation of a value under a name. */
  describe(name: string): readonly FieldRow[];
  /** Returns the lengths of axes that follow from a value. */
  lengths?(value: Value): Readonly<Record<string, number>>;
}

interface OptionalField<Value> extends Field<Value> {
  readonly isOptional: true;
}

/** A row of the documentation of a file. */
export interface FieldRow {
  /** Name of the tensor or metadata entry. */
  readonly name: string;
  /** Element type and shape of a tensor; "text" or "JSON" in the metadata. */
  readonly form: string;
  /** Meaning of the content. */
  readonly doc: string;
}

/** A file that is being written or read. */
export interface OpenFile {
  /** Tensors by name. */
  readonly tensors: Map<string, StoredTensor>;
  /** Texts by name. */
  readonly metadata: Map<string, string>;
  /** Known lengths of axes by name: one length, or the lengths of several axes. */
  readonly lengths: Map<string, number | readonly number[]>;
  /** Name of the file in messages. */
  readonly what: string;
}

/** An axis of a tensor: its length or its name, or "...name" for several axes. */
type Axis = number | string;

type Fields = Readonly<Record<string, Field<unknown>>>;

type ValueOf<Table> = Table extends Field<infer Value> ? Value : never;

type OptionalKey<Table> = {
  [Key in keyof Table]: Table[Key] extends OptionalField<unknown> ? Key : never;
}[keyof Table];

type Values<Table> =
  & { readonly [Key in Exclude<keyof Table, OptionalKey<Table>>]: ValueOf<Table[Key]> }
  & { readonly [Key in OptionalKey<Table>]?: ValueOf<Table[Key]> };

/** Encodes a value as tensors and metadata. */
export function encodeFields<Value>(table: Field<Value>, value: Value): Safetensors {
  const file = { tensors: new Map(), metadata: new Map(), lengths: new Map(), what: "" };
  table.write(file, "", value);
  return { tensors: file.tensors, metadata: file.metadata };
}

/**
 * Decodes a value from tensors and metadata.
 *
 * @param what name of the file in messages
 * @throws {SyntaxError} if a field is missing or malformed
 */
export function decodeFields<Value>(
  table: Field<Value>,
  { tensors, metadata }: Safetensors,
  what: string,
): Value {
  const file = { tensors: new Map(tensors), metadata: new Map(metadata), lengths: new Map(), what };
  return table.read(file, "");
}

/** Encodes a value as a safetensors file. Equal values give equal bytes. */
export function encodeFile<Value>(table: Field<Value>, value: Value): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(encodeFields(table, value));
}

/**
 * Decodes a value from a safetensors file.
 *
 * @param what name of the file in messages
 * @throws {SyntaxError} if the bytes are not such a file, or a field is missing or malformed
 */
export function decodeFile<Value>(table: Field<Value>, bytes: Uint8Array, what: string): Value {
  return decodeFields(table, decodeSafetensors(bytes, what), what);
}

/** Returns the field of a tensor with its shape. Given several element types, any of them is valid. */
export function shapedTensor<Type extends ElementType>(
  type: Type | readonly Type[],
  shape: readonly Axis[],
  doc: string,
): Field<ShapedTensor<Type>> {
  const types = [type].flat() as readonly Type[];
  return {
    write({ tensors }, name, { shape, data }) {
      tensors.set(name, { shape, data });
    },
    read({ tensors, lengths, what }, name) {
      const found = tensors.get(name);
      const axes = resolve(shape, lengths);
      const fitting = types.find((each) => found?.data instanceof ARRAYS[each]);
      if (found === undefined || fitting === undefined || !hasShape(found, axes)) {
        const array = ARRAYS[fitting ?? types.at(-1) as Type].name;
        const expected = axes.map((axis) =>
          typeof axis === "number" || isList(axis) ? axis : "any"
        );
        const received = found && `${found.data.constructor.name} [${found.shape.join(", ")}]`;
        refuse(what, `tensor "${name}" of ${array} [${expected.join(", ")}]`, received ?? "none");
      }
      bind(lengths, axes, found.shape);
      return found as ShapedTensor<Type>;
    },
    isIn: ({ tensors }, name) => tensors.has(name),
    describe: (name) => [{ name, form: `${types.join(" or ")} [${shape.join(", ")}]`, doc }],
  };
}

interface ShapedTensor<Type extends ElementType> extends StoredTensor {
  readonly data: TensorArrays[Type];
}

/**
 * Returns the field of a tensor's elements. Its shape follows from their number and the known lengths of
 * axes, so at most one axis may be unknown.
 */
export function tensor<Type extends ElementType>(
  type: Type | readonly Type[],
  shape: readonly Axis[],
  doc: string,
): Field<TensorArrays[Type]> {
  return converted(shapedTensor(type, shape, doc), {
    encode(data, { lengths }) {
      const axes = resolve(shape, lengths);
      const known = sizeOf(axes.filter((axis) => typeof axis === "number"));
      const unknown = Math.floor(data.length / Math.max(1, known));
      const found = axes.map((axis) => typeof axis === "number" ? axis : unknown);
      bind(lengths, axes, found);
      return { shape: found, data };
    },
    decode: ({ data }) => data,
  });
}

/** Returns the field of a number in double precision. */
export function scalar(doc: string): Field<number> {
  return converted(tensor("F64", [], doc), {
    encode: (value) => Float64Array.of(value),
    decode: ([value = NaN]) => value,
  });
}

/**
 * Returns the field of all tensors whose names begin with a prefix, except those that `isOther` assigns
 * to other fields. The map has them by the rest of their names, sorted.
 */
export function tensorMap(
  prefix: string,
  shape: readonly Axis[],
  doc: string,
  isOther: (name: string) => boolean = () => false,
): Field<ReadonlyMap<string, ShapedTensor<"F32">>> {
  const one = shapedTensor("F32", shape, doc);
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

/** Returns the field of a text in the metadata that matches a schema. */
export function text<Value extends string = string>(
  doc: string,
  schema: z.ZodType<Value>,
): Field<Value> {
  return {
    write({ metadata }, name, value) {
      metadata.set(name, value);
    },
    read({ metadata, what }, name) {
      const found = metadata.get(name);
      if (found !== undefined) return takeValue(found, schema, what);
      return refuse(what, `metadata "${name}"`, "none");
    },
    isIn: ({ metadata }, name) => metadata.has(name),
    describe: (name) => [{ name, form: "text", doc }],
  };
}

/** A field in the metadata that can be the head of a {@linkcode group}. */
export interface HeadField<Value> extends Field<Value> {
  /** Keys of the value; none if it is not an object. */
  readonly keys: readonly string[];
}

type Frozen<Value> = unknown extends Value ? Value
  : { readonly [Key in keyof Value]: Frozen<Value[Key]> };

/**
 * Returns the field of a JSON value in the metadata that matches a schema. `lengths` derives lengths of
 * axes from the value. Older files may have its keys by their `former` names.
 */
export function json<Value>(
  schema: z.ZodType<Value>,
  doc: string,
  { lengths = () => ({}), stringify = canonicalJson, former = {} }: {
    readonly lengths?: (value: Frozen<Value>) => Readonly<Record<string, number>>;
    readonly stringify?: (value: Frozen<Value>) => string;
    readonly former?: Readonly<Record<string, string>>;
  } = {},
): HeadField<Frozen<Value>> {
  const field = converted(text(doc, z.string()), {
    encode: stringify,
    decode: (found, { what }) =>
      takeValue(renamed(parseJson(found, what), former), schema, what) as Frozen<Value>,
  });
  return {
    ...field,
    describe: (name) => [{ name, form: "JSON", doc }],
    lengths,
    keys: schema instanceof z.ZodObject ? Object.keys(schema.shape) : [],
  };
}

function renamed(value: unknown, former: Readonly<Record<string, string>>): unknown {
  const names = Object.entries(former);
  if (typeof value !== "object" || value === null || names.length === 0) return value;
  const presentOf = (key: string) => names.find(([, name]) => name === key)?.[0] ?? key;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [presentOf(key), each]));
}

/** Returns a field that older files have under a former name. */
export function formerly<Value>(former: string, field: Field<Value>): Field<Value> {
  return {
    ...field,
    read: (file, name) => field.read(file, field.isIn(file, name) ? name : former),
    isIn: (file, name) => field.isIn(file, name) || field.isIn(file, former),
  };
}

/** Returns a field that may be absent. */
export function optional<Value>(field: Field<Value>): OptionalField<Value> {
  return {
    ...field,
    describe: (name) =>
      field.describe(name).map((row) => ({ ...row, form: `${row.form}, optional` })),
    isOptional: true,
  };
}

/** Returns a field whose values are checked after decoding. `check` throws for an invalid value. */
export function checked<Value>(
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

/** Returns a field stored in the form of another field. */
export function converted<Stored, Value>(
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
 * Returns the field of an object. Its fields have names "name.key"; the `head`, if there is one, stores
 * further keys of the object together under the name of the group.
 */
export function group<Table extends Fields, Head = unknown>(
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
        addLengths(inner, { ...content, ...head.lengths?.(content) });
      }
      for (const [key, field] of entries) {
        const found = values.get(key);
        if (found === undefined) continue;
        field.write(inner, path(name, key), found);
        addLengths(inner, { [key]: found, ...field.lengths?.(found) });
      }
    },
    read(file, name) {
      const inner = { ...file, lengths: new Map(file.lengths) };
      const content = head?.read(inner, name);
      if (content !== undefined) addLengths(inner, { ...content, ...head?.lengths?.(content) });
      const found = entries.flatMap(([key, field]) => {
        if ("isOptional" in field && !field.isIn(inner, path(name, key))) return [];
        const value = field.read(inner, path(name, key));
        addLengths(inner, { [key]: value, ...field.lengths?.(value) });
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
 * Returns the field of a list with one group per split, whose names are the prefix and the split. The
 * metadata lists the splits.
 */
export function bySplit<Value extends object>(
  prefix: string,
  field: Field<Value>,
  doc: string,
): Field<readonly (Value & { readonly split: SplitName })[]> {
  const list = json(splitNames, doc);
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

function isList(axis: Axis): boolean {
  return typeof axis === "string" && axis.startsWith("...");
}

/** Replaces names of axes by their known lengths. */
function resolve(shape: readonly Axis[], lengths: OpenFile["lengths"]): readonly Axis[] {
  return shape.flatMap((axis): Axis | readonly Axis[] => {
    const known = typeof axis === "number" ? axis : lengths.get(axis.replace("...", "")) ?? axis;
    return typeof known === "object" && !isList(axis) ? known.length : known;
  });
}

function hasShape({ shape }: StoredTensor, axes: readonly Axis[]): boolean {
  return axes.every((axis, index) => typeof axis === "string" || axis === shape[index]) &&
    (axes.some(isList) ? shape.length >= axes.length - 1 : shape.length === axes.length);
}

/** Stores the lengths of a tensor's axes under their names. */
function bind(lengths: OpenFile["lengths"], axes: readonly Axis[], shape: readonly number[]): void {
  axes.forEach((axis, index) => {
    if (typeof axis === "number") return;
    if (isList(axis)) lengths.set(axis.slice(3), shape.slice(index));
    else lengths.set(axis, shape[index]);
  });
}

/** Stores the numbers of an object as lengths of the axes that are named like its keys, and its lists as shapes. */
function addLengths({ lengths }: OpenFile, values: object): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number" || Array.isArray(value)) lengths.set(name, value);
  }
}
