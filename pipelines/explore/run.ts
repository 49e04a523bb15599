/**
 * Exploring the data of a config: it is loaded and cut into parts, and what is found is drawn. All files
 * have the same bytes every time.
 *
 * @module
 */
import type { CallOf } from "../cli/declaration.ts";
import { whereOf } from "../cli/options.ts";
import { viewed } from "../cli/view.ts";
import { DATA_RULES, dataPlaces, readConfigFile } from "../experiment/config_file.ts";
import type { command } from "../explore.ts";
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
import { locateRun } from "../experiment/experiment.ts";
import { printedTable, printFolder } from "../cli/printing.ts";
import { experimentSchema } from "../experiment/stage_table.ts";

export async function run(
  { words, options, caller, signal }: CallOf<typeof command>,
): Promise<void> {
  const config = readConfigFile(words[0], options.set, DATA_RULES);
  const where = { ...whereOf(options, caller), ...await dataPlaces(words[0], config), signal };
  const { loaded: { dataset } } = await viewed(
    "usual",
    (view) => locateRun(config, { ...where, view }),
  );
  const { seed, name: title, description } = config;
  const cut = config.pipeline.find((stage) => stage.stage === "split");
  const parts = split(dataset, { ...cut, seed });
  const id = explorationId({ config, schema: experimentSchema(), data: dataset.hashes });
  const name = `${slug(title)}-explore-${id}`;
  const record = { ...explore(dataset, parts, seed), name, title, description };
  const folder = join(options.output, name);
  await writeFiles(folder, filesOf(record));
  await printFolder({ folder, lines: linesOf(record) }, options);
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
