/**
 * Draws the exploration of a data set as one SVG file. Its bytes are the same on every machine.
 *
 * @module
 */
import { type Figure, table } from "deno-plot-svg";
import type { ExplorationRecord } from "./exploration.ts";
import { type Drawings, panelDrawings } from "../../report/charts.ts";
import { pageHead } from "../../report/header.ts";
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

/** A function that draws a panel of a data set; undefined if the panel does not apply to the data. */
type ExplorationPanel = (record: ExplorationRecord) => Panel | undefined;

export const explorationPanels: Readonly<Record<string, ExplorationPanel>> = {
  splits,
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
    of: `the data of ${record.title}`,
    about: facts(record).join("; "),
  });
}

function header(record: ExplorationRecord): Figure {
  const { name, title, description, note } = record;
  const [first = "", ...others] = facts(record).map(sentence);
  return pageHead({
    name,
    title: `${title}: the data`,
    about: description,
    result: first,
    more: others,
    notes: note === undefined ? [] : [note],
  });
}
