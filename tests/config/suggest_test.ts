import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { editDistance, nearest } from "../../lib/config/messages/suggest.ts";

const NAMES = ["sgd", "momentum", "adam", "batchSize", "epochs"];

Deno.test("nearest() finds the intended name", () => {
  for (
    const [word, name] of [
      ["adm", "adam"],
      ["Adam", "adam"],
      ["adma", "adam"],
      ["epoch", "epochs"],
      ["batch_size", "batchSize"],
      ["batch-size", "batchSize"],
      ["batchsize", "batchSize"],
      ["momentun", "momentum"],
      ["sdg", "sgd"],
      ["batch", "batchSize"],
    ] as const
  ) assertEquals(nearest(word, NAMES), name);
});

Deno.test("nearest() finds names by common parts with names of other libraries, and by initials", () => {
  const losses = ["softmaxCrossEntropy", "meanSquaredError", "hinge", "focal"];
  for (
    const [word, name] of [
      ["crossentropy", "softmaxCrossEntropy"],
      ["CrossEntropyLoss", "softmaxCrossEntropy"],
      ["categorical_crossentropy", "softmaxCrossEntropy"],
      ["cross", "softmaxCrossEntropy"],
      ["mse", "meanSquaredError"],
      ["hinge_loss", "hinge"],
      ["nll", undefined],
      ["cro", undefined],
      ["entrance", undefined],
    ] as const
  ) assertEquals(nearest(word, losses), name, word);
});

Deno.test("nearest() finds nothing if no name is near", () => {
  for (const word of ["", "x", "rmsprop", "lamb", "e", "bat", "a".repeat(1_000_000)]) {
    assertEquals(nearest(word, NAMES), undefined, word.slice(0, 9));
  }
  assertEquals(nearest("adam", []), undefined);
});

Deno.test("nearest() prefers the first of equally near names", () => {
  assertEquals(nearest("bat", ["cat", "rat"]), "cat");
});

Deno.test("editDistance() counts insertions, deletions, substitutions and swaps", () => {
  assertEquals(editDistance("", ""), 0);
  assertEquals(editDistance("", "abc"), 3);
  assertEquals(editDistance("kitten", "sitting"), 3);
  assertEquals(editDistance("abcd", "abdc"), 1);
  assertEquals(editDistance("ca", "abc"), 3); // no edit inside a swap
});

Deno.test("editDistance() is symmetric, zero for equal words only, at most the longer length", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      assertEquals(distance, editDistance(b, a));
      assertEquals(distance === 0, a === b);
      assertEquals(distance <= Math.max(a.length, b.length), true);
      assertEquals(distance >= Math.abs(a.length - b.length), true);
    }),
    { seed: 7 },
  );
});
