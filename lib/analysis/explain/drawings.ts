import type { Drawings } from "../../report/charts.ts";
import type { Explanation } from "./explanation.ts";
export function explanationDrawings(_: Explanation, _name: string): Drawings {
  return { report: "<svg/>", charts: [] };
}
