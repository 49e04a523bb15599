/**
 * Traces in the Trace Event Format, which ui.perfetto.dev and chrome://tracing open: a track for each
 * worker, on it a slice for each call, within a slice for each step.
 *
 * @module
 */

import type { Profile } from "./profile.ts";
import { placeOf } from "./rows.ts";
import { stepsOf, type Timeline } from "./timeline.ts";

/** An event: a slice ("X", with begin and length in microseconds) or a name ("M"). */
type TraceEvent =
  | {
    readonly ph: "X";
    readonly name: string;
    readonly cat: string;
    readonly pid: number;
    readonly tid: number;
    readonly ts: number;
    readonly dur: number;
    readonly args: Readonly<Record<string, string | number>>;
  }
  | {
    readonly ph: "M";
    readonly name: "process_name" | "thread_name" | "thread_sort_index";
    readonly pid: number;
    readonly tid: number;
    readonly args: Readonly<Record<string, string | number>>;
  };

/** A trace file's content. */
interface Trace {
  /** All events; their order does not matter. */
  readonly traceEvents: readonly TraceEvent[];
  /** What viewers show times in. */
  readonly displayTimeUnit: "ns" | "ms";
}

/** A training that was watched: a process of the trace. */
interface TracedRun {
  /** Name of the process. */
  readonly name: string;
  readonly labels: readonly string[];
  /** A timeline for each worker. */
  readonly timelines: readonly Timeline[];
  /** What the operations cost, by label. */
  readonly profile: Profile;
}

/** The trace of some runs: of each the last steps, at most so many. */
export function traceOf(runs: readonly TracedRun[], steps: number): Trace {
  const traceEvents = runs.flatMap((run, index) => {
    const pid = index + 1;
    const name: TraceEvent = {
      ph: "M",
      name: "process_name",
      pid,
      tid: 0,
      args: { name: run.name },
    };
    return [
      name,
      ...run.timelines.flatMap((timeline, worker) => [
        ...trackNames(pid, worker),
        ...slices(run, timeline, { pid, tid: worker + 1, steps }),
      ]),
    ];
  });
  return { traceEvents, displayTimeUnit: "ns" };
}

function trackNames(pid: number, worker: number): readonly TraceEvent[] {
  const tid = worker + 1;
  return [
    { ph: "M", name: "thread_name", pid, tid, args: { name: `worker ${tid}` } },
    { ph: "M", name: "thread_sort_index", pid, tid, args: { sort_index: tid } },
  ];
}

function slices(
  { labels, profile }: TracedRun,
  timeline: Timeline,
  { pid, tid, steps: most }: { readonly pid: number; readonly tid: number; readonly steps: number },
): readonly TraceEvent[] {
  const { intervals, moments } = timeline;
  const perStep = intervals.length + 1;
  const steps = stepsOf(timeline);
  const costs = new Map(profile.operations.map((operation) => [operation.label, operation]));
  const slice = (
    from: number,
    to: number,
    rest: Pick<TraceEvent, "args"> & {
      readonly name: string;
      readonly cat: string;
    },
  ): TraceEvent => {
    const [begin, end] = [moments[from], moments[to]];
    return { ph: "X", ...rest, pid, tid, ts: nanosecond(begin), dur: nanosecond(end - begin) };
  };
  const events: TraceEvent[] = [];
  for (let step = Math.max(0, steps - most); step < steps; step++) {
    const first = step * perStep;
    const args = { step };
    events.push(slice(first, first + perStep - 1, { name: `step ${step}`, cat: "step", args }));
    for (const [index, call] of intervals.entries()) {
      const at = first + index;
      if (call === undefined) {
        events.push(slice(at, at + 1, { name: "barrier", cat: "barrier", args: {} }));
        continue;
      }
      const label = labels[call];
      const { pass, layer, operation } = placeOf(label);
      const { flops = 0, bytes = 0 } = costs.get(label) ?? {};
      events.push(slice(at, at + 1, {
        name: `${pass} ${layer}`.trim() + `: ${operation}`,
        cat: pass,
        args: { operation: label, call, flops, bytes },
      }));
    }
  }
  return events;
}

/** Microseconds rounded to nanoseconds, finer than any clock here. */
function nanosecond(microseconds: number): number {
  return Math.round(1000 * microseconds) / 1000;
}
