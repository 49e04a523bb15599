import { type BarItem, barList, extent, type Figure, row } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { overview } from "../../observe/overview.ts";
import type { RunRecord } from "../../run/record.ts";
import { firstAndLast, splitIntoChunks } from "../chunks.ts";
import { COLUMN, FEW_CLASSES, GUTTER, MOST_CLASSES } from "../grid.ts";
import { observedValue } from "../observed.ts";
import type { Panel } from "../panel.ts";
import { formatSplit } from "../result.ts";

/** Returns the panel with the number of samples of each class in each split. */
export function balance(record: RunRecord): Panel | undefined {
  const { classes } = record;
  const splits = observedValue(record, overview)?.splits ?? [];
  const [train] = splits;
  if (train === undefined) return undefined;
  const all = train.counts.reduce((sum, count) => sum + count, 0);
  const shown = shownClassLabels(train.counts);
  const items = shown.map((label): BarItem => {
    const name = classes[label];
    const counts = splits.map(({ counts }) => counts[label] ?? 0);
    return {
      name,
      value: train.counts[label] ?? 0,
      label: counts.map(formatCount).join(" · "),
      tone: counts.includes(0) ? "orange" : "blue",
      title: `class ${name}: ${
        formatPercent((train.counts[label] ?? 0) / all)
      } of training samples`,
    };
  });
  const many = classes.length > FEW_CLASSES;
  return {
    title: "Class balance",
    caption:
      `Number of samples of each class: ${
        splits.map(({ split }) => formatSplit(split)).join(" · ")
      }. Bars: training samples` +
      (items.some(({ tone, value }) => tone === "orange" && value > 0)
        ? "; orange: a split has no sample of the class."
        : ".") +
      (shown.length === classes.length
        ? ""
        : ` Shown are the ${MOST_CLASSES / 2} largest and ${MOST_CLASSES / 2} smallest of ` +
          `${formatCount(classes.length)} classes.`),
    span: many ? 3 : 1,
    draw: (width) =>
      many ? drawBarsInColumns(items) : barList({ width, items, longestName: width / 4 }),
  };
}

/**
 * Returns the labels of all classes, in order. If there are more than 100, returns the 50 largest and the 50
 * smallest classes, sorted by size.
 */
function shownClassLabels(counts: ArrayLike<number>): readonly number[] {
  const labels = Array.from(counts, (_, label) => label);
  if (labels.length <= MOST_CLASSES) return labels;
  return firstAndLast(labels.sort((a, b) => counts[b] - counts[a] || a - b), MOST_CLASSES);
}

/** Draws bars as three lists side by side, filled one after the other. */
function drawBarsInColumns(items: readonly BarItem[]): Figure {
  const [, most] = extent(items.map(({ value }) => value)) ?? [0, 0];
  return row(
    splitIntoChunks(items, Math.ceil(items.length / 3)).map((list) =>
      barList({ width: COLUMN, items: list, most, longestName: COLUMN / 4 })
    ),
    { gap: GUTTER },
  );
}
