import { barList, column, extent, type Figure, label, row } from "deno-plot-svg";
import { formatCount } from "../../../format/numbers.ts";
import { formatPercent } from "../../../format/percent.ts";
import type { ExplorationRecord } from "../exploration.ts";
import type { SplitStatistics } from "../explore.ts";
import { firstAndLast, splitIntoChunks } from "../../../report/chunks.ts";
import { COLUMN, GUTTER } from "../../../report/grid.ts";
import type { Panel } from "../../../report/panel.ts";

/** Largest number of classes shown. If there are more, the largest and the smallest classes are shown. */
const MOST_CLASSES = 60;

/** Largest number of classes of a single split that are drawn as one list. */
const FEW_CLASSES = 12;

/** Returns the panel with the number and share of samples of each class, for each split. */
export function balancePanel({ splits, classes }: ExplorationRecord): Panel {
  const labels = chooseClasses(splits[0]?.counts ?? []);
  const caption = labels.length === classes.length
    ? "Number and share of samples of each class, by split."
    : `Number and share of samples of the ${MOST_CLASSES / 2} largest and the ${
      MOST_CLASSES / 2
    } ` +
      `smallest of ${formatCount(classes.length)} classes, by split.`;
  return {
    title: "Class balance",
    caption,
    span: 3,
    draw: () => row(drawSplitLists(splits, labels, classes), { gap: GUTTER }),
  };
}

/**
 * Draws a list of bars for each split, with a bar for each class; for a single split with many classes, three
 * lists side by side.
 *
 * @param labels indices of the shown classes
 * @param classes names of all classes
 */
function drawSplitLists(
  splits: readonly SplitStatistics[],
  labels: readonly number[],
  classes: readonly string[],
): readonly Figure[] {
  const count = splits.length === 1 && labels.length > FEW_CLASSES ? 3 : 1;
  const columns = splitIntoChunks(labels, Math.ceil(labels.length / count));
  return splits.flatMap((split) =>
    columns.map((shown, place) =>
      drawClassList(split, shown, { classes, title: place === 0 ? split.split : "" })
    )
  );
}

/**
 * Returns the indices of all classes in order or, of more than {@linkcode MOST_CLASSES}, those of the largest
 * and of the smallest classes.
 *
 * @param counts number of samples of each class
 */
function chooseClasses(counts: readonly number[]): readonly number[] {
  const labels = counts.map((_, label) => label);
  if (labels.length <= MOST_CLASSES) return labels;
  return firstAndLast(labels.toSorted((a, b) => counts[b] - counts[a] || a - b), MOST_CLASSES);
}

/**
 * Draws a list with a bar for each class of a split.
 *
 * @param labels indices of the shown classes
 */
function drawClassList(
  { samples, counts }: SplitStatistics,
  labels: readonly number[],
  { classes, title }: { readonly classes: readonly string[]; readonly title: string },
): Figure {
  const items = labels.map((label) => {
    const [name, count] = [classes[label], counts[label]];
    const share = formatPercent(count / samples, 1);
    return { name, value: count, label: count === 0 ? "none" : `${formatCount(count)} (${share})` };
  });
  const bars = barList({ width: COLUMN, items, most: extent(counts)?.[1] ?? 0 });
  return column([label(title, { bold: true }), bars], { gap: 4 });
}
