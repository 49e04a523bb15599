/**
 * Draws the time of a training step by operation and by pass. Workers measure it in some of the steps.
 *
 * @module
 */
import { type BarItem, barList } from "deno-plot-svg";
import { formatCount, formatCountWithNoun } from "../../format/numbers.ts";
import type { OperationTime, TrainingTime } from "../../run/timing.ts";
import type { Panel } from "../panel.ts";
import { activityMicroseconds, formatOperation, passTone, timeBar } from "./times.ts";
import { formatTime } from "../../format/duration.ts";
import { sum } from "../../tensor/math/statistics.ts";

/** Smallest fraction of a step's time for which an operation has its own bar. All others share one bar. */
const LEAST = 0.005;

/** Largest number of operations with their own bar. */
const MOST = 40;

/** Returns panels of a training step's time by operation and by pass; none if no step was timed. */
export function stepTimePanels(training: TrainingTime): readonly Panel[] {
  const { operations } = training;
  const all = totalTime(operations);
  if (all === 0) return [];
  return [
    {
      title: "Time by operation",
      caption: stepTimeCaption(training, all),
      span: 2,
      draw: (width) =>
        barList({ width, items: operationBars(operations, all), longestName: 0.55 * width }),
    },
    {
      title: "Time by pass",
      caption: "Sums of the mean times of the operations of each pass.",
      span: 1,
      draw: (width) => barList({ width, items: passBars(operations, all) }),
    },
  ];
}

/** Returns the sum of the operations' times [µs]. */
function totalTime(operations: readonly OperationTime[]): number {
  return sum(operations.map(({ microseconds }) => microseconds));
}

/** Returns the caption on the timed steps, whose mean time is `time` [µs]. */
function stepTimeCaption(training: TrainingTime, time: number): string {
  const { steps, timed } = training.steps;
  const mean = activityMicroseconds(training, "steps") / steps;
  return `Mean times over ${formatCount(timed)} timed steps of ${
    formatCount(steps)
  }. A timed step took ` +
    `${formatTime(time)}, without the time of reading the clock; the mean of all steps is ${
      formatTime(mean)
    }.`;
}

/** Returns bars of the operations, the longest first, and one bar of all operations with small times. */
function operationBars(
  operations: readonly OperationTime[],
  totalMicroseconds: number,
): readonly BarItem[] {
  const sorted = operations.toSorted((a, b) => b.microseconds - a.microseconds);
  const named = sorted.slice(0, MOST).filter(({ microseconds }) =>
    microseconds >= LEAST * totalMicroseconds
  );
  const others = sorted.slice(named.length);
  const bars = named.map((operation): BarItem => {
    const name = formatOperation(operation);
    const tone = passTone(operation.pass);
    return { ...timeBar(name, operation.microseconds, totalMicroseconds), tone, title: name };
  });
  if (others.length === 0) return bars;
  const name = formatCountWithNoun(others.length, "other");
  return [...bars, { ...timeBar(name, totalTime(others), totalMicroseconds), tone: "muted" }];
}

/** Returns bars of the passes (forward, backward, update …), the longest first. */
function passBars(
  operations: readonly OperationTime[],
  totalMicroseconds: number,
): readonly BarItem[] {
  return [...Map.groupBy(operations, ({ pass }) => pass)]
    .map(([pass, some]) => ({
      ...timeBar(pass, totalTime(some), totalMicroseconds),
      tone: passTone(pass),
    }))
    .sort((a, b) => b.value - a.value);
}
