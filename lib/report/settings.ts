import { column, type Figure, formatCount, label, row } from "deno-plot-svg";
import type { RunRecord } from "../run/record.ts";
import { describe, describeLayer, type Members, members, stageOptions, words } from "./config.ts";
import { type Definition, definitions } from "./definitions.ts";
import { COLUMN, GUTTER } from "./grid.ts";
import type { Panel } from "./panel.ts";

/** What ran: data, network and training as the config says, in the order of the pipeline. */
export function settings(record: RunRecord): Panel {
  const groups = [
    { name: "Data", items: dataSettings(record) },
    { name: "Network", items: networkSettings(record) },
    { name: "Training", items: trainingSettings(record) },
  ];
  return {
    title: "Settings",
    ...(record.members === undefined ? {} : { caption: "Of all members, but for what varies." }),
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

/** Keys that say too little without the name of their stage. */
const TERMS: Readonly<Record<string, string>> = {
  dataset: "data set",
  method: "normalization",
  methods: "preparation",
  validation: "held out",
};

function dataSettings({ config, classes }: RunRecord): readonly Definition[] {
  const load = definitionsOf(stageOptions(config, "load"));
  const split = definitionsOf(stageOptions(config, "split"));
  const prepare = definitionsOf(stageOptions(config, "prepare"));
  const normalize = definitionsOf(stageOptions(config, "normalize"));
  const { method } = stageOptions(config, "reduce");
  return [
    ...[...load, ["classes", formatCount(classes.length)] as const, ...split],
    ...[...prepare, ...normalize],
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

function trainingSettings({ config, origin }: RunRecord): readonly Definition[] {
  const { layers: _, loss: __, ...options } = stageOptions(config, "train");
  return [
    ...definitionsOf(options),
    ["seed", describe(members(config).seed)],
    ...evaluationSettings(config),
    ...(origin === undefined ? [] : [["begins from", `${origin.kind} of ${origin.run}`] as const]),
  ];
}

/** How predictions are made, if not by a single look at each sample. */
function evaluationSettings(config: unknown): readonly Definition[] {
  const { deformations = 0 } = stageOptions(config, "evaluate");
  if (deformations === 0) return [];
  return [["evaluation", `mean over each sample and ${describe(deformations)} deformed copies`]];
}

function definitionsOf({ stage: _, ...options }: Members): readonly Definition[] {
  return Object.entries(options).map(([key, value]) =>
    [TERMS[key] ?? words(key), describe(value)] as const
  );
}
