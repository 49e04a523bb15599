import type { BarItem, Tone } from "deno-plot-svg";
import { formatPercent } from "../../format/percent.ts";
import { formatTime } from "../../format/duration.ts";
import type { Activity, OperationTime, TrainingTime } from "../../run/timing.ts";

/** Returns a bar for a time [µs], labelled with the time and its share of the whole time `total` [µs]. */
export function timeBar(
  name: string,
  time: number,
  total: number,
): Pick<BarItem, "name" | "value" | "label"> {
  return { name, value: time, label: `${formatTime(time)} · ${formatPercent(time / total, 1)}` };
}

/** Returns the time [µs] that a training spent in an activity; 0 if the activity was not measured. */
export function activityMicroseconds({ activities }: TrainingTime, activity: Activity): number {
  return 1000 * (activities.find(({ training }) => training === activity)?.milliseconds ?? 0);
}

/** Returns the colour of a pass: forward, backward, update or waiting. */
export function passTone(pass: string): Tone {
  const tones: Readonly<Record<string, Tone>> = {
    forward: "blue",
    backward: "orange",
    update: "green",
    waiting: "muted",
  };
  return tones[pass] ?? "purple";
}

/** Formats the pass, layer and name of an operation: "forward dense1: matmul". */
export function formatOperation(
  { pass, layer, operation }: Pick<OperationTime, "pass" | "layer" | "operation">,
): string {
  return `${[pass, layer].filter((part) => part !== "").join(" ")}: ${operation}`;
}
