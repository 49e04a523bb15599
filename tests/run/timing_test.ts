import { assertEquals, assertThrows } from "@std/assert";
import { decodeTiming, encodeTiming, type RunTiming } from "../../lib/run/timing.ts";

const STAGES = [{ stage: "load", milliseconds: 134 }, { stage: "train", milliseconds: 776 }];
const TIMING: RunTiming = {
  stages: STAGES,
  training: {
    activities: [
      { training: "setup", milliseconds: 78.2 },
      { training: "steps", milliseconds: 512.4 },
    ],
    steps: { after: 860, steps: 3440, samples: 220_000, timed: 107 },
    epochs: [{ epoch: 2, milliseconds: 121.5 }, { epoch: 3, milliseconds: 118 }],
    operations: [{
      pass: "forward",
      layer: "dense1",
      operation: "matmul: sparseProduct",
      microseconds: 16.5,
    }],
  },
  link: { ranks: 4, latency: 28.5, bandwidth: 1180 },
};

Deno.test("encodeTiming() has a line for each time, and decodeTiming() reads them", () => {
  const text = encodeTiming(TIMING);
  assertEquals(text.split("\n").length - 1, 2 + 2 + 1 + 2 + 1 + 1);
  assertEquals(decodeTiming(text), TIMING);
});

Deno.test("decodeTiming() reads files of stages alone, as in older runs and ensembles", () => {
  const text = encodeTiming({ stages: STAGES });
  assertEquals(
    text,
    '{"stage":"load","milliseconds":134}\n{"stage":"train","milliseconds":776}\n',
  );
  assertEquals(decodeTiming(text), { stages: STAGES });
  assertEquals(decodeTiming(""), { stages: [] });
});

Deno.test("decodeTiming() rejects texts that are not lines of the file", () => {
  const wrong = ['{"stage":"load"}', '{"training":"sleep","milliseconds":1}', "[]"];
  for (const line of wrong) {
    assertThrows(
      () => decodeTiming(`${line}\n`),
      SyntaxError,
      "Cannot read timing.jsonl: expected another value",
    );
  }
});
