import { assertEquals } from "@std/assert";
import {
  replacePathsByHashes,
  withoutFileReferences,
  withoutPaths,
} from "../../lib/data/datasets/identity.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";

const hashes = [{ file: "table", sha256: "a".repeat(64) }];
const onLoad = (dataset: object) => ({ seed: 1, pipeline: [{ stage: "load", dataset }] });

Deno.test("replacePathsByHashes() replaces the paths of a user's data by hashes", () => {
  const config = onLoad({ name: "csv", path: "a.csv", test: "b.csv", label: 0 });
  const expected = onLoad({ name: "csv", sha256: { table: "a".repeat(64) }, label: 0 });
  assertEquals(replacePathsByHashes(config, hashes), expected);
  assertEquals(replacePathsByHashes(expected, hashes), expected);
  assertEquals(withoutFileReferences(expected), onLoad({ name: "csv", label: 0 }));
  assertEquals(withoutFileReferences(config), onLoad({ name: "csv", label: 0 }));
  assertEquals(withoutPaths(expected), expected);
});

Deno.test("replacePathsByHashes() does not change published data sets and values that are not configs", () => {
  for (
    const config of [onLoad({ name: "mnist" }), onLoad({ name: "?", path: "a" }), {}, {
      pipeline: 3,
    }]
  ) {
    assertEquals(replacePathsByHashes(config, hashes), config);
    assertEquals(withoutFileReferences(config), config);
  }
});

Deno.test("every data set that is read from a user's files lists its paths, and can be pinned", () => {
  for (const [name, { paths, options }] of datasets) {
    const { shape } = options as unknown as { readonly shape: Readonly<Record<string, unknown>> };
    assertEquals("sha256" in shape, paths !== undefined, name);
    assertEquals((paths ?? []).every((path) => path in shape), true, name);
  }
});
