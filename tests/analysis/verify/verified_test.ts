import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeVerifiedRuns,
  encodeVerifiedRuns,
  findFaults,
  testAccuracy,
  type VerifiedRun,
} from "../../../lib/analysis/verify/verified.ts";

const RUN: VerifiedRun = {
  seed: 1,
  run: "mnist-mlp-0123456789",
  parameters: 101_770,
  samples: 10_000,
  mistakes: 186,
  file: "model.safetensors",
  sha256: "0a".repeat(32),
};

Deno.test("decodeVerifiedRuns() reads the output of encodeVerifiedRuns(), and rejects other texts", () => {
  const runs = [RUN, { ...RUN, seed: 2, mistakes: 0 }];
  const text = encodeVerifiedRuns(runs);
  assertEquals(text.split("\n").length, 3);
  assertEquals(decodeVerifiedRuns(text, "runs.jsonl"), runs);
  const wrong = text.replace('"mistakes":186', '"mistakes":-1');
  assertThrows(() => decodeVerifiedRuns(wrong, "runs.jsonl"), SyntaxError, "runs.jsonl");
  assertThrows(() => decodeVerifiedRuns(text.slice(0, -9), "runs.jsonl"), SyntaxError);
});

Deno.test("testAccuracy() is the fraction of samples that are classified correctly", () => {
  assertEquals(testAccuracy(RUN), 0.9814);
});

Deno.test("findFaults() is empty for a run with the known results", () => {
  assertEquals(findFaults({ ...RUN }, { floor: 0.9814, expected: RUN }), []);
});

Deno.test("findFaults() lists low accuracy, an unknown seed, and every difference", () => {
  assertEquals(findFaults(RUN, { floor: 0.9815, expected: undefined }), [
    "expected an accuracy of at least 98.15 %: received 98.14 %",
    "expected a seed with a known run: received 1",
  ]);
  const other = { ...RUN, run: "mnist-mlp-9", mistakes: 185, sha256: "b".repeat(64) };
  assertEquals(findFaults(other, { floor: 0, expected: RUN }), [
    'expected the run "mnist-mlp-0123456789", of that config and data: received "mnist-mlp-9"',
    "expected 186 mistakes: received 185",
    "expected model.safetensors with the SHA-256 0a0a0a0a0a0a…: received bbbbbbbbbbbb…",
  ]);
});
