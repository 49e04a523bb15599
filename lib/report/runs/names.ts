import type { Setting } from "../../config/grid.ts";
import { describe, describeLayer, layerEntry, members } from "../config.ts";

/**
 * Returns short names of option paths: the last step, or as many steps as distinguish it from the others. A
 * final `name` is dropped: "train.optimizer.name" is "optimizer".
 */
export function shortNames(keys: readonly string[]): readonly string[] {
  const steps = keys.map((key) => withoutName(key).split("."));
  return steps.map((path) => {
    const tail = (count: number, of: readonly string[]) => of.slice(-count).join(".");
    const isAlone = (count: number) =>
      steps.filter((other) => tail(count, other) === tail(count, path)).length === 1;
    const counts = path.map((_, index) => index + 1);
    return tail(counts.find(isAlone) ?? path.length, path);
  });
}

/** Returns a path below its stage: "train.learningRate.from" is "learningRate.from". */
export function nameBelowStage(key: string): string {
  return withoutName(key).replace(/^[^.]+\.(?=.)/, "");
}

/** Returns the keys whose values differ among the runs; all keys if none differ. */
export function varyingKeys(
  keys: readonly string[],
  runs: readonly { readonly settings: readonly Setting[] }[],
): readonly string[] {
  const valueOf = (settings: readonly Setting[], key: string) =>
    JSON.stringify(settings.find((setting) => setting.key === key)?.value);
  const varying = keys.filter((key) =>
    new Set(runs.map(({ settings }) => valueOf(settings, key))).size > 1
  );
  return varying.length === 0 ? keys : varying;
}

/** Formats a run's values of the keys: "optimizer adam, seed 1". */
export function settingsLine(settings: readonly Setting[], keys: readonly string[]): string {
  const names = shortNames(keys);
  return settings.filter(({ key }) => keys.includes(key))
    .map(({ key, value }) => `${names[keys.indexOf(key)]} ${valueText(value)}`)
    .join(", ");
}

/** Formats a value, with the name of its option unless the value is clear by itself: "batchSize 64", "relu". */
export function namedValue({ key, value }: Setting): string {
  const isClear = typeof value === "string" || typeof value === "object" && value !== null &&
      valueText(value) !== NOTHING;
  return isClear ? valueText(value) : `${nameBelowStage(key)} ${valueText(value)}`;
}

const NOTHING = "none";

/**
 * Formats any value of an option, a network by its sizes: "128-10 relu". Items of a sequence are joined with
 * "+", and an empty value is "none".
 */
export function valueText(value: unknown): string {
  if (typeof value !== "object" || value === null) return describe(value);
  if (Object.keys(value).length === 0) return NOTHING;
  if (!isListOfNamed(value)) return describe(value);
  if (value.every((each) => sizeOf(each) === undefined)) return value.map(describe).join(" + ");
  return networkText(value) ?? value.map(describeLayer).join(" → ");
}

/**
 * Formats the units of the dense layers and the layers between them: "128-64-10 relu". Undefined if the
 * layers between them differ, or a dense layer has further options.
 */
function networkText(layers: readonly unknown[]): string | undefined {
  const places = layers.flatMap((layer, index) => sizeOf(layer) === undefined ? [] : [index]);
  if (places[0] !== 0 || places.at(-1) !== layers.length - 1) return undefined;
  const dense = places.map((place) => layers[place]);
  if (dense.some((layer) => Object.keys(members(layer)).length !== 2)) return undefined;
  const between = places.slice(1).map((place, index) =>
    layers.slice(places[index] + 1, place).map(describeLayer).join(" ")
  );
  if (new Set(between).size > 1) return undefined;
  const sizes = dense.map(sizeOf).join("-");
  return [sizes, ...new Set(between)].filter((text) => text !== "").join(" ");
}

function isListOfNamed(value: object): value is readonly unknown[] {
  return Array.isArray(value) && value.every((each) => typeof members(each).name === "string");
}

/** Formats the units of all layers with units, including those in blocks: "128-64-10". */
export function networkWidths(layers: unknown): string {
  const widths = (each: unknown): readonly string[] => {
    if (!Array.isArray(each)) return [];
    return each.map(members).flatMap(({ units, layers }) =>
      units === undefined ? widths(layers) : [describe(units)]
    );
  };
  return widths(layers).join("-");
}

/** Returns the size of a layer that labels name by its size alone; undefined for others. */
function sizeOf(layer: unknown): string | undefined {
  const { nameless = false, main = "" } = layerEntry(layer) ?? {};
  const size = members(layer)[main];
  return nameless && typeof size === "number" ? describe(size) : undefined;
}

function withoutName(key: string): string {
  return key.replace(/(?<=.)\.name$/, "");
}
