import type { BarItem, Tone } from "deno-plot-svg";
import { formatPercent } from "../../format/percent.ts";
import { formatTime } from "../../format/duration.ts";
import type { Activity, OperationTime, TrainingTime } from "../../run/timing.ts";

/** Returns a bar for a time [µs], labelled with the time and its share of `all`. */
export function timeBar(
  name: string,
  time: number,
  all: number,
): Pick<BarItem, "name" | "value" | "label"> {
  return { name, value: time, label: `${formatTime(time)} · ${formatPercent(time / all, 1)}` };
}

export function microsecondsIn({ activities }: TrainingTime, activity: Activity): number {
  return 1000 * (activities.find(({ training }) => training === activity)?.milliseconds ?? 0);
}

export function passTone(pass: string): Tone {
  const tones: Readonly<Record<string, Tone>> = {
    forward: "blue",
    backward: "orange",
    update: "green",
    waiting: "muted",
  };
  return tones[pass] ?? "purple";
}

/** Formats the name of an operation: "forward dense1: matmul". */
export function operationName(
  { pass, layer, operation }: Pick<OperationTime, "pass" | "layer" | "operation">,
): string {
  return `${[pass, layer].filter((part) => part !== "").join(" ")}: ${operation}`;
}
