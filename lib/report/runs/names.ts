import type { Setting } from "../../config/grid.ts";
import { describe, describeLayer, layerEntry, members } from "../config.ts";

/**
 * Short names of some paths: the last step, or as many as tell it from the others. A `name` is called
 * after the thing that it names: "train.optimizer.name" is "optimizer".
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

/** A path below its stage, for where there is room: "train.learningRate.from" is "learningRate.from". */
export function nameBelowStage(key: string): string {
  return withoutName(key).replace(/^[^.]+\.(?=.)/, "");
}

/** Returns the keys that have several values among some runs; all keys if none has. */
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

/** What distinguishes a run by its values of the keys, in a line: "optimizer adam, seed 1". */
export function settingsLine(settings: readonly Setting[], keys: readonly string[]): string {
  const names = shortNames(keys);
  return settings.filter(({ key }) => keys.includes(key))
    .map(({ key, value }) => `${names[keys.indexOf(key)]} ${valueText(value)}`)
    .join(", ");
}

/** A value with the name of its option, if it does not tell by itself what it is: "batchSize 64", "relu". */
export function namedValue({ key, value }: Setting): string {
  const tells = typeof value === "string" || typeof value === "object" && value !== null &&
      valueText(value) !== NOTHING;
  return tells ? valueText(value) : `${nameBelowStage(key)} ${valueText(value)}`;
}

const NOTHING = "none";

/**
 * Any value of an option in words, a network by its sizes: "128-10 relu". Things that are done one after
 * the other are added up, and nothing at all is "none".
 */
export function valueText(value: unknown): string {
  if (typeof value !== "object" || value === null) return describe(value);
  if (Object.keys(value).length === 0) return NOTHING;
  if (!isListOfNamed(value)) return describe(value);
  if (value.every((each) => sizeOf(each) === undefined)) return value.map(describe).join(" + ");
  return networkText(value) ?? value.map(describeLayer).join(" → ");
}

/**
 * The units of each dense layer and what stands between any two of them: "128-64-10 relu". Undefined if
 * it is not the same between all, or if a dense layer has more than units.
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

/** The units of all layers that have some, those of blocks too: "128-64-10". */
export function networkWidths(layers: unknown): string {
  const widths = (each: unknown): readonly string[] => {
    if (!Array.isArray(each)) return [];
    return each.map(members).flatMap(({ units, layers }) =>
      units === undefined ? widths(layers) : [describe(units)]
    );
  };
  return widths(layers).join("-");
}

/** The size of a layer that labels call by its size alone. */
function sizeOf(layer: unknown): string | undefined {
  const { nameless = false, main = "" } = layerEntry(layer) ?? {};
  const size = members(layer)[main];
  return nameless && typeof size === "number" ? describe(size) : undefined;
}

function withoutName(key: string): string {
  return key.replace(/(?<=.)\.name$/, "");
}
