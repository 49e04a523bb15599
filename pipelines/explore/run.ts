/**
 * Explores the data of a config: loads and splits it, computes the overview and writes it. The same data
 * gives the same bytes.
 *
 * @module
 */
import type { CallOf } from "../cli/declaration.ts";
import { whereOf } from "../cli/options.ts";
import { viewed } from "../cli/view.ts";
import { DATA_RULES, dataPlaces, readConfigFile } from "../experiment/config_file.ts";
import type { command } from "../explore.ts";
import { printLine } from "../../lib/io/print.ts";
import { profileCsv } from "../../lib/io/datasets.ts";
import { defined } from "../../lib/config/defined.ts";
import {
  columnsOf,
  hasTextsOrGaps,
  profileLines,
  suggestedOptions,
} from "../../lib/analysis/explore/table.ts";
import { join } from "@std/path";
import { explore } from "../../lib/analysis/explore/explore.ts";
import { split } from "../../lib/data/split/split.ts";
import { writeFiles } from "../../lib/io/results/result_folder.ts";
import { explorationDrawings, explorationTables } from "../../lib/analysis/explore/drawings.ts";
import { facts } from "../../lib/analysis/explore/panels/facts.ts";
import {
  encodeExploration,
  type ExplorationRecord,
} from "../../lib/analysis/explore/exploration.ts";
import { FILES } from "../../lib/run/folder.ts";
import { explorationId } from "../../lib/run/identity.ts";
import { slug } from "../../lib/run/names.ts";
import { locateRun, type PreparationOptions } from "../experiment/experiment.ts";
import { printedTable, printFolder } from "../cli/printing.ts";
import { type ExperimentConfig, experimentSchema } from "../experiment/stage_table.ts";

export async function run(
  { words, options, caller, signal }: CallOf<typeof command>,
): Promise<void> {
  const source = readConfigFile(words[0], options.set, DATA_RULES);
  const where = { ...whereOf(options, caller), ...await dataPlaces(words[0], source), signal };
  const config = await withSuggestions(source, where);
  const { loaded: { dataset } } = await viewed(
    "usual",
    (view) => locateRun(config, { ...where, view }),
  );
  const { seed, name: title, description } = config;
  const cut = config.pipeline.find((stage) => stage.stage === "split");
  const splits = split(dataset, { ...cut, seed });
  const id = explorationId({ config, schema: experimentSchema(), data: dataset.hashes });
  const name = `${slug(title)}-explore-${id}`;
  const record = { ...explore(dataset, splits, seed), name, title, description };
  const folder = join(options.output, name);
  await writeFiles(folder, filesOf(record));
  await printFolder({ folder, lines: linesOf(record) }, options);
}

/**
 * Prints the profile of a table's columns, and returns a config that can read the table: if it has texts or
 * gaps, the suggested options are added where the config sets none.
 */
async function withSuggestions(
  config: ExperimentConfig,
  { dataDirectory: directory, ...where }: Omit<PreparationOptions, "view">,
): Promise<ExperimentConfig> {
  const [load, ...others] = config.pipeline;
  if (load?.stage !== "load" || load.dataset.name !== "csv") return config;
  const { dataset } = load;
  const { name: _, ...table } = dataset;
  const { profile, dialect } = await profileCsv(table, { ...where, directory });
  const suggested = suggestedOptions(profile, dialect);
  const { columns, ignore, categorical, missing = "refuse" } = dataset;
  const isChosen = columns !== undefined || ignore !== undefined;
  const options = defined({
    columns,
    ignore: isChosen ? ignore : suggested.ignore,
    categorical: categorical ?? suggested.categorical,
    missing: missing === "refuse" ? suggested.missing : missing,
  });
  for (const line of printedTable(columnsOf(profile))) printLine(line);
  for (const line of profileLines(profile, { ...suggested, ...options })) printLine(line);
  if (!hasTextsOrGaps(profile)) return config;
  const stage = { ...load, dataset: { ...dataset, ...options } };
  return { ...config, pipeline: [stage, ...others] };
}

function filesOf(record: ExplorationRecord): ReadonlyMap<string, string> {
  const { report, charts } = explorationDrawings(record);
  return new Map([
    ...encodeExploration(record),
    ["explore.svg", report],
    ...charts.map(({ name, svg }) => [`${FILES.charts}/${name}.svg`, svg] as const),
  ]);
}

function linesOf(record: ExplorationRecord): readonly string[] {
  const { note } = record;
  const tables = explorationTables(record).flatMap((table) => printedTable(table));
  return [...tables, ...facts(record), ...(note === undefined ? [] : [note])];
}
