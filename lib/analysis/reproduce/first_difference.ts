/**
 * Locates the first difference between two versions of a file by its format: as an epoch of metrics, an element of a
 * tensor, or a key of a config.
 *
 * @module
 */
import {
  decodeSafetensors,
  type Safetensors,
  type TensorData,
} from "../../run/codec/safetensors.ts";

/**
 * Describes the first difference between two versions of a file in terms of the file's format.
 *
 * @param path path of the file in the run's folder, which determines the format
 * @param expected content of one version
 * @param found content of the other version, which differs
 */
export function describeFirstDifference(
  path: string,
  expected: Uint8Array,
  found: Uint8Array,
): string {
  try {
    const difference = path.endsWith(".safetensors")
      ? firstTensorDifference(decodeSafetensors(expected, path), decodeSafetensors(found, path))
      : path.endsWith(".jsonl")
      ? firstLineDifference(
        decodeText(expected),
        decodeText(found),
        path === "metrics.jsonl" ? "epoch" : "line",
      )
      : path.endsWith(".json")
      ? firstValueDifference("", JSON.parse(decodeText(expected)), JSON.parse(decodeText(found)))
      : undefined;
    return difference ?? firstByteDifference(expected, found);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return `${firstByteDifference(expected, found)}: one of them is damaged`;
    }
    throw error;
  }
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/**
 * Describes the first tensor that differs, in the order of the expected file, and its first differing element.
 * If all tensors are equal, describes the first difference in the metadata. Returns undefined if there is none.
 */
function firstTensorDifference(expected: Safetensors, found: Safetensors): string | undefined {
  for (const [name, { shape, data }] of expected.tensors) {
    const other = found.tensors.get(name);
    const what = `tensor "${name}" [${shape.join(", ")}]`;
    if (other === undefined) return `${what}: found none`;
    if (`${other.shape}` !== `${shape}` || other.data.constructor !== data.constructor) {
      return `${what}: found one of shape [${other.shape.join(", ")}]`;
    }
    const places = differingIndices(data, other.data);
    if (places.length === 0) continue;
    const [first] = places;
    const element = shape.length === 0
      ? ""
      : `element [${elementIndices(first, shape).join(", ")}]: `;
    return `${what}: ${element}expected ${formatNumberExactly(data[first])}, ` +
      `found ${
        formatNumberExactly(other.data[first])
      }: differing elements: ${places.length} of ${data.length}`;
  }
  const more = [...found.tensors.keys()].find((name) => !expected.tensors.has(name));
  if (more !== undefined) return `tensor "${more}": expected none`;
  return firstMetadataDifference(expected.metadata, found.metadata);
}

/**
 * Returns the indices, in row-major order, of the elements that differ. Zeros with different signs count as
 * different, and two NaNs as equal.
 */
function differingIndices(
  expected: TensorData,
  found: TensorData,
): readonly number[] {
  const indices: number[] = [];
  for (let index = 0; index < expected.length; index++) {
    if (!Object.is(expected[index], found[index])) indices.push(index);
  }
  return indices;
}

function formatNumberExactly(value: number | bigint): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Returns the index along each axis of the element at a position in row-major order. */
function elementIndices(position: number, shape: readonly number[]): readonly number[] {
  const found: number[] = [];
  for (const length of shape.toReversed()) {
    found.unshift(position % length);
    position = Math.floor(position / length);
  }
  return found;
}

/** Describes the first entry of metadata that differs; returns undefined if all are equal. */
function firstMetadataDifference(
  expected: Safetensors["metadata"],
  found: Safetensors["metadata"],
): string | undefined {
  const [before, now] = [Object.fromEntries(expected), Object.fromEntries(found)];
  const place = firstValueDifference("", before, now);
  return place && `metadata ${place}`;
}

/**
 * Describes the first line that differs, and where the JSON values of its two versions differ. Returns
 * undefined if no line differs.
 *
 * @param unit noun for a line in the description, such as "epoch"
 * @throws {SyntaxError} if the differing line of either text is not JSON
 */
function firstLineDifference(expected: string, found: string, unit: string): string | undefined {
  const [before, now] = [expected.split("\n"), found.split("\n")];
  const line = before.findIndex((text, index) => text !== now[index]);
  if (line < 0) return undefined;
  const [was, is] = [before[line], now[line]].map((text) =>
    text === undefined || text === "" ? undefined : JSON.parse(text)
  );
  if (was === undefined) return `${unit} ${line + 1}: expected none`;
  if (is === undefined) return `${unit} ${line + 1}: found none`;
  return `${unit} ${line + 1}: ${firstValueDifference("", was, is) ?? "other text"}`;
}

/**
 * Describes the first difference of two JSON values, in the order of the expected keys; returns undefined if
 * they are equal.
 *
 * @param path path of the values within the whole JSON value, such as "train.layers[0]"; "" for the whole
 */
function firstValueDifference(path: string, expected: unknown, found: unknown): string | undefined {
  if (isContainer(expected) && isContainer(found)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
    for (const key of keys) {
      const step = Array.isArray(expected)
        ? `${path}[${key}]`
        : path === ""
        ? key
        : `${path}.${key}`;
      const place = firstValueDifference(step, Reflect.get(expected, key), Reflect.get(found, key));
      if (place !== undefined) return place;
    }
    return undefined;
  }
  return Object.is(expected, found)
    ? undefined
    : `${path}: expected ${formatShortened(expected)}, found ${formatShortened(found)}`;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Largest number of characters of a value's JSON in a description; longer JSON is cut. */
const MOST_LETTERS = 60;

function formatShortened(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
}

/**
 * Describes the index of the first byte that differs. If one version begins with the other, it is the length of
 * the shorter version.
 */
function firstByteDifference(expected: Uint8Array, found: Uint8Array): string {
  const place = expected.findIndex((byte, index) => byte !== found[index]);
  const at = place < 0 ? Math.min(expected.length, found.length) : place;
  return `from byte ${at} of ${expected.length}`;
}
