import { column, type Figure, paragraph, space } from "deno-plot-svg";
import type { RunRecord } from "../run/record.ts";
import { members, textOf } from "./config.ts";
import { PAGE } from "./grid.ts";
import { resultLine } from "./result.ts";

interface PageTitle {
  readonly name: string;
  readonly title: string;
  readonly about?: string | undefined;
}

interface PageHead extends PageTitle {
  readonly result: string;
  readonly more?: readonly string[];
  readonly notes: readonly string[];
}

export function titleLines({ name, title, about }: PageTitle): readonly Figure[] {
  return [
    paragraph(name, PAGE, { tone: "muted" }),
    paragraph(title, PAGE, { size: 26, bold: true }),
    ...(about === undefined ? [] : [paragraph(about, PAGE, { size: 14, tone: "muted" })]),
  ];
}

export function pageHead({ result, more = [], notes, ...title }: PageHead): Figure {
  return column([
    ...titleLines(title),
    space(PAGE, 14),
    paragraph(result, PAGE, { size: 20 }),
    ...more.map((line) => paragraph(line, PAGE, { size: 14, tone: "muted" })),
    ...(notes.length === 0 ? [] : [space(PAGE, 6)]),
    ...notes.map((note) => paragraph(`Note: ${note}`, PAGE, { size: 14, tone: "orange" })),
  ]);
}

export function header(record: RunRecord): Figure {
  const { run, config, note } = record;
  return pageHead({
    name: run,
    title: titleOf(record),
    about: textOf(members(config).description),
    result: resultLine(record),
    notes: note === undefined ? [] : [note],
  });
}

/** Returns the name in the run's config, or that of its folder. */
export function titleOf({ config, run }: RunRecord): string {
  return textOf(members(config).name) ?? run;
}
