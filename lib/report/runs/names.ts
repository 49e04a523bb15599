import type { Setting } from "../../config/grid.ts";
import { asObject, findLayerEntry, formatLayer, formatValue } from "../config.ts";

/**
 * Returns a short name for each option path, in the same order: the fewest last keys of the path that
 * distinguish it from all other paths. A final key `name` is dropped, so "train.optimizer.name" becomes
 * "optimizer".
 */
export function shortNames(keys: readonly string[]): readonly string[] {
  const steps = keys.map((key) => removeFinalName(key).split("."));
  return steps.map((path) => {
    const tail = (count: number, of: readonly string[]) => of.slice(-count).join(".");
    const isAlone = (count: number) =>
      steps.filter((other) => tail(count, other) === tail(count, path)).length === 1;
    const counts = path.map((_, index) => index + 1);
    return tail(counts.find(isAlone) ?? path.length, path);
  });
}

/**
 * Removes the stage from an option path, and a final `name`: "train.learningRate.from" becomes
 * "learningRate.from".
 */
export function pathBelowStage(key: string): string {
  return removeFinalName(key).replace(/^[^.]+\.(?=.)/, "");
}

/** Returns the option paths whose values differ between the runs; all paths if no values differ. */
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

/** Formats the values of some options of a run: "optimizer adam, seed 1". */
export function formatSettings(settings: readonly Setting[], keys: readonly string[]): string {
  const names = shortNames(keys);
  return settings.filter(({ key }) => keys.includes(key))
    .map(({ key, value }) => `${names[keys.indexOf(key)]} ${formatSettingValue(value)}`)
    .join(", ");
}

/**
 * Formats a setting. The name of its option is included, "batchSize 64", unless the value is a text or a
 * named part, "relu".
 */
export function formatSetting({ key, value }: Setting): string {
  const isClear = typeof value === "string" || typeof value === "object" && value !== null &&
      formatSettingValue(value) !== NOTHING;
  return isClear
    ? formatSettingValue(value)
    : `${pathBelowStage(key)} ${formatSettingValue(value)}`;
}

/** Text of an object without entries. */
const NOTHING = "none";

/**
 * Formats any value of an option. Layers become their sizes, "128-10 relu"; the items of other lists of named
 * parts are joined with "+"; an empty object or list is "none".
 */
export function formatSettingValue(value: unknown): string {
  if (typeof value !== "object" || value === null) return formatValue(value);
  if (Object.keys(value).length === 0) return NOTHING;
  if (!isListOfNamed(value)) return formatValue(value);
  if (value.every((each) => formatDenseUnits(each) === undefined)) {
    return value.map(formatValue).join(" + ");
  }
  return formatDenseNetwork(value) ?? value.map(formatLayer).join(" → ");
}

/**
 * Formats a network of dense layers with the same layers between any two of them: "128-64-10 relu". Returns
 * undefined for other networks, and if a dense layer has an option besides its number of units.
 */
function formatDenseNetwork(layers: readonly unknown[]): string | undefined {
  const places = layers.flatMap((layer, index) =>
    formatDenseUnits(layer) === undefined ? [] : [index]
  );
  if (places[0] !== 0 || places.at(-1) !== layers.length - 1) return undefined;
  const dense = places.map((place) => layers[place]);
  if (dense.some((layer) => Object.keys(asObject(layer)).length !== 2)) return undefined;
  const between = places.slice(1).map((place, index) =>
    layers.slice(places[index] + 1, place).map(formatLayer).join(" ")
  );
  if (new Set(between).size > 1) return undefined;
  const sizes = dense.map(formatDenseUnits).join("-");
  return [sizes, ...new Set(between)].filter((text) => text !== "").join(" ");
}

/** Returns whether a value is a list of objects with a name, such as layers or augmentations. */
function isListOfNamed(value: object): value is readonly unknown[] {
  return Array.isArray(value) && value.every((each) => typeof asObject(each).name === "string");
}

/**
 * Formats the numbers of units of all layers with units, including layers in residual blocks: "128-64-10".
 */
export function formatNetworkWidths(layers: unknown): string {
  const widths = (each: unknown): readonly string[] => {
    if (!Array.isArray(each)) return [];
    return each.map(asObject).flatMap(({ units, layers }) =>
      units === undefined ? widths(layers) : [formatValue(units)]
    );
  };
  return widths(layers).join("-");
}

/**
 * Formats the number of units of a dense layer: "128". Returns undefined for other layers, which texts state
 * by name.
 */
function formatDenseUnits(layer: unknown): string | undefined {
  const { nameless = false, main = "" } = findLayerEntry(layer) ?? {};
  const size = asObject(layer)[main];
  return nameless && typeof size === "number" ? formatValue(size) : undefined;
}

/** Removes a final key `name` from an option path. */
function removeFinalName(key: string): string {
  return key.replace(/(?<=.)\.name$/, "");
}
