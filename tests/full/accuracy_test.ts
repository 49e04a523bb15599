/** What the recipes reach on the whole of their data. */
import { assertGreaterOrEqual } from "@std/assert";
import { join } from "@std/path";
import { withRun } from "./task.ts";

/** Where Debian's package dataset-fashion-mnist puts its files. */
const FASHION = "/usr/share/datasets/fashion-mnist";

/** A directory with MNIST's four files, for machines that cannot download them. */
const MNIST = Deno.env.get("MNIST_DIR");

Deno.test("configs/fashion.json reaches 88 % on Fashion-MNIST's test set", async () => {
  await withRun(["configs/fashion.json", "--data-dir", FASHION], async (run) => {
    assertGreaterOrEqual(await testAccuracy(run), 0.88);
  });
});

Deno.test({
  name: "configs/mnist.json reaches 97.8 % on MNIST's test set",
  ignore: MNIST === undefined,
  fn: async () => {
    await withRun(["configs/mnist.json", "--data-dir", MNIST ?? ""], async (run) => {
      assertGreaterOrEqual(await testAccuracy(run), 0.978);
    });
  },
});

async function testAccuracy(run: string): Promise<number> {
  return JSON.parse(await Deno.readTextFile(join(run, "summary.json"))).test.accuracy;
}
