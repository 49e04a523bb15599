import { column, document, type Figure } from "deno-plot-svg";
import { drawOnce, grid, MARGIN, panelRow } from "./grid.ts";
import type { Panel } from "./panel.ts";

/** A panel as a file of its own. */
export interface ChartFile {
  /** Name of the panel; the file is called after it. */
  readonly name: string;
  /** The file. */
  readonly svg: string;
}

/** All that is drawn of a run, of several runs, or of data. */
export interface Drawings {
  /** The report as one SVG file: every panel that was asked for and has data. */
  readonly report: string;
  /** Each panel of the report as a file of its own, in the order of the report. */
  readonly charts: readonly ChartFile[];
}

/** Panels by name; undefined where there is no data for one. */
export type NamedPanels = readonly (readonly [name: string, panel: Panel | undefined])[];

/** A page of panels below its head, and each panel as a file of its own. */
export function panelDrawings(
  head: Figure,
  panels: NamedPanels,
  { title, of, about }: { readonly title: string; readonly of: string; readonly about: string },
): Drawings {
  const drawn = panels.flatMap(([name, panel]) =>
    panel === undefined ? [] : [[name, drawOnce(panel)] as const]
  );
  const page = column([head, grid(drawn.map(([, panel]) => panel))], { gap: 36 });
  return {
    report: document(page, { title, description: about, margin: MARGIN }),
    charts: chartFiles(drawn, { of, about }),
  };
}

/** Panels as files: `of` is what they are of, `about` what is said of those without a caption. */
export function chartFiles(
  panels: readonly (readonly [name: string, panel: Panel])[],
  { of, about }: { readonly of: string; readonly about: string },
): readonly ChartFile[] {
  return panels.map(([name, panel]) => ({
    name,
    svg: document(panelRow([panel]), {
      title: `${panel.title} of ${of}`,
      description: panel.caption ?? about,
    }),
  }));
}
