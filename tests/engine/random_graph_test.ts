import fc from "fast-check";
import { assertAgrees } from "./bits.ts";
import { examples } from "./random_graph.ts";

Deno.test("compile() computes the reference's bits for random expressions with states", () => {
  fc.assert(
    fc.property(examples(1, 25), ({ source, bindings }) => void assertAgrees(source, bindings)),
    { seed: 1, numRuns: 400 },
  );
});
