import fc from "fast-check";
import { assertAgrees, assertAgreesFor } from "./bits.ts";
import { examples } from "./random_graph.ts";

Deno.test("compile() computes the reference's bits for random expressions with states", () => {
  fc.assert(
    fc.property(examples(1, 25), ({ source, bindings }) => void assertAgrees(source, bindings)),
    { seed: 1, numRuns: 400 },
  );
});

Deno.test("compile() computes the reference's bits for larger expressions, step after step", () => {
  fc.assert(
    fc.property(
      examples(25, 80),
      ({ source, bindings }) => void assertAgreesFor(3, source, bindings),
    ),
    { seed: 2, numRuns: 60 },
  );
});

Deno.test("compile() computes the same bits if it checks every result", () => {
  fc.assert(
    fc.property(
      examples(1, 25),
      ({ source, bindings }) => void assertAgrees({ ...source, check: true }, bindings),
    ),
    { seed: 3, numRuns: 60 },
  );
});
