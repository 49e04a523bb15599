import { column, type Figure, label, row } from "deno-plot-svg";
import { withoutPaths } from "../../data/datasets/identity.ts";
import { formatCount, formatNumber } from "../../format/numbers.ts";
import { overview } from "../../observe/overview.ts";
import { withoutCheckpointOptions } from "../../run/identity.ts";
import type { RunRecord } from "../../run/record.ts";
import {
  asObject,
  formatLayer,
  formatValue,
  keyToWords,
  stageOptions,
  type UnknownObject,
} from "../config.ts";
import { type Definition, drawDefinitions } from "../definitions.ts";
import { COLUMN, GUTTER } from "../grid.ts";
import { observedValue } from "../observed.ts";
import type { Panel } from "../panel.ts";
import { defined } from "../../config/defined.ts";

/** Returns the panel with the options of data, network and training. */
export function settings(record: RunRecord): Panel {
  const groups = [
    { name: "Data", items: dataSettings(record) },
    { name: "Network", items: networkSettings(record) },
    { name: "Training", items: trainingSettings(record) },
  ];
  return {
    title: "Settings",
    description: "Options of the data, the network and the training" +
      (record.members === undefined ? "." : " that all members share."),
    ...defined({ caption: record.members && "Settings shared by all members." }),
    span: 3,
    draw: () => row(groups.map(drawGroup), { gap: GUTTER }),
  };
}

/** Draws settings below the name of their group, one column wide. */
function drawGroup(
  { name, items }: { readonly name: string; readonly items: readonly Definition[] },
): Figure {
  const heading = label(name, { bold: true });
  return { ...column([heading, drawDefinitions(items, COLUMN)], { gap: 4 }), width: COLUMN };
}

/** Number of digits of a hash that are shown. */
const HASH_DIGITS = 8;

/** Terms that the panel shows in place of option keys, where a key is unclear without its stage. */
const TERMS: Readonly<Record<string, string>> = {
  dataset: "data set",
  method: "normalization",
  methods: "preprocessing",
  validation: "validation split",
  test: "test split",
};

/** Returns the options of the stages before training, and the number of classes. */
function dataSettings(record: RunRecord): readonly Definition[] {
  const { config, classes } = record;
  const { dataset: _, ...rest } = stageOptions(config, "load");
  const load = formatStageOptions(record, { ...rest, dataset: datasetOptions(record) });
  const split = formatStageOptions(
    record,
    Object.fromEntries(
      Object.entries(stageOptions(config, "split")).map((
        [key, value],
      ) => [key, formatSplitSize(value)]),
    ),
  );
  const prepare = formatStageOptions(record, stageOptions(config, "prepare"));
  const normalize = formatStageOptions(record, stageOptions(config, "normalize"));
  const { method } = stageOptions(config, "reduce");
  return [
    ...load,
    ["classes", formatCount(classes.length)] as const,
    ...split,
    ...prepare,
    ...normalize,
    ...(method === undefined ? [] : [["reduction", formatValue(method)] as const]),
  ];
}

/** Returns the layers, the number of parameters, and the loss. */
function networkSettings(
  { config, parameters, galleries, reduction }: RunRecord,
): readonly Definition[] {
  const { layers, loss } = stageOptions(config, "train");
  const shape = galleries[0]?.shape;
  const input = shape === undefined ? [] : [`${shape.join("\u00a0×\u00a0")}`];
  const reduced = reduction === undefined ? [] : [`${reduction.name}\u00a0${reduction.kept}`];
  const chain = [...input, ...reduced, ...(Array.isArray(layers) ? layers.map(formatLayer) : [])];
  return [
    ["layers", chain.join(" → ")],
    ["parameters", formatCount(parameters)],
    ["loss", formatValue(loss)],
  ];
}

/** Returns the options of training and evaluation, the seed, and the run that training started from. */
function trainingSettings(record: RunRecord): readonly Definition[] {
  const { config, origin } = record;
  const { layers: _, loss: __, ...options } = withoutCheckpointOptions(
    stageOptions(config, "train"),
  );
  const { seed } = asObject(config);
  return [
    ...formatStageOptions(record, options),
    ...(isVaried(record, "seed") ? [] : [["seed", formatValue(seed)] as const]),
    ...evaluationSettings(config),
    ...(origin === undefined ? [] : [["started from", `${origin.kind} of ${origin.run}`] as const]),
  ];
}

/** Returns the option of test-time augmentation as a list of one definition; empty if it is not used. */
function evaluationSettings(config: unknown): readonly Definition[] {
  const { augmentedCopies = 0 } = stageOptions(config, "evaluate");
  if (augmentedCopies === 0) return [];
  return [[
    "evaluation",
    `mean over each sample and ${formatValue(augmentedCopies)} augmented copies`,
  ]];
}

/** Formats the options of a stage. Options in which the members of an ensemble differ are omitted. */
function formatStageOptions(
  record: RunRecord,
  { stage, ...options }: UnknownObject,
): readonly Definition[] {
  return Object.entries(options)
    .filter(([key]) => !isVaried(record, `${formatValue(stage)}.${key}`))
    .map(([key, value]) =>
      [TERMS[key] ?? keyToWords(key), joinShortValues(formatValue(value))] as const
    );
}

/**
 * Returns whether the members of an ensemble differ in the option at a path, or in an option nested in it.
 */
function isVaried({ members = [] }: RunRecord, path: string): boolean {
  return members.some(({ settings }) =>
    settings.some(({ key }) => key === path || key.startsWith(`${path}.`))
  );
}

/**
 * Formats the size of a split in a config: a number of samples, a fraction in percent, or "none" for 0.
 * Values that are not numbers are returned unchanged.
 */
function formatSplitSize(value: unknown): unknown {
  if (value === 0) return "none";
  if (typeof value !== "number") return value;
  return value < 1 ? `${formatNumber(100 * value)}\u00a0%` : formatCount(value);
}

/**
 * Returns the options of a run's data set for display. Paths are omitted since they differ between machines,
 * and names of classes since other panels show them. Files of the user are shown by the dimensions of the
 * data and the first digits of their SHA-256.
 */
function datasetOptions(record: RunRecord): UnknownObject {
  const { dataset } = stageOptions(withoutPaths(record.config), "load");
  const { name, classes: _, sha256, ...options } = asObject(dataset);
  if (sha256 === undefined) return { name, ...options };
  const files = Object.entries(asObject(sha256)).map(([file, hash]) =>
    `${file} ${String(hash).slice(0, HASH_DIGITS)}`
  );
  return {
    name,
    ...defined({ samples: formatDimensions(record) }),
    ["SHA-256"]: files,
    ...options,
  };
}

/**
 * Formats the number of samples and their shape, "150 × 4"; undefined if the run did not observe its data.
 */
function formatDimensions(record: RunRecord): string | undefined {
  const { splits, shape } = observedValue(record, overview) ?? {};
  if (splits === undefined || shape === undefined) return undefined;
  const count = splits.reduce(
    (sum, { counts }) => counts.reduce((all, each) => all + each, sum),
    0,
  );
  return [count, ...shape].map(formatCount).join("\u00a0×\u00a0");
}

/** Replaces spaces before short values by no-break spaces, so that "epsilon 1e−8" stays on one line. */
function joinShortValues(text: string): string {
  return text.replaceAll(/ (?=[^ ,;()]{1,8}(?:[,;)]|$))/g, "\u00a0");
}
