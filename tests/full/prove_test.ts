/** Samples of the proofs that need Debian packages. An engine that is missing is left out with a message. */
import { assertEquals } from "@std/assert";
import { proofs } from "../prove/proofs.ts";

for (const { name, about, needsPackages = false, run } of proofs) {
  if (!needsPackages) continue;
  Deno.test(`a sample of the proof "${name}" holds: ${about}`, async () => {
    const { failures } = await run({ sample: true, seed: 1, log: console.warn });
    assertEquals(failures, []);
  });
}
