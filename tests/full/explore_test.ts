/** The exploration of whole, real data: well-formed, small, and right about what is known of it. */
import { assertEquals, assertLess } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Fashion-MNIST as Debian's package dataset-fashion-mnist has it. */
const FASHION = "/usr/share/datasets/fashion-mnist";

Deno.test("explore draws Fashion-MNIST, in which no two images are equal", async () => {
  const output = await Deno.makeTempDir({ dir: `${ROOT}outputs`, prefix: ".test-" });
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "task",
        "explore",
        "configs/fashion.json",
        "--data-dir",
        FASHION,
        "--output",
        output,
        "--set",
        "split.validation=5000",
      ],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals(code, 0, text(stderr));
    const folder = text(stdout).trimEnd().split("\n").at(-1) as string;
    const file = join(folder, "explore.svg");
    const lint = await new Deno.Command("xmllint", { args: ["--noout", file] }).output();
    assertEquals([lint.code, text(lint.stderr)], [0, ""]);
    assertLess((await Deno.stat(file)).size, 1_000_000);
    const { splits, duplicates, constantFeatures } = JSON.parse(
      await Deno.readTextFile(join(folder, "explore.json")),
    );
    assertEquals(splits.map(({ counts }: { readonly counts: readonly number[] }) => counts), [
      new Array(10).fill(5500),
      new Array(10).fill(500),
      new Array(10).fill(1000),
    ]);
    assertEquals([duplicates.groups, constantFeatures], [0, 0]);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});
