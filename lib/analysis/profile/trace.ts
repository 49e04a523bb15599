/**
 * Converts profiles to the Trace Event Format of ui.perfetto.dev and chrome://tracing: a track for each
 * worker, with a slice for each step and, within it, a slice for each call.
 *
 * @module
 */

import type { Profile } from "./profile.ts";
import { parseCallLabel } from "./rows.ts";
import { countSteps, type Timeline } from "./timeline.ts";

/** Fields that every event of a trace has. */
interface Event {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: Readonly<Record<string, string | number>>;
}

/** An event with a duration: a step, kernel call or wait, with beginning `ts` and duration `dur` [µs]. */
interface Slice extends Event {
  readonly ph: "X";
  readonly cat: string;
  readonly ts: number;
  readonly dur: number;
}

/** An event that names a process or a track, or sets the position of a track. */
interface Label extends Event {
  readonly ph: "M";
  readonly name: "process_name" | "thread_name" | "thread_sort_index";
}

type TraceEvent = Slice | Label;

/** Content of a trace file in the Trace Event Format. */
interface Trace {
  /** All events, in any order. */
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: "ns" | "ms";
}

/** A profiled training, which becomes a process of the trace. */
interface TracedRun {
  /** Name of the process. */
  readonly name: string;
  /** Label of each kernel call of the program. */
  readonly labels: readonly string[];
  /** Timeline of each worker. */
  readonly timelines: readonly Timeline[];
  /** Profile of the same training, for the cost of each operation. */
  readonly profile: Profile;
}

/**
 * Returns the trace of profiled trainings.
 *
 * @param steps largest number of steps of each training; the last ones are kept
 */
export function buildTrace(runs: readonly TracedRun[], steps: number): Trace {
  const traceEvents = runs.flatMap((run, index): readonly TraceEvent[] => {
    const pid = index + 1;
    return [
      { ph: "M", name: "process_name", pid, tid: 0, args: { name: run.name } },
      ...run.timelines.flatMap((timeline, worker): readonly TraceEvent[] => {
        const tid = worker + 1;
        return [
          { ph: "M", name: "thread_name", pid, tid, args: { name: `worker ${tid}` } },
          { ph: "M", name: "thread_sort_index", pid, tid, args: { sort_index: tid } },
          ...lastStepSlices(run, timeline, steps).map((slice): Slice => ({ ...slice, pid, tid })),
        ];
      }),
    ];
  });
  return { traceEvents, displayTimeUnit: "ns" };
}

/**
 * Returns the slices of a worker's last steps: one for each step, and one for each of its intervals.
 *
 * @param most largest number of steps
 */
function lastStepSlices(
  { labels, profile }: TracedRun,
  timeline: Timeline,
  most: number,
): readonly Omit<Slice, "pid" | "tid">[] {
  const { intervals, moments } = timeline;
  const costs = new Map(profile.operations.map((operation) => [operation.label, operation]));
  const kinds = intervals.map((call) => {
    if (call === undefined) return { name: "barrier", cat: "barrier", args: {} };
    const label = labels[call];
    const { pass, layer, operation } = parseCallLabel(label);
    const { flops = 0, bytes = 0 } = costs.get(label) ?? {};
    return {
      name: `${pass} ${layer}`.trim() + `: ${operation}`,
      cat: pass,
      args: { operation: label, call, flops, bytes },
    };
  });
  const times = (from: number, to: number) => ({
    ts: roundToNanosecond(moments[from]),
    dur: roundToNanosecond(moments[to] - moments[from]),
  });
  const perStep = intervals.length + 1;
  const steps = countSteps(timeline);
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
function roundToNanosecond(microseconds: number): number {
  return Math.round(1000 * microseconds) / 1000;
}
