import { column, type Figure, label, row } from "deno-plot-svg";
import { withoutPaths } from "../../data/datasets/identity.ts";
import { formatCount, formatNumber } from "../../format/numbers.ts";
import { overview } from "../../observe/overview.ts";
import { withoutCheckpointOptions } from "../../run/identity.ts";
import type { RunRecord } from "../../run/record.ts";
import { describe, describeLayer, type Members, members, stageOptions, words } from "../config.ts";
import { type Definition, definitions } from "../definitions.ts";
import { COLUMN, GUTTER } from "../grid.ts";
import { observed } from "../observed.ts";
import type { Panel } from "../panel.ts";
import { defined } from "../../config/defined.ts";

export function settings(record: RunRecord): Panel {
  const groups = [
    { name: "Data", items: dataSettings(record) },
    { name: "Network", items: networkSettings(record) },
    { name: "Training", items: trainingSettings(record) },
  ];
  return {
    title: "Settings",
    ...defined({ caption: record.members && "Settings shared by all members." }),
    span: 3,
    draw: () => row(groups.map(drawGroup), { gap: GUTTER }),
  };
}

function drawGroup(
  { name, items }: { readonly name: string; readonly items: readonly Definition[] },
): Figure {
  const heading = label(name, { bold: true });
  return { ...column([heading, definitions(items, COLUMN)], { gap: 4 }), width: COLUMN };
}

/** Number of digits of a hash that are shown. */
const HASH_DIGITS = 8;

/** Terms for keys that are unclear without the name of their stage. */
const TERMS: Readonly<Record<string, string>> = {
  dataset: "data set",
  method: "normalization",
  methods: "preprocessing",
  validation: "validation split",
  test: "test split",
};

function dataSettings(record: RunRecord): readonly Definition[] {
  const { config, classes } = record;
  const { dataset: _, ...rest } = stageOptions(config, "load");
  const load = definitionsOf(record, { ...rest, dataset: sourceOf(record) });
  const split = definitionsOf(
    record,
    Object.fromEntries(
      Object.entries(stageOptions(config, "split")).map(([key, value]) => [key, sizeText(value)]),
    ),
  );
  const prepare = definitionsOf(record, stageOptions(config, "prepare"));
  const normalize = definitionsOf(record, stageOptions(config, "normalize"));
  const { method } = stageOptions(config, "reduce");
  return [
    ...load,
    ["classes", formatCount(classes.length)] as const,
    ...split,
    ...prepare,
    ...normalize,
    ...(method === undefined ? [] : [["reduction", describe(method)] as const]),
  ];
}

function networkSettings(
  { config, parameters, galleries, reduction }: RunRecord,
): readonly Definition[] {
  const { layers, loss } = stageOptions(config, "train");
  const shape = galleries[0]?.shape;
  const input = shape === undefined ? [] : [`${shape.join("\u00a0×\u00a0")}`];
  const reduced = reduction === undefined ? [] : [`${reduction.name}\u00a0${reduction.kept}`];
  const chain = [...input, ...reduced, ...(Array.isArray(layers) ? layers.map(describeLayer) : [])];
  return [
    ["layers", chain.join(" → ")],
    ["parameters", formatCount(parameters)],
    ["loss", describe(loss)],
  ];
}

function trainingSettings(record: RunRecord): readonly Definition[] {
  const { config, origin } = record;
  const { layers: _, loss: __, ...options } = withoutCheckpointOptions(
    stageOptions(config, "train"),
  );
  const { seed } = members(config);
  return [
    ...definitionsOf(record, options),
    ...(isVaried(record, "seed") ? [] : [["seed", describe(seed)] as const]),
    ...evaluationSettings(config),
    ...(origin === undefined ? [] : [["started from", `${origin.kind} of ${origin.run}`] as const]),
  ];
}

function evaluationSettings(config: unknown): readonly Definition[] {
  const { augmentedCopies = 0 } = stageOptions(config, "evaluate");
  if (augmentedCopies === 0) return [];
  return [[
    "evaluation",
    `mean over each sample and ${describe(augmentedCopies)} augmented copies`,
  ]];
}

/** Returns the options of a stage, without those in which members of an ensemble differ. */
function definitionsOf(record: RunRecord, { stage, ...options }: Members): readonly Definition[] {
  return Object.entries(options)
    .filter(([key]) => !isVaried(record, `${describe(stage)}.${key}`))
    .map(([key, value]) => [TERMS[key] ?? words(key), unbroken(describe(value))] as const);
}

/** Whether the members of an ensemble differ in a setting or in an option within it. */
function isVaried({ members = [] }: RunRecord, path: string): boolean {
  return members.some(({ settings }) =>
    settings.some(({ key }) => key === path || key.startsWith(`${path}.`))
  );
}

/** Formats the size of a split, a number or a fraction; other options are returned as they are. */
function sizeText(value: unknown): unknown {
  if (value === 0) return "none";
  if (typeof value !== "number") return value;
  return value < 1 ? `${formatNumber(100 * value)}\u00a0%` : formatCount(value);
}

/**
 * Returns a data set's options without paths and without the names of classes, which are shown elsewhere. The
 * user's own files are shown by their dimensions and the first digits of their hashes.
 */
function sourceOf(record: RunRecord): Members {
  const { dataset } = stageOptions(withoutPaths(record.config), "load");
  const { name, classes: _, sha256, ...options } = members(dataset);
  if (sha256 === undefined) return { name, ...options };
  const files = Object.entries(members(sha256)).map(([file, hash]) =>
    `${file} ${String(hash).slice(0, HASH_DIGITS)}`
  );
  return { name, ...defined({ samples: dimensions(record) }), ["SHA-256"]: files, ...options };
}

/** Formats the dimensions of the data, "150 × 4", if the run recorded them. */
function dimensions(record: RunRecord): string | undefined {
  const { splits, shape } = observed(record, overview) ?? {};
  if (splits === undefined || shape === undefined) return undefined;
  const count = splits.reduce(
    (sum, { counts }) => counts.reduce((all, each) => all + each, sum),
    0,
  );
  return [count, ...shape].map(formatCount).join("\u00a0×\u00a0");
}

/** Keeps short values on one line with their keys: "epsilon 1e−8". */
function unbroken(text: string): string {
  return text.replaceAll(/ (?=[^ ,;()]{1,8}(?:[,;)]|$))/g, "\u00a0");
}
