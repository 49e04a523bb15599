/**
 * Taking content out of a safetensors file by name, with the type and shape that are expected.
 *
 * @module
 */
import type { Safetensors, StoredTensor, TensorData } from "./safetensors.ts";

/** A tensor that must be there. */
export interface Wanted<Data extends TensorData> {
  /** The tensor's name. */
  readonly name: string;
  /** Class of its elements. */
  readonly type: { new (length: number): Data; readonly name: string };
  /** Its shape; undefined for an axis of any length. Without a shape any will do. */
  readonly shape?: readonly (number | undefined)[];
}

/** A stored tensor whose elements are of a known class. */
export interface Taken<Data extends TensorData> extends StoredTensor {
  /** The elements, row-major. */
  readonly data: Data;
}

/**
 * The tensor of a name.
 *
 * @param what the file, for messages
 * @throws {SyntaxError} if there is none, or of another type or shape
 */
export function takeTensor<Data extends TensorData>(
  { tensors }: Safetensors,
  { name, type, shape }: Wanted<Data>,
  what: string,
): Taken<Data> {
  const found = tensors.get(name);
  const expected = `${type.name}${
    shape === undefined ? "" : ` [${shape.map((n) => n ?? "any").join(", ")}]`
  }`;
  const fits = found !== undefined && found.data instanceof type &&
    (shape === undefined || found.shape.length === shape.length &&
        shape.every((length, axis) => length === undefined || length === found.shape[axis]));
  if (fits) return found as Taken<Data>;
  const received = found && `${found.data.constructor.name} [${found.shape.join(", ")}]`;
  throw new SyntaxError(
    `Cannot read ${what}: expected tensor "${name}" of ${expected}: received ${received ?? "none"}`,
  );
}

/**
 * The text of a name in the metadata.
 *
 * @param what the file, for messages
 * @throws {SyntaxError} if there is none
 */
export function takeText({ metadata }: Safetensors, name: string, what: string): string {
  const text = metadata.get(name);
  if (text !== undefined) return text;
  throw new SyntaxError(`Cannot read ${what}: expected metadata "${name}": received none`);
}

/**
 * A value that was parsed, if it has the expected form.
 *
 * @param schema a schema of zod
 * @param what the file, for messages
 * @throws {SyntaxError} if it has another form
 */
export function takeValue<Value>(
  value: unknown,
  schema: {
    safeParse(value: unknown): {
      readonly data?: Value | undefined;
      readonly error?: {
        readonly issues: readonly {
          readonly path: readonly PropertyKey[];
          readonly message: string;
        }[];
      } | undefined;
    };
  },
  what: string,
): Value {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data as Value;
  const [issue] = error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  throw new SyntaxError(
    `Cannot read ${what}: expected another value${
      path === "" ? "" : ` at "${path}"`
    }: ${issue?.message}`,
  );
}
