/**
 * Reads a resolved config for display. A report must never fail on a config it does not know, so
 * everything here takes `unknown` and gives text, or nothing.
 *
 * @module
 */
import { formatNumber } from "../format/numbers.ts";
import { layers as registry } from "../nn/layers/mod.ts";

export type Members = Readonly<Record<string, unknown>>;

/** The value if it is an object with named members, else an empty one. */
export function members(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Members
    : {};
}

/** The options of a stage of the pipeline; an empty object if the config has no such stage. */
export function stageOptions(config: unknown, stage: string): Members {
  const { pipeline } = members(config);
  const stages = Array.isArray(pipeline) ? pipeline.map(members) : [];
  return stages.find((each) => each.stage === stage) ?? {};
}

/** A text of the config; undefined if it is none or empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Any value in words: `{ name: "adam", beta1: 0.9 }` is "adam, beta1 0.9". */
export function describe(value: unknown): string {
  if (typeof value === "number") return formatNumber(value, 15);
  if (typeof value === "string") return /[\p{L}\p{N}]/u.test(value) ? value : JSON.stringify(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return list(value.map(describe));
  if (value === null || value === undefined) return "none";
  return Object.entries(members(value))
    .map(([key, each]) => key === "name" ? describe(each) : `${words(key)} ${nested(each)}`)
    .join(", ");
}

export function layerEntry(layer: unknown): ReturnType<typeof registry.get> | undefined {
  const { name } = members(layer);
  const known = registry.names.find((each) => each === name);
  return known && registry.get(known);
}

/**
 * A layer in a few words: its name and its main option, the layers of a block, and in parentheses
 * whatever else is said of it: "dense 128 (weight decay 0.1)". What the layer is made with, such as an
 * initializer, goes without saying where it is the default.
 */
export function describeLayer(layer: unknown): string {
  const { name, layers, regularization, ...options } = members(layer);
  const { main, options: schema } = layerEntry(layer) ?? {};
  const mainOption = Object.entries(options).filter(([key]) => key === main);
  const defaults = members(schema?.safeParse(Object.fromEntries(mainOption)).data);
  const isShown = ([key, value]: readonly [string, unknown]) =>
    key !== main && (typeof value !== "object" || describe(value) !== describe(defaults[key]));
  const bare = mainOption.map(([, value]) => describe(value));
  const rest = Object.fromEntries(Object.entries(options).filter(isShown));
  const block = Array.isArray(layers) ? [`(${layers.map(describeLayer).join(" → ")})`] : [];
  const texts = [rest, regularization].map(describe).filter((text) =>
    text !== "" && text !== "none"
  );
  const more = texts.length === 0 ? [] : [`(${texts.join(", ")})`];
  return [describe(name), ...bare, ...block, ...more].join("\u00a0");
}

/** A key as words: "batchSize" is "batch size". */
export function words(key: string): string {
  return key.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Members of a list, told apart from each other where they are lists themselves. */
function list(texts: readonly string[]): string {
  return texts.join(texts.some((text) => text.includes(", ")) ? "; " : ", ");
}

function nested(value: unknown): string {
  const text = describe(value);
  return text.includes(", ") ? `(${text})` : text;
}
