/**
 * Draws the exploration of a data set as one SVG file. Its bytes are the same on every machine.
 *
 * @module
 */
import { type Figure, table } from "deno-plot-svg";
import type { ExplorationRecord, TableRecord } from "./exploration.ts";
import { describeTable, findLabelProblems } from "./table.ts";
import { type Drawings, panelDrawings } from "../../report/charts.ts";
import { drawPageHead } from "../../report/header.ts";
import type { Panel } from "../../report/panel.ts";
import type { TextTable } from "../../format/text_table.ts";
import { balancePanel } from "./panels/balance.ts";
import { classMeansPanel } from "./panels/class_means.ts";
import { columnsPanel, statisticsTable } from "./panels/columns.ts";
import { componentsPanel } from "./panels/components.ts";
import { duplicatesPanel } from "./panels/duplicates.ts";
import { capitalize, describeData, splitsTable } from "./panels/facts.ts";
import { pixelsPanel } from "./panels/pixels.ts";
import { planePanel } from "./panels/plane.ts";
import { samplesPanel } from "./panels/samples.ts";
import { tableColumnsPanel, tableOptionsPanel } from "./panels/table.ts";

/** Function that returns a panel of an exploration, or undefined if the panel does not apply to the data. */
type ExplorationPanel = (record: ExplorationRecord) => Panel | undefined;

/** Panels of an exploration by the names of their files, in the order of the page. */
export const explorationPanels: Readonly<Record<string, ExplorationPanel>> = {
  splits: splitsPanel,
  table: ({ table }) => tableColumnsPanel(table),
  options: ({ table }) => tableOptionsPanel(table),
  balance: balancePanel,
  samples: samplesPanel,
  pixels: pixelsPanel,
  columns: columnsPanel,
  classMeans: classMeansPanel,
  components: componentsPanel,
  plane: planePanel,
  duplicates: duplicatesPanel,
};

/** Returns the panel with the table of splits. */
function splitsPanel(record: ExplorationRecord): Panel {
  return {
    title: "Splits",
    caption:
      "Training, and the splits held out for choosing settings (validation) and for the final test.",
    span: 3,
    draw: (width) => table({ width, ...splitsTable(record) }),
  };
}

/** Returns the table of splits and, if the data are not images, the table with statistics of each column. */
export function explorationTables(record: ExplorationRecord): readonly TextTable[] {
  const isTable = columnsPanel(record) !== undefined;
  return [splitsTable(record), ...(isTable ? [statisticsTable(record)] : [])];
}

/** Draws an exploration as one SVG file, and each of its panels as a separate file. */
export function explorationDrawings(record: ExplorationRecord): Drawings {
  const panels = Object.entries(explorationPanels)
    .map(([name, panelOf]) => [name, panelOf(record)] as const);
  return panelDrawings(drawHeader(record), panels, {
    title: `Data of ${record.title}`,
    subject: `the data of ${record.title}`,
    description: describeData(record).join("; "),
  });
}

/**
 * Draws the exploration of a table whose label has no classes as one SVG file, and each panel as a separate
 * file: its columns, and the options for reading it.
 */
export function tableDrawings(record: TableRecord): Drawings {
  const { name, title, description, table } = record;
  const [first = "", ...others] = [...describeTable(table), ...findLabelProblems(table.profile)]
    .map(
      capitalize,
    );
  const head = drawPageHead({
    name,
    title: `${title}: the data`,
    about: description,
    result: first,
    more: others,
    notes: [],
  });
  const panels = [["table", tableColumnsPanel(table)], [
    "options",
    tableOptionsPanel(table),
  ]] as const;
  return panelDrawings(head, panels, {
    title: `Data of ${title}`,
    subject: `the data of ${title}`,
    description: [first, ...others].join("; "),
  });
}

/** Draws the head of the page: title, and sentences that describe the data. */
function drawHeader(record: ExplorationRecord): Figure {
  const { name, title, description, note } = record;
  const [first = "", ...others] = describeData(record).map(capitalize);
  return drawPageHead({
    name,
    title: `${title}: the data`,
    about: description,
    result: first,
    more: others,
    notes: note === undefined ? [] : [note],
  });
}
