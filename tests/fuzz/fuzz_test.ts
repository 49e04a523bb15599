/** The harness itself; what it finds is a proof, of which tests/prove runs a sample. */
import { assert, assertEquals } from "@std/assert";
import { type Counts, fileOf, runCase, type Target } from "./cases.ts";
import { targets } from "./targets.ts";

const none = (): Counts => ({ accepted: 0, refused: 0, failures: [] });

for (const [name, make] of Object.entries(targets)) {
  Deno.test(`the files from which cases of the format "${name}" are made are valid`, async () => {
    const target = make();
    const counts = none();
    for (const seed of target.seeds) await runCase(target, seed, "a seed", counts);
    assertEquals(counts, { accepted: target.seeds.length, refused: 0, failures: [] });
  });
}

Deno.test("fileOf() is the same for equal seed and number, and mostly different otherwise", () => {
  const target = targets.csv();
  const files = Array.from({ length: 50 }, (_, number) => fileOf(target, "csv", 1, number));
  assertEquals(fileOf(target, "csv", 1, 7), files[7]);
  assertEquals(fileOf(target, "csv", 2, 7) === files[7], false);
  assert(new Set(files.map((file) => file.join())).size > 40);
});

Deno.test("runCase() counts files that are read and rejected, and lists all others", async () => {
  const failuresOf = async (read: Target["read"]) => {
    const counts = none();
    await runCase({ seeds: [], words: [], file: /fuzz/, read }, new Uint8Array(9), "case", counts);
    return [counts.accepted, counts.refused, ...counts.failures.map((each) => each.split("\n")[0])];
  };
  const throwing = (error: Error) => failuresOf(() => Promise.reject(error));
  assertEquals(await failuresOf(() => 1), [1, 0]);
  assertEquals(
    await throwing(new SyntaxError('Cannot read "fuzz": expected a table: received none')),
    [0, 1],
  );
  const internal = "Cannot read properties of undefined (reading 'fuzz')";
  assertEquals(await throwing(new TypeError(internal)), [0, 1, `case: TypeError: ${internal}`]);
  const nameless = "Cannot read: expected a table";
  assertEquals(await throwing(new RangeError(nameless)), [0, 1, `case: RangeError: ${nameless}`]);
  const other = 'Cannot read "fuzz": expected a table';
  assertEquals(await throwing(new Error(other)), [0, 1, `case: Error: ${other}`]);
  assertEquals(
    await failuresOf(() => new Uint8Array(65 * 2 ** 20).length),
    [1, 0, `case: allocated ${65 * 2 ** 20} bytes for a file of 9`],
  );
});
