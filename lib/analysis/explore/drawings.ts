/**
 * Draws the exploration of a data set as one SVG file. Its bytes are the same on every machine.
 *
 * @module
 */
import { type Figure, table } from "deno-plot-svg";
import type { ExplorationRecord, TableRecord } from "./exploration.ts";
import { labelProblems, tableFacts } from "./table.ts";
import { type Drawings, panelDrawings } from "../../report/charts.ts";
import { drawPageHead } from "../../report/header.ts";
import type { Panel } from "../../report/panel.ts";
import type { TextTable } from "../../format/text_table.ts";
import { balance } from "./panels/balance.ts";
import { classMeans } from "./panels/class_means.ts";
import { columns, columnsTable } from "./panels/columns.ts";
import { components } from "./panels/components.ts";
import { duplicates } from "./panels/duplicates.ts";
import { facts, sentence, splitsTable } from "./panels/facts.ts";
import { pixels } from "./panels/pixels.ts";
import { plane } from "./panels/plane.ts";
import { samples } from "./panels/samples.ts";
import { tableColumns, tableOptions } from "./panels/table.ts";

/** A function that draws a panel of a data set; undefined if the panel does not apply to the data. */
type ExplorationPanel = (record: ExplorationRecord) => Panel | undefined;

export const explorationPanels: Readonly<Record<string, ExplorationPanel>> = {
  splits,
  table: ({ table }) => tableColumns(table),
  options: ({ table }) => tableOptions(table),
  balance,
  samples,
  pixels,
  columns,
  classMeans,
  components,
  plane,
  duplicates,
};

function splits(record: ExplorationRecord): Panel {
  return {
    title: "Splits",
    caption:
      "Training, and the splits held out for choosing settings (validation) and for the final test.",
    span: 3,
    draw: (width) => table({ width, ...splitsTable(record) }),
  };
}

/** Returns the table of splits and, for tabular data, the table of columns. */
export function explorationTables(record: ExplorationRecord): readonly TextTable[] {
  const isTable = columns(record) !== undefined;
  return [splitsTable(record), ...(isTable ? [columnsTable(record)] : [])];
}

export function explorationDrawings(record: ExplorationRecord): Drawings {
  const panels = Object.entries(explorationPanels)
    .map(([name, panelOf]) => [name, panelOf(record)] as const);
  return panelDrawings(header(record), panels, {
    title: `Data of ${record.title}`,
    subject: `the data of ${record.title}`,
    description: facts(record).join("; "),
  });
}

/** Draws a table whose label has no classes: its columns, and the options to read it. */
export function tableDrawings(record: TableRecord): Drawings {
  const { name, title, description, table } = record;
  const [first = "", ...others] = [...tableFacts(table), ...labelProblems(table.profile)].map(
    sentence,
  );
  const head = drawPageHead({
    name,
    title: `${title}: the data`,
    about: description,
    result: first,
    more: others,
    notes: [],
  });
  const panels = [["table", tableColumns(table)], ["options", tableOptions(table)]] as const;
  return panelDrawings(head, panels, {
    title: `Data of ${title}`,
    subject: `the data of ${title}`,
    description: [first, ...others].join("; "),
  });
}

function header(record: ExplorationRecord): Figure {
  const { name, title, description, note } = record;
  const [first = "", ...others] = facts(record).map(sentence);
  return drawPageHead({
    name,
    title: `${title}: the data`,
    about: description,
    result: first,
    more: others,
    notes: note === undefined ? [] : [note],
  });
}
