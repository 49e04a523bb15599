/**
 * Where the time of a training went: what it was at, how fast it was, and which operation of its steps
 * took how long.
 *
 * @module
 */
import {
  type BarItem,
  barList,
  chart,
  dots,
  formatCount,
  formatPercent,
  line,
} from "deno-plot-svg";
import type { OperationTime, RunTiming, TimedSteps, TrainingTime } from "../run/timing.ts";
import { CHART_HEIGHT } from "./curves.ts";
import { type Definition, definitions } from "./definitions.ts";
import type { Panel } from "./panel.ts";
import { operationName, passTone, timeText, unitOf } from "./times.ts";

/** The panels of a training, if its times are known. */
export function trainingTimePanels({ stages, training }: RunTiming): readonly Panel[] {
  if (training === undefined) return [];
  const stage = stages.find(({ stage }) => stage === "train");
  const whole = stage === undefined ? undefined : 1000 * stage.milliseconds;
  const panels = [
    activities(training, whole),
    speed(training, whole),
    epochTimes(training),
    ...stepPanels(training),
  ];
  return panels.filter((panel) => panel !== undefined);
}

function sum(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** A bar with its time and its share of all. */
function timeBar(name: string, time: number, all: number): BarItem {
  const label = `${timeText(time)} · ${formatPercent(time / all, 1)}`;
  return { name, value: time, label };
}

/** What is left of a stage when all that has a name is taken off. */
const REST = "the rest";

const ACTIVITIES_CAPTION =
  "Setup is what comes before the first step: programs are compiled, workers started, parameters drawn.";

/** @param stage how long the stage took, in microseconds, if that is known */
function activities({ activities }: TrainingTime, stage: number | undefined): Panel {
  const named = activities.map(({ training, milliseconds }) => ({
    ...{ name: training, time: 1000 * milliseconds },
  }));
  const known = sum(named.map(({ time }) => time));
  const whole = Math.max(known, stage ?? known);
  const sorted = named.toSorted((a, b) => b.time - a.time);
  const rest = whole > known ? [{ name: REST, time: whole - known }] : [];
  const items = [...sorted, ...rest].map(({ name, time }): BarItem => ({
    ...timeBar(name, time, whole),
    tone: name === REST ? "muted" : "blue",
  }));
  return {
    title: "What training was at",
    caption: ACTIVITIES_CAPTION,
    span: 1,
    draw: (width) => barList({ width, items }),
  };
}

/** @param stage how long the stage took, in microseconds, if that is known */
function speed({ activities, steps, epochs }: TrainingTime, stage: number | undefined): Panel {
  const inSteps = 1000 *
    (activities.find(({ training }) => training === "steps")?.milliseconds ?? 0);
  const rate = (time: number) => time > 0 ? formatCount(1e6 * steps.samples / time) : NONE;
  const times = epochs.map(({ milliseconds }) => 1000 * milliseconds);
  const before: readonly Definition[] = steps.after === 0
    ? []
    : [["not counted", `${formatCount(steps.after)} steps before the run went on`]];
  const items: readonly Definition[] = [
    ["steps", formatCount(steps.steps)],
    ...before,
    ["samples", formatCount(steps.samples)],
    ["a step", steps.steps > 0 ? timeText(inSteps / steps.steps) : NONE],
    ["samples a second", `${rate(inSteps)} in steps`],
    ...(stage === undefined ? [] : [["", `${rate(stage)} in all of training`] as const]),
    ...(steps.timed > 0 ? [] : [["operations", "not timed, the steps are too few"] as const]),
    ...(times.length === 0 ? [] : [["an epoch", epochsText(times)] as const]),
  ];
  return { title: "Speed", span: 1, draw: (width) => definitions(items, width) };
}

/** Stands for what is not known. */
const NONE = "–";

function epochsText(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => timeText(sorted[Math.round(share * (sorted.length - 1))] as number);
  return sorted.length === 1 ? at(0) : `${at(0.5)} (median; ${at(0)} to ${at(1)})`;
}

/** Up to so many epochs each has a dot; more would run into a thick line. */
const MOST_DOTS = 40;

function epochTimes({ epochs }: TrainingTime): Panel | undefined {
  const [first, last] = [epochs[0]?.epoch ?? 0, epochs.at(-1)?.epoch ?? 0];
  if (first === last) return undefined;
  const longest = Math.max(...epochs.map(({ milliseconds }) => milliseconds));
  const unit = unitOf(1000 * longest);
  const points = {
    x: epochs.map(({ epoch }) => epoch),
    y: epochs.map(({ milliseconds }) => 1000 * milliseconds / unit.size),
  };
  const title = (index: number) =>
    `epoch ${epochs[index]?.epoch}: ${timeText(1000 * (epochs[index]?.milliseconds ?? NaN))}`;
  return {
    title: "Epochs",
    caption: "From the end of one to the end of the next, the first with setup.",
    span: 1,
    draw: (width) =>
      chart({
        ...{ width, height: CHART_HEIGHT },
        x: { title: "epoch", domain: [first, last], count: Math.min(6, last - first) },
        y: { title: `time (${unit.name})`, zero: true },
        marks: [
          line(points, { tone: "blue", title }),
          ...(epochs.length > MOST_DOTS ? [] : [dots(points, { tone: "blue" })]),
        ],
      }),
  };
}

/** Operations with a bar of their own; all others have one together. */
const NAMED = 16;

/** The panels of a step, if any was timed. */
function stepPanels({ operations, steps, activities }: TrainingTime): readonly Panel[] {
  const all = sum(operations.map(({ microseconds }) => microseconds));
  if (all === 0) return [];
  const sorted = operations.toSorted((a, b) => b.microseconds - a.microseconds);
  const timeOf = (some: readonly OperationTime[]) =>
    sum(some.map(({ microseconds }) => microseconds));
  const others = sorted.slice(NAMED);
  const bars = sorted.slice(0, NAMED).map((operation): BarItem => ({
    ...timeBar(operationName(operation), operation.microseconds, all),
    ...{ tone: passTone(operation.pass), title: operationName(operation) },
  }));
  const otherBar = (): BarItem => ({
    ...timeBar(`${others.length} others`, timeOf(others), all),
    tone: "muted",
  });
  const byPass = [...Map.groupBy(operations, ({ pass }) => pass)]
    .map(([pass, some]) => ({ ...timeBar(pass, timeOf(some), all), tone: passTone(pass) }))
    .toSorted((a, b) => b.value - a.value);
  return [
    {
      title: "A step by operation",
      caption: stepCaption(steps, all, activities),
      span: 2,
      draw: (width) =>
        barList({
          ...{ width, longestName: 0.55 * width },
          items: others.length === 0 ? bars : [...bars, otherBar()],
        }),
    },
    { title: "A step by part", span: 1, draw: (width) => barList({ width, items: byPass }) },
  ];
}

function stepCaption(
  { steps, timed }: TimedSteps,
  time: number,
  activities: TrainingTime["activities"],
): string {
  const inSteps = activities.find(({ training }) => training === "steps");
  const mean = inSteps === undefined
    ? ""
    : `; the mean of all steps is ${timeText(1000 * inSteps.milliseconds / steps)}`;
  return `Timed by the workers in ${formatCount(timed)} of the ${
    formatCount(steps)
  } steps, which ` +
    `took ${timeText(time)} in the mean${mean}. What a look at the clock takes is left out.`;
}
