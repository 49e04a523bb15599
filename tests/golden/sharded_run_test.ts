/**
 * A small run in micro-batches leaves the same bytes by any number of ranks and workers. A change of a hash is
 * a change of the numbers: raise FORMAT_VERSION.
 */
import { assertEquals } from "@std/assert";
import { sha256 } from "../../lib/data/sha256.ts";
import { localRanks } from "../train/local_ranks.ts";
import { runSmall, SHARDED_RUN, type SmallRunOptions } from "./small_runs.ts";

const HASHES = {
  model: "d0f7db9f430035d019d2bbff832efc27353dab46114eb5ba5cfa7bc91ae5cf34",
  state: "0ed2ade07addc5c98aeaa3c83013c3aa22b3786b239b2cd6451f8877a62f8bf5",
  steps: "a12554f1a23882123fc0a497bc7b91ea68f1fbd0ff6e77c8fbbd47cf78a8cc99",
  probabilities: "5cc2e6a72ad8145518e4e83e2990e0414f997ef21c6783c66a145c695135f311",
};

async function hashesOf(options: SmallRunOptions) {
  const bytes = Object.entries(await runSmall(SHARDED_RUN, options));
  return Object.fromEntries(bytes.map(([what, bytes]) => [what, sha256(bytes)]));
}

Deno.test("a small run in micro-batches has the bytes of its committed hash, by one process", async () => {
  assertEquals(await hashesOf({ workers: 1 }), HASHES);
  assertEquals(await hashesOf({ workers: 3, interrupted: true }), HASHES);
});

for (const size of [2, 3, 4]) {
  Deno.test(`a small run in micro-batches has the bytes of its committed hash, by ${size} ranks`, async () => {
    for (const workers of [1, 2]) {
      const ranks = localRanks(size);
      const found = await Promise.all(ranks.map((ranks) => hashesOf({ workers, ranks })));
      for (const hashes of found) assertEquals(hashes, HASHES);
    }
  });
}
