/**
 * Formats a resolved config for display. A report must never fail on an unknown config, so these functions
 * accept `unknown` and return text or nothing.
 *
 * @module
 */
import { formatNumber } from "../format/numbers.ts";
import { layers as registry } from "../nn/layers/mod.ts";

/** An object whose properties have not been checked. */
export type UnknownObject = Readonly<Record<string, unknown>>;

/** Returns a value if it is an object and no array, and an empty object otherwise. */
export function asObject(value: unknown): UnknownObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as UnknownObject
    : {};
}

/** Returns the options of a stage in a config's pipeline; an empty object if the config has no such stage. */
export function stageOptions(config: unknown, stage: string): UnknownObject {
  const { pipeline } = asObject(config);
  const stages = Array.isArray(pipeline) ? pipeline.map(asObject) : [];
  return stages.find((each) => each.stage === stage) ?? {};
}

/** Returns a value if it is a string and not empty, and undefined otherwise. */
export function nonEmptyText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Formats any value of a config for people: `{ name: "adam", beta1: 0.9 }` becomes "adam, beta1 0.9". */
export function formatValue(value: unknown): string {
  if (typeof value === "number") return formatNumber(value, 15);
  if (typeof value === "string") return /[\p{L}\p{N}]/u.test(value) ? value : JSON.stringify(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return joinTexts(value.map(formatValue));
  if (value === null || value === undefined) return "none";
  return Object.entries(asObject(value))
    .map(([key, each]) =>
      key === "name" ? formatValue(each) : `${keyToWords(key)} ${formatNested(each)}`
    )
    .join(", ");
}

/** Returns the entry of a layer in the table of layers; undefined if its name is not in the table. */
export function findLayerEntry(layer: unknown): ReturnType<typeof registry.get> | undefined {
  const { name } = asObject(layer);
  const known = registry.names.find((each) => each === name);
  return known && registry.get(known);
}

/**
 * Formats a layer of a config: "dense 128 (weight decay 0.1)". The name is followed by the value of the main
 * option, by the layers of a residual block, and by the other options in parentheses. Nested options, such as
 * an initializer, are omitted if they have their default values.
 */
export function formatLayer(layer: unknown): string {
  const { name, layers, regularization, ...options } = asObject(layer);
  const { main, options: schema } = findLayerEntry(layer) ?? {};
  const mainOption = Object.entries(options).filter(([key]) => key === main);
  const defaults = asObject(schema?.safeParse(Object.fromEntries(mainOption)).data);
  const isShown = ([key, value]: readonly [string, unknown]) =>
    key !== main &&
    (typeof value !== "object" || formatValue(value) !== formatValue(defaults[key]));
  const bare = mainOption.map(([, value]) => formatValue(value));
  const rest = Object.fromEntries(Object.entries(options).filter(isShown));
  const block = Array.isArray(layers) ? [`(${layers.map(formatLayer).join(" → ")})`] : [];
  const texts = [rest, regularization].map(formatValue).filter((text) =>
    text !== "" && text !== "none"
  );
  const more = texts.length === 0 ? [] : [`(${texts.join(", ")})`];
  return [formatValue(name), ...bare, ...block, ...more].join("\u00a0");
}

/** Splits a key in camel case into words: "batchSize" becomes "batch size". */
export function keyToWords(key: string): string {
  return key.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Joins texts with commas, or with semicolons if one of the texts contains a comma. */
function joinTexts(texts: readonly string[]): string {
  return texts.join(texts.some((text) => text.includes(", ")) ? "; " : ", ");
}

/** Formats a value within another value, in parentheses if it has several parts: "(adam, beta1 0.9)". */
function formatNested(value: unknown): string {
  const text = formatValue(value);
  return text.includes(", ") ? `(${text})` : text;
}
