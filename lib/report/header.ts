import { column, type Figure, paragraph, space } from "deno-plot-svg";
import type { RunRecord } from "../run/record.ts";
import { asObject, nonEmptyText } from "./config.ts";
import { PAGE } from "./grid.ts";
import { formatResult } from "./result.ts";

/** Texts at the top of a page: a small name, the large title, and a description. */
interface PageTitle {
  readonly name: string;
  readonly title: string;
  readonly about?: string | undefined;
}

/** Texts of the head of a page: title, main result, further lines, and notes, which are drawn in orange. */
interface PageHead extends PageTitle {
  readonly result: string;
  readonly more?: readonly string[];
  readonly notes: readonly string[];
}

/** Returns the lines of a page's title as figures: name, title and, if there is one, description. */
export function drawTitle({ name, title, about }: PageTitle): readonly Figure[] {
  return [
    paragraph(name, PAGE, { tone: "muted" }),
    paragraph(title, PAGE, { size: 26, bold: true }),
    ...(about === undefined ? [] : [paragraph(about, PAGE, { size: 14, tone: "muted" })]),
  ];
}

/** Draws the head of a page: its title, the main result, further lines and notes. */
export function drawPageHead({ result, more = [], notes, ...title }: PageHead): Figure {
  return column([
    ...drawTitle(title),
    space(PAGE, 14),
    paragraph(result, PAGE, { size: 20 }),
    ...more.map((line) => paragraph(line, PAGE, { size: 14, tone: "muted" })),
    ...(notes.length === 0 ? [] : [space(PAGE, 6)]),
    ...notes.map((note) => paragraph(`Note: ${note}`, PAGE, { size: 14, tone: "orange" })),
  ]);
}

/** Draws the head of a run's report: its title, description, accuracy and note. */
export function drawRunHead(record: RunRecord): Figure {
  const { run, config, note } = record;
  return drawPageHead({
    name: run,
    title: runTitle(record),
    about: nonEmptyText(asObject(config).description),
    result: formatResult(record),
    notes: note === undefined ? [] : [note],
  });
}

/** Returns the title of a run: the name in its config, or the name of its folder if the config has none. */
export function runTitle({ config, run }: RunRecord): string {
  return nonEmptyText(asObject(config).name) ?? run;
}
