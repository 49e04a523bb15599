import { document } from "deno-plot-svg";
import { panelRow } from "./grid.ts";
import type { Panel } from "./panel.ts";

/** A panel as a file of its own. */
export interface ChartFile {
  /** Name of the panel; the file is called after it. */
  readonly name: string;
  /** The file. */
  readonly svg: string;
}

/**
 * Panels as files.
 *
 * @param of what they are of, by name
 * @param about what is said of those that have no caption
 */
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
