/**
 * Explores the data of a config: loads and splits it, computes the overview and writes it. The same data
 * gives the same bytes.
 *
 * @module
 */
import type { InvocationOf } from "../cli/declaration.ts";
import { foldersAndWorkers } from "../cli/options.ts";
import { runWithView } from "../cli/view.ts";
import { DATA_RULES, dataSearchLocations, readConfigFile } from "../experiment/config_file.ts";
import type { command } from "../explore.ts";
import { printLine } from "../../lib/io/print.ts";
import { profileCsv } from "../../lib/io/datasets.ts";
import { defined } from "../../lib/config/defined.ts";
import {
  findLabelProblems,
  formatProfile,
  hasTextsOrMissingValues,
  profileTable,
  suggestOptions,
  type TableFindings,
} from "../../lib/analysis/explore/table.ts";
import { join } from "@std/path";
import { exploreDataset } from "../../lib/analysis/explore/explore.ts";
import { split } from "../../lib/data/split/split.ts";
import { writeResultFolder } from "../../lib/io/results/result_folder.ts";
import {
  explorationDrawings,
  explorationTables,
  tableDrawings,
} from "../../lib/analysis/explore/drawings.ts";
import type { Dataset } from "../../lib/data/dataset.ts";
import type { Drawings } from "../../lib/report/charts.ts";
import { describeData } from "../../lib/analysis/explore/panels/facts.ts";
import {
  encodeExploration,
  encodeTableRecord,
  type ExplorationRecord,
} from "../../lib/analysis/explore/exploration.ts";
import { FILES } from "../../lib/run/folder.ts";
import { explorationId } from "../../lib/run/identity.ts";
import { slug } from "../../lib/run/names.ts";
import { locateRun, type PreparationOptions } from "../experiment/experiment.ts";
import { formatTableForTerminal, printFolder } from "../cli/printing.ts";
import { type ExperimentConfig, experimentSchema } from "../experiment/stage_table.ts";

export async function run(
  { positionals, options, startup, signal }: InvocationOf<typeof command>,
): Promise<void> {
  const source = readConfigFile(positionals[0], options.set, DATA_RULES);
  const where = {
    ...foldersAndWorkers(options, startup),
    ...await dataSearchLocations(positionals[0], source),
    signal,
  };
  const { config, table } = await suggestTableOptions(source, where);
  const { seed, name: title, description } = config;
  const nameFor = (data: Dataset["hashes"]) =>
    `${slug(title)}-explore-${explorationId({ config, schema: experimentSchema(), data })}`;
  if (table !== undefined && !table.hasClasses) {
    const { profile: { sha256 } } = table.findings;
    const name = nameFor([{ file: "table", sha256 }]);
    const record = { name, title, description, table: table.findings };
    const folder = join(options.output, name);
    await writeResultFolder(folder, outputFiles(encodeTableRecord(record), tableDrawings(record)));
    return await printFolder({ folder, lines: [] }, options);
  }
  const { loaded: { dataset } } = await runWithView(
    "usual",
    (view) => locateRun(config, { ...where, view }),
  );
  const cut = config.pipeline.find((stage) => stage.stage === "split");
  const splits = split(dataset, { ...cut, seed });
  const name = nameFor(dataset.hashes);
  const found = exploreDataset(dataset, splits, seed);
  const record = { ...found, name, title, description, table: table?.findings };
  const folder = join(options.output, name);
  await writeResultFolder(
    folder,
    outputFiles(encodeExploration(record), explorationDrawings(record)),
  );
  await printFolder({ folder, lines: formatExploration(record) }, options);
}

/** A config whose data can be read and, if the data is a CSV table, the findings about the table. */
interface SuggestedConfig {
  readonly config: ExperimentConfig;
  readonly table?: {
    readonly findings: TableFindings;
    /** Whether the label column appears to hold classes, or the config names the classes. */
    readonly hasClasses: boolean;
  };
}

/**
 * Prints the profile of a table's columns, and returns a config that can read the table: if it has texts or
 * missing values, suggested options are added where the config sets none. A suggestion also replaces
 * `missing: "refuse"`, and no column is ignored if the config selects columns. Returns the config unchanged if
 * its data is not a CSV table.
 */
async function suggestTableOptions(
  config: ExperimentConfig,
  { dataDirectory: directory, ...where }: Omit<PreparationOptions, "view">,
): Promise<SuggestedConfig> {
  const [load, ...others] = config.pipeline;
  if (load?.stage !== "load" || load.dataset.name !== "csv") return { config };
  const { dataset } = load;
  const { name: _, ...table } = dataset;
  const { profile, dialect } = await profileCsv(table, { ...where, directory });
  const suggested = suggestOptions(profile, dialect);
  const { columns, ignore, categorical, missing = "refuse", classes, label } = dataset;
  const isChosen = columns !== undefined || ignore !== undefined;
  const options = defined({
    columns,
    ignore: isChosen ? ignore : suggested.ignore,
    categorical: categorical ?? suggested.categorical,
    missing: missing === "refuse" ? suggested.missing : missing,
  });
  for (const line of formatTableForTerminal(profileTable(profile))) printLine(line);
  const isLabelNamed = label !== undefined && label !== -1;
  const findings = { profile, options: { ...suggested, ...options }, isLabelNamed };
  for (const line of formatProfile(findings)) printLine(line);
  const hasClasses = classes !== undefined || findLabelProblems(profile).length === 0;
  const stage = { ...load, dataset: { ...dataset, ...options } };
  const pipeline = hasTextsOrMissingValues(profile) ? [stage, ...others] : config.pipeline;
  return { config: { ...config, pipeline }, table: { findings, hasClasses } };
}

/** Returns the content of all files of an exploration by path: `files`, and the drawings as SVGs. */
function outputFiles(
  files: ReadonlyMap<string, string>,
  { report, charts }: Drawings,
): ReadonlyMap<string, string> {
  return new Map([
    ...files,
    ["explore.svg", report],
    ...charts.map(({ name, svg }) => [`${FILES.charts}/${name}.svg`, svg] as const),
  ]);
}

/** Formats an exploration as lines for the terminal. */
function formatExploration(record: ExplorationRecord): readonly string[] {
  const { note } = record;
  const tables = explorationTables(record).flatMap((table) => formatTableForTerminal(table));
  return [...tables, ...describeData(record), ...(note === undefined ? [] : [note])];
}
