import { assertEquals } from "@std/assert";
import { appendSteps, emptySteps, type StepSeries } from "../../lib/run/steps.ts";

/** Two steps whose figures tell the series apart. */
const series = (first: number): StepSeries => ({
  loss: new Float32Array([first, first + 1]),
  learningRate: new Float32Array([first + 10, first + 11]),
  correct: new Float32Array([first + 20, first + 21]),
  gradientNorm: new Float32Array([first + 30, first + 31]),
});

Deno.test("appendSteps() appends each series to its own, and changes neither argument", () => {
  const [before, more] = [series(0), series(2)];
  assertEquals(appendSteps(before, more), {
    loss: new Float32Array([0, 1, 2, 3]),
    learningRate: new Float32Array([10, 11, 12, 13]),
    correct: new Float32Array([20, 21, 22, 23]),
    gradientNorm: new Float32Array([30, 31, 32, 33]),
  });
  assertEquals([before, more], [series(0), series(2)]);
});

Deno.test("emptySteps() is neutral on both sides", () => {
  assertEquals(appendSteps(emptySteps(), series(5)), series(5));
  assertEquals(appendSteps(series(5), emptySteps()), series(5));
});
