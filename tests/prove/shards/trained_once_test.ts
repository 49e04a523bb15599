import { assertEquals } from "@std/assert";
import { trainedTwice } from "./trained_once.ts";

/** Lines of a log, a second each: process and message. */
function log(...lines: readonly (readonly [number, string])[]) {
  return lines.map(([process, message], second) => ({
    time: new Date(1000 * second).toISOString(),
    process,
    message,
  }));
}

const KILLED = new Map([[1, 1500]]);

Deno.test("trainedTwice() accepts processes that train one after the other", () => {
  assertEquals(trainedTwice(log([1, "run started"], [1, "run finished"]), new Map()), undefined);
  const lines = log(
    [1, "run started"],
    [1, "epoch finished"],
    [2, "run started"],
    [2, "run finished"],
  );
  assertEquals(trainedTwice(lines, KILLED), undefined);
});

Deno.test("trainedTwice() finds processes that trained at once, in whatever order they logged it", () => {
  const both = log(
    [1, "run started"],
    [2, "run started"],
    [1, "epoch finished"],
    [2, "run finished"],
  );
  assertEquals(trainedTwice(both, KILLED), "was trained by processes in turn: 1,2,1,2");
  const silent = log([1, "run started"], [2, "run started"], [2, "run finished"]);
  assertEquals(trainedTwice(silent, new Map()), "2 started although 1 was not killed");
  assertEquals(trainedTwice(silent, KILLED), "2 started before 1 was killed");
});

Deno.test("trainedTwice() finds runs that finished twice, never, or were trained afterwards", () => {
  const once = log([1, "run started"], [1, "run finished"]);
  assertEquals(trainedTwice([...once, ...once], KILLED), "finished 2 times");
  assertEquals(trainedTwice(once.slice(0, 1), KILLED), "finished 0 times");
  assertEquals(
    trainedTwice([...once, ...log([2, "run started"])], KILLED),
    "was trained after it had finished",
  );
});
