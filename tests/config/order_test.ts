import { assertEquals } from "@std/assert";
import { findOrderProblems } from "../../lib/config/order.ts";
import { stages } from "./example.ts";

const ORDER = ["load", "split", "normalize", "train", "evaluate", "report"];

Deno.test("findOrderProblems() accepts the order of the data, complete or truncated", () => {
  for (let length = 0; length <= ORDER.length; length++) {
    assertEquals(findOrderProblems(ORDER.slice(0, length), stages), []);
  }
});

Deno.test("findOrderProblems() names the stage, the missing need and the remedy", () => {
  const order = ["load", "split", "normalize", "train", "report", "evaluate"];
  assertEquals(findOrderProblems(order, stages)[0], {
    path: ["pipeline", 4],
    message:
      'stage 5 "report": expected "evaluations" from an earlier stage: received none: put "evaluate" ' +
      "before it",
  });
});

Deno.test("findOrderProblems() accepts only the right one of all orders of six stages", () => {
  const right = permutations(ORDER).filter((order) =>
    findOrderProblems(order, stages).length === 0
  );
  assertEquals(right, [ORDER]);
});

Deno.test("findOrderProblems() ignores needs while a name is unknown, but finds repetitions", () => {
  assertEquals(findOrderProblems(["lod", "split"], stages), []);
  assertEquals(findOrderProblems(["split", undefined], stages), []);
  assertEquals(findOrderProblems(["lod", "split", "split"], stages).map(({ path }) => path), [
    ["pipeline", 2],
  ]);
  assertEquals(findOrderProblems(["constructor"], stages), []);
});

Deno.test("findOrderProblems() lists every stage that provides a missing need", () => {
  const table = {
    a: { needs: [], gives: ["x"] },
    b: { needs: [], gives: ["x"] },
    c: { needs: ["x", "y"], gives: [] },
  };
  assertEquals(findOrderProblems(["c"], table).map(({ message }) => message), [
    'stage 1 "c": expected "x" from an earlier stage: received none: put "a" or "b" before it',
    'stage 1 "c": expected "y" from an earlier stage: received none',
  ]);
});

Deno.test("findOrderProblems() rejects a stage that changes data which an earlier stage has used", () => {
  const table = {
    give: { needs: [], gives: ["x"] },
    change: { needs: ["x"], gives: ["x"] },
    again: { needs: ["x"], gives: ["x"] },
    use: { needs: ["x"], gives: ["y"] },
  };
  const messages = (...names: readonly string[]) =>
    findOrderProblems(names, table).map(({ message }) => message);
  assertEquals(messages("give", "use"), []);
  assertEquals(messages("give", "change", "again", "use"), []);
  assertEquals(messages("give", "again", "change", "use"), []);
  assertEquals(messages("give", "use", "change"), [
    'stage 3 "change": expected to change "x" before it is used: received it after "use": put it before that',
  ]);
  // who changes a thing does not give it at first
  assertEquals(messages("change"), [
    'stage 1 "change": expected "x" from an earlier stage: received none: put "give" before it',
  ]);
});

function permutations(items: readonly string[]): readonly (readonly string[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest])
  );
}
