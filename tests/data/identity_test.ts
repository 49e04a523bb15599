import { assertEquals } from "@std/assert";
import { withHashes, withoutFiles, withoutPaths } from "../../lib/data/datasets/identity.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";

const hashes = [{ file: "table", sha256: "a".repeat(64) }];
const onLoad = (dataset: object) => ({ seed: 1, pipeline: [{ stage: "load", dataset }] });

Deno.test("withHashes() has the data of the user's stand by its hashes, and none by paths", () => {
  const config = onLoad({ name: "csv", path: "a.csv", test: "b.csv", label: 0 });
  const expected = onLoad({ name: "csv", sha256: { table: "a".repeat(64) }, label: 0 });
  assertEquals(withHashes(config, hashes), expected);
  assertEquals(withHashes(expected, hashes), expected);
  assertEquals(withoutFiles(expected), onLoad({ name: "csv", label: 0 }));
  assertEquals(withoutFiles(config), onLoad({ name: "csv", label: 0 }));
  assertEquals(withoutPaths(expected), expected);
});

Deno.test("withHashes() leaves published data and what is no config as they are", () => {
  for (
    const config of [onLoad({ name: "mnist" }), onLoad({ name: "?", path: "a" }), {}, {
      pipeline: 3,
    }]
  ) {
    assertEquals(withHashes(config, hashes), config);
    assertEquals(withoutFiles(config), config);
  }
});

Deno.test("every data set that is read from files of the user's names its paths, and can be pinned", () => {
  for (const [name, { paths, options }] of datasets) {
    const { shape } = options as unknown as { readonly shape: Readonly<Record<string, unknown>> };
    assertEquals("sha256" in shape, paths !== undefined, name);
    assertEquals((paths ?? []).every((path) => path in shape), true, name);
  }
});
