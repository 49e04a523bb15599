import { column, document, type Figure } from "deno-plot-svg";
import { drawPanelRow, drawPanels, MARGIN, predrawPanel } from "./grid.ts";
import type { Panel } from "./panel.ts";

/** A panel drawn as an SVG file. */
export interface ChartFile {
  /** Name of the panel, and of the file without its extension. */
  readonly name: string;
  /** Content of the file. */
  readonly svg: string;
}

/** The drawings of a run, of several runs, or of a data set: one page, and a file for each of its panels. */
export interface Drawings {
  /** The report as one SVG file: every requested panel that has data. */
  readonly report: string;
  /** The panels of the report as files, in the order of the report. */
  readonly charts: readonly ChartFile[];
}

/**
 * Pairs of a panel's name and the panel, in the order of the page. The panel is undefined if there is no data
 * for it.
 */
export type NamedPanels = readonly (readonly [name: string, panel: Panel | undefined])[];

/**
 * Draws panels as one page below its head, and each panel also as a file of its own. Panels without data are
 * omitted. `title` and `description` are those of the page; `subject` ends the titles of the panels' files.
 */
export function panelDrawings(
  head: Figure,
  panels: NamedPanels,
  { title, subject, description }: {
    readonly title: string;
    readonly subject: string;
    readonly description: string;
  },
): Drawings {
  const drawn = panels.flatMap(([name, panel]) =>
    panel === undefined ? [] : [[name, predrawPanel(panel)] as const]
  );
  const page = column([head, drawPanels(drawn.map(([, panel]) => panel))], { gap: 36 });
  return {
    report: document(page, { title, description, margin: MARGIN }),
    charts: chartFiles(drawn, { subject, description }),
  };
}

/**
 * Draws each panel as an SVG file of its own, entitled "panel of subject". The description of a file is that
 * of the panel, or its caption, or `description` for a panel without either.
 *
 * @param subject subject of the panels, such as the name of a run
 * @param description text alternative of panels that have neither description nor caption
 */
export function chartFiles(
  panels: readonly (readonly [name: string, panel: Panel])[],
  { subject, description }: { readonly subject: string; readonly description: string },
): readonly ChartFile[] {
  return panels.map(([name, panel]) => ({
    name,
    svg: document(drawPanelRow([panel]), {
      title: `${panel.title} of ${subject}`,
      description: panel.description ?? panel.caption ?? description,
    }),
  }));
}
