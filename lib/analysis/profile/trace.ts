/**
 * Encodes profiles in the Trace Event Format of ui.perfetto.dev and chrome://tracing: a track for each
 * worker, with a slice for each step and, within it, a slice for each call.
 *
 * @module
 */

import type { Profile } from "./profile.ts";
import { placeOf } from "./rows.ts";
import { stepsOf, type Timeline } from "./timeline.ts";

/** Fields of every event. */
interface Event {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: Readonly<Record<string, string | number>>;
}

/** A slice of time, with beginning and duration [µs]. */
interface Slice extends Event {
  readonly ph: "X";
  readonly cat: string;
  readonly ts: number;
  readonly dur: number;
}

/** The name or sort index of a process or track. */
interface Label extends Event {
  readonly ph: "M";
  readonly name: "process_name" | "thread_name" | "thread_sort_index";
}

type TraceEvent = Slice | Label;

/** Content of a trace file. */
interface Trace {
  /** All events, in any order. */
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: "ns" | "ms";
}

/** A profiled training: a process of the trace. */
interface TracedRun {
  /** Name of the process. */
  readonly name: string;
  readonly labels: readonly string[];
  readonly timelines: readonly Timeline[];
  /** Cost of each operation, by label. */
  readonly profile: Profile;
}

/** Returns the trace of some runs, with up to `steps` last steps of each. */
export function traceOf(runs: readonly TracedRun[], steps: number): Trace {
  const traceEvents = runs.flatMap((run, index): readonly TraceEvent[] => {
    const pid = index + 1;
    return [
      { ph: "M", name: "process_name", pid, tid: 0, args: { name: run.name } },
      ...run.timelines.flatMap((timeline, worker): readonly TraceEvent[] => {
        const tid = worker + 1;
        return [
          { ph: "M", name: "thread_name", pid, tid, args: { name: `worker ${tid}` } },
          { ph: "M", name: "thread_sort_index", pid, tid, args: { sort_index: tid } },
          ...slicesOf(run, timeline, steps).map((slice): Slice => ({ ...slice, pid, tid })),
        ];
      }),
    ];
  });
  return { traceEvents, displayTimeUnit: "ns" };
}

/** Returns the slices of a worker's last steps. */
function slicesOf(
  { labels, profile }: TracedRun,
  timeline: Timeline,
  most: number,
): readonly Omit<Slice, "pid" | "tid">[] {
  const { intervals, moments } = timeline;
  const costs = new Map(profile.operations.map((operation) => [operation.label, operation]));
  const kinds = intervals.map((call) => {
    if (call === undefined) return { name: "barrier", cat: "barrier", args: {} };
    const label = labels[call];
    const { pass, layer, operation } = placeOf(label);
    const { flops = 0, bytes = 0 } = costs.get(label) ?? {};
    return {
      name: `${pass} ${layer}`.trim() + `: ${operation}`,
      cat: pass,
      args: { operation: label, call, flops, bytes },
    };
  });
  const times = (from: number, to: number) => ({
    ts: nanosecond(moments[from]),
    dur: nanosecond(moments[to] - moments[from]),
  });
  const perStep = intervals.length + 1;
  const steps = stepsOf(timeline);
  return Array.from({ length: Math.min(most, steps) }, (_, index) => {
    const step = Math.max(0, steps - most) + index;
    const first = step * perStep;
    return [
      {
        ph: "X" as const,
        name: `step ${step}`,
        cat: "step",
        args: { step },
        ...times(first, first + perStep - 1),
      },
      ...kinds.map((kind, index) => ({
        ph: "X" as const,
        ...kind,
        ...times(first + index, first + index + 1),
      })),
    ];
  }).flat();
}

/** Rounds microseconds to nanoseconds, which is finer than the clock. */
function nanosecond(microseconds: number): number {
  return Math.round(1000 * microseconds) / 1000;
}
