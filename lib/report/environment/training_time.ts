import { type BarItem, barList, chart, dots, line } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import type { RunTiming, TrainingTime } from "../../run/timing.ts";
import { CHART_HEIGHT } from "../curves.ts";
import { type Definition, drawDefinitions } from "../definitions.ts";
import type { Panel } from "../panel.ts";
import { stepTimePanels } from "./step_time.ts";
import { activityMicroseconds, timeBar } from "./times.ts";
import { formatTime, readableTimeUnit } from "../../format/duration.ts";
import { sum } from "../../tensor/math/statistics.ts";

/** Returns the panels on the time of a training; none if the run has no times of a training. */
export function trainingTimePanels({ stages, training }: RunTiming): readonly Panel[] {
  if (training === undefined) return [];
  const stage = stages.find(({ stage }) => stage === "train");
  const known = sum(training.activities.map(({ milliseconds }) => milliseconds));
  const whole = 1000 * Math.max(known, stage?.milliseconds ?? 0); // a stage is rounded to milliseconds
  const epochs = epochTimePanel(training);
  return [
    activityPanel(training, whole),
    speedPanel(training, whole),
    ...(epochs === undefined ? [] : [epochs]),
    ...stepTimePanels(training),
  ];
}

/** Name of the rest of a training's time, in which no activity was measured. */
const REST = "other";

/**
 * Returns a panel with a bar for the time of each activity, such as validation.
 *
 * @param totalMicroseconds time of the training
 */
function activityPanel({ activities }: TrainingTime, totalMicroseconds: number): Panel {
  const named = activities.map(({ training, milliseconds }) => ({
    name: training,
    time: 1000 * milliseconds,
  }));
  const sorted = named.toSorted((a, b) => b.time - a.time);
  const rest = { name: REST, time: totalMicroseconds - sum(named.map(({ time }) => time)) };
  const items = [...sorted, rest].map(({ name, time }): BarItem => ({
    ...timeBar(name, time, totalMicroseconds),
    tone: name === REST ? "muted" : "blue",
  }));
  return {
    title: "Time by activity",
    caption: "The activity setup compiles programs, starts workers and initializes parameters.",
    span: 1,
    draw: (width) => barList({ width, items }),
  };
}

/**
 * Returns a panel with the numbers of steps and samples, and the throughput.
 *
 * @param totalMicroseconds time of the training
 */
function speedPanel(training: TrainingTime, totalMicroseconds: number): Panel {
  const { steps: { after, steps, samples, timed }, epochs } = training;
  const inSteps = activityMicroseconds(training, "steps");
  const perSecond = (time: number) => formatCount(1e6 * samples / time);
  const before: readonly Definition[] = after === 0
    ? []
    : [["not counted", `${formatCount(after)} steps before the run was resumed`]];
  const measured: readonly Definition[] = steps === 0 ? [] : [
    ["samples", formatCount(samples)],
    ["step time", formatTime(inSteps / steps)],
    ["throughput", `${perSecond(inSteps)} samples/s during steps`],
    ["", `${perSecond(totalMicroseconds)} samples/s over the training`],
    ...(timed > 0 ? [] : [["operations", "not timed, too few steps"] as const]),
    ...(epochs.length === 0 ? [] : [["epoch time", formatEpochTimes(epochs)] as const]),
  ];
  const items: readonly Definition[] = [["steps", formatCount(steps)], ...before, ...measured];
  return {
    title: "Speed",
    caption: "Throughput of training, without evaluation.",
    span: 1,
    draw: (width) => drawDefinitions(items, width),
  };
}

/** Formats the median, the shortest and the longest time of an epoch: "2.1 s (median; 2.0 s to 2.4 s)". */
function formatEpochTimes(epochs: TrainingTime["epochs"]): string {
  const sorted = epochs.map(({ milliseconds }) => 1000 * milliseconds).sort((a, b) => a - b);
  const at = (share: number) => formatTime(sorted[Math.round(share * (sorted.length - 1))]);
  return sorted.length === 1 ? at(0) : `${at(0.5)} (median; ${at(0)} to ${at(1)})`;
}

/** Largest number of epochs drawn with dots; more dots would merge into a thick line. */
const MOST_DOTS = 40;

/** Returns a panel with a curve of the epochs' times; undefined for a single epoch. */
function epochTimePanel({ epochs }: TrainingTime): Panel | undefined {
  const [first, last] = [epochs[0]?.epoch ?? 0, epochs.at(-1)?.epoch ?? 0];
  if (first === last) return undefined;
  const times = epochs.map(({ milliseconds }) => 1000 * milliseconds);
  const unit = readableTimeUnit(Math.max(...times));
  const points = { x: epochs.map(({ epoch }) => epoch), y: times.map((time) => time / unit.size) };
  const title = (index: number) => `epoch ${points.x[index]}: ${formatTime(times[index])}`;
  return {
    title: "Time by epoch",
    caption:
      "Time from the end of one epoch to the end of the next. The first epoch includes setup.",
    span: 1,
    draw: (width) =>
      chart({
        width,
        height: CHART_HEIGHT,
        x: { title: "epoch", domain: [first, last], count: Math.min(6, last - first) },
        y: { title: `time (${unit.name})`, zero: true },
        marks: [
          line(points, { tone: "blue", title }),
          ...(epochs.length > MOST_DOTS ? [] : [dots(points, { tone: "blue" })]),
        ],
      }),
  };
}
