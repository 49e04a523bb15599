/**
 * Locates the first difference between two versions of a file, in the terms of its format: the epoch of
 * metrics, the tensor and element of a model, the key of a config.
 *
 * @module
 */
import {
  decodeSafetensors,
  type Safetensors,
  type TensorData,
} from "../../run/codec/safetensors.ts";

/**
 * Describes the first difference between two versions of a file.
 *
 * @param path path of the file, whose extension determines the format
 */
export function beginningOf(path: string, expected: Uint8Array, found: Uint8Array): string {
  try {
    const difference = path.endsWith(".safetensors")
      ? inTensors(decodeSafetensors(expected, path), decodeSafetensors(found, path))
      : path.endsWith(".jsonl")
      ? inLines(textOf(expected), textOf(found), path === "metrics.jsonl" ? "epoch" : "line")
      : path.endsWith(".json")
      ? inValue("", JSON.parse(textOf(expected)), JSON.parse(textOf(found)))
      : undefined;
    return difference ?? inBytes(expected, found);
  } catch (error) {
    if (error instanceof SyntaxError) return `${inBytes(expected, found)}: one of them is damaged`;
    throw error;
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Describes the first differing tensor, in the order of the file, and its first differing element. */
function inTensors(expected: Safetensors, found: Safetensors): string | undefined {
  for (const [name, { shape, data }] of expected.tensors) {
    const other = found.tensors.get(name);
    const what = `tensor "${name}" [${shape.join(", ")}]`;
    if (other === undefined) return `${what}: found none`;
    if (`${other.shape}` !== `${shape}` || other.data.constructor !== data.constructor) {
      return `${what}: found one of shape [${other.shape.join(", ")}]`;
    }
    const places = differingPlaces(data, other.data);
    if (places.length === 0) continue;
    const [first] = places;
    const element = shape.length === 0 ? "" : `element [${indices(first, shape).join(", ")}]: `;
    return `${what}: ${element}expected ${numberText(data[first])}, ` +
      `found ${
        numberText(other.data[first])
      }: differing elements: ${places.length} of ${data.length}`;
  }
  const more = [...found.tensors.keys()].find((name) => !expected.tensors.has(name));
  if (more !== undefined) return `tensor "${more}": expected none`;
  return inMetadata(expected.metadata, found.metadata);
}

/** Returns the indices of differing elements: zeros with different signs differ, NaN equals NaN. */
function differingPlaces(
  expected: TensorData,
  found: TensorData,
): readonly number[] {
  const places: number[] = [];
  for (let place = 0; place < expected.length; place++) {
    if (!Object.is(expected[place], found[place])) places.push(place);
  }
  return places;
}

function numberText(value: number | bigint): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Returns the indices of an element of a row-major array. */
function indices(place: number, shape: readonly number[]): readonly number[] {
  const found: number[] = [];
  for (const length of shape.toReversed()) {
    found.unshift(place % length);
    place = Math.floor(place / length);
  }
  return found;
}

function inMetadata(
  expected: Safetensors["metadata"],
  found: Safetensors["metadata"],
): string | undefined {
  const [before, now] = [Object.fromEntries(expected), Object.fromEntries(found)];
  const place = inValue("", before, now);
  return place && `metadata ${place}`;
}

/** Describes the first differing line, and the key in it. */
function inLines(expected: string, found: string, unit: string): string | undefined {
  const [before, now] = [expected.split("\n"), found.split("\n")];
  const line = before.findIndex((text, index) => text !== now[index]);
  if (line < 0) return undefined;
  const [was, is] = [before[line], now[line]].map((text) =>
    text === undefined || text === "" ? undefined : JSON.parse(text)
  );
  if (was === undefined) return `${unit} ${line + 1}: expected none`;
  if (is === undefined) return `${unit} ${line + 1}: found none`;
  return `${unit} ${line + 1}: ${inValue("", was, is) ?? "other text"}`;
}

/** Describes the first differing JSON value, in the order of the expected keys. */
function inValue(path: string, expected: unknown, found: unknown): string | undefined {
  if (isContainer(expected) && isContainer(found)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
    for (const key of keys) {
      const step = Array.isArray(expected)
        ? `${path}[${key}]`
        : path === ""
        ? key
        : `${path}.${key}`;
      const place = inValue(step, Reflect.get(expected, key), Reflect.get(found, key));
      if (place !== undefined) return place;
    }
    return undefined;
  }
  return Object.is(expected, found)
    ? undefined
    : `${path}: expected ${shown(expected)}, found ${shown(found)}`;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Longest value [characters] that is shown whole. */
const MOST_LETTERS = 60;

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
}

function inBytes(expected: Uint8Array, found: Uint8Array): string {
  const place = expected.findIndex((byte, index) => byte !== found[index]);
  const at = place < 0 ? Math.min(expected.length, found.length) : place;
  return `from byte ${at} of ${expected.length}`;
}
