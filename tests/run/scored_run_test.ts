import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { decodeResults, encodeResults } from "../../lib/run/results.ts";
import { scoredRun } from "../../lib/run/scored_run.ts";
import { RECORD } from "./example.ts";

Deno.test("scoredRun() reads the numbers of validation and test", () => {
  const { scores, epochs, run } = scoredRun([], RECORD);
  assertEquals([run, epochs], ["tiny-0123456789", 2]);
  assertAlmostEquals(scores.validation?.accuracy ?? NaN, 2 / 3, 1e-15); // the second is a mistake
  assertEquals(scores.validation?.loss, 0.1);
});

Deno.test("decodeResults() returns the members of encodeResults()", () => {
  const score = { accuracy: 0.5, interval: [0.375, 0.625], loss: 0.5 } as const;
  const member = { settings: [{ key: "rate", value: 1 }], run: "r-0123456780", epochs: 3 };
  const named = [
    { ...member, scores: { validation: score } },
    { ...member, run: "r-0123456781", scores: {} },
  ];
  assertEquals(decodeResults(encodeResults({ ...RECORD, members: named })).members, named);
  assertEquals(Object.hasOwn(decodeResults(encodeResults(RECORD)), "members"), false);
  // a member's folder is looked for beside the ensemble's, and nowhere else
  const elsewhere = encodeResults({
    ...RECORD,
    members: [{ ...member, scores: {}, run: "../r-0123456789" }],
  });
  assertThrows(() => decodeResults(elsewhere), SyntaxError, "results.safetensors");
});
