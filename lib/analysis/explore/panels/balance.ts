import { barList, column, extent, type Figure, label, row } from "deno-plot-svg";
import { formatCount } from "../../../format/numbers.ts";
import { formatPercent } from "../../../format/percent.ts";
import type { ExplorationRecord } from "../exploration.ts";
import type { SplitStatistics } from "../explore.ts";
import { firstAndLast, splitIntoChunks } from "../../../report/chunks.ts";
import { COLUMN, GUTTER } from "../../../report/grid.ts";
import type { Panel } from "../../../report/panel.ts";

/** Largest number of classes shown; of more, half are the largest and half the smallest. */
const MOST_CLASSES = 60;

/** Largest number of classes that always fit one list. */
const FEW_CLASSES = 12;

export function balance({ splits, classes }: ExplorationRecord): Panel {
  const labels = shownLabels(splits[0]?.counts ?? []);
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
    draw: () => row(lists(splits, labels, classes), { gap: GUTTER }),
  };
}

/** Returns a list for each split, or three lists for many classes in a single split. */
function lists(
  splits: readonly SplitStatistics[],
  labels: readonly number[],
  classes: readonly string[],
): readonly Figure[] {
  const count = splits.length === 1 && labels.length > FEW_CLASSES ? 3 : 1;
  const columns = splitIntoChunks(labels, Math.ceil(labels.length / count));
  return splits.flatMap((split) =>
    columns.map((shown, place) =>
      list(split, shown, { classes, title: place === 0 ? split.split : "" })
    )
  );
}

/** Returns all classes in order, or the largest and smallest of too many, by size. */
function shownLabels(counts: readonly number[]): readonly number[] {
  const labels = counts.map((_, label) => label);
  if (labels.length <= MOST_CLASSES) return labels;
  return firstAndLast(labels.toSorted((a, b) => counts[b] - counts[a] || a - b), MOST_CLASSES);
}

function list(
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
