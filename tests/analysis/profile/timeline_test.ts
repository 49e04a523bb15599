import { assertEquals } from "@std/assert";
import {
  countSteps,
  intervalTimes,
  readTimelines,
} from "../../../lib/analysis/profile/timeline.ts";
import { createRecorder, makeTapes } from "../../../lib/engine/workers/tape.ts";

/** Tapes of workers whose clocks were at 0 at 1000; each look at one adds 10. */
function record(detail: "calls" | "steps", workers: number) {
  const tapes = makeTapes(detail, { workers, steps: 2, calls: 3 });
  for (const tape of tapes) {
    let time = 0;
    const recorder = createRecorder({ now: () => time += 10, origin: 1000 });
    recorder.load(tape);
    for (let step = 0; step < 2; step++) {
      recorder.onWaitEnd();
      if (detail === "calls") [0, 2].forEach(recorder.onCallEnd);
      recorder.onWaitEnd();
    }
  }
  return readTimelines(tapes, 2, 900);
}

Deno.test("readTimelines() returns the calls and waits of each step, by the reader's clock", () => {
  const [timeline, other] = record("calls", 2);
  assertEquals(timeline, {
    intervals: [0, 2, undefined],
    moments: Float64Array.of(110, 120, 130, 140, 150, 160, 170, 180),
  });
  assertEquals(other, timeline);
  assertEquals(countSteps(timeline), 2);
  assertEquals(intervalTimes(timeline, 1), Float64Array.of(10, 10));
});

Deno.test("readTimelines() omits the wait at the end of a step for a single worker", () => {
  assertEquals(record("calls", 1), [{
    intervals: [0, 2],
    moments: Float64Array.of(110, 120, 130, 150, 160, 170),
  }]);
});

Deno.test("readTimelines() returns one interval for a step measured as a whole", () => {
  for (const workers of [1, 2]) {
    const [timeline] = record("steps", workers);
    const moments = Float64Array.of(110, 120, 130, 140);
    assertEquals(timeline, { intervals: [undefined], moments });
  }
});
