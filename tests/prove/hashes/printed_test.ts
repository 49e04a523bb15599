import { assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { sha256 } from "../../../lib/data/sha256.ts";
import { SMALL_RUNS } from "../../golden/small_runs.ts";
import kept from "../../golden/small_runs.json" with { type: "json" };
import { MissingError, output } from "../process.ts";
import { hashOfHashes, readPrinted } from "./printed.ts";

/**
 * Returns the output of an engine whose runs all have the same bytes, except for the last byte of the last
 * model.
 */
function printed(last: string): string {
  const bytes = { model: "0001", state: "02", steps: "", probabilities: "ff" };
  const lines = Object.keys(SMALL_RUNS).flatMap((run, index, { length }) =>
    [false, true].map((interrupted) => {
      const model = index === length - 1 && interrupted ? `00${last}` : bytes.model;
      return JSON.stringify({ run, interrupted, bytes: { ...bytes, model } });
    })
  );
  return [...lines, "done", ""].join("\n");
}

Deno.test("readPrinted() hashes the bytes of all runs, and detects a byte that differs", () => {
  const each = Object.fromEntries(
    Object.entries({ model: [0, 1], state: [2], steps: [], probabilities: [255] })
      .map(([what, bytes]) => [what, sha256(Uint8Array.from(bytes))]),
  );
  const hashes = Object.fromEntries(Object.keys(SMALL_RUNS).map((run) => [run, each]));
  const same = readPrinted(printed("01"));
  assertEquals(same, { undisturbed: hashOfHashes(hashes), resumed: hashOfHashes(hashes) });
  const other = readPrinted(printed("03"));
  assertEquals(other.undisturbed, same.undisturbed);
  assertNotEquals(other.resumed, same.resumed);
});

Deno.test("readPrinted() rejects the output of an engine that ended before its last run", () => {
  const [first = ""] = printed("01").split("\n");
  assertThrows(() => readPrinted(first), SyntaxError, 'expected "done"');
});

Deno.test("output() distinguishes a missing program from one that fails", async () => {
  await assertRejects(() => output("no-such-engine", []), MissingError, '"no-such-engine"');
  const fails = () => output(Deno.execPath(), ["eval", "console.error('why'); Deno.exit(3)"]);
  await assertRejects(fails, Error, "ended with 3: why");
});

Deno.test("the page shows the committed hash of the small runs, and no other", async () => {
  const page = await Deno.readTextFile(new URL("../../../lib/docs/exactness.md", import.meta.url));
  const [, table = ""] = /<!-- prove hashes -->([^]*)<!-- \/prove hashes -->/.exec(page) ?? [];
  const shown = [...table.matchAll(/`([0-9a-f]{16})`/g)].map(([, hash]) => hash);
  assertEquals([...new Set(shown)], [hashOfHashes(kept).slice(0, 16)]);
});
