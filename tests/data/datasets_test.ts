import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Dataset } from "../../lib/data/dataset.ts";
import { assembleIdx, type IdxFiles } from "../../lib/data/datasets/assemble.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { mnist10k } from "../../lib/data/datasets/mnist_10k.ts";
import type { DatasetSource, LoadedFile } from "../../lib/data/datasets/source.ts";
import { type Idx, writeIdx } from "../../lib/data/formats/idx.ts";
import { sha256 } from "../../lib/data/sha256.ts";

/** A file as the loader would hand it on. */
function loaded(name: string, idx: Idx): LoadedFile {
  const bytes = writeIdx(idx);
  return { name, origin: `some/${name}`, bytes, sha256: sha256(bytes) };
}

const images = loaded("images", {
  type: "u8",
  shape: [3, 1, 2],
  values: Uint8Array.of(1, 2, 3, 4, 5, 6),
});
const labels = loaded("labels", { type: "u8", shape: [3], values: Uint8Array.of(2, 0, 1) });

function assemble(files: Partial<IdxFiles>): Dataset {
  return assembleIdx({ name: "x", images, labels, ...files });
}

Deno.test("assembleIdx() combines features, labels, classes and hashes", () => {
  const { train, classes, hashes, test } = assemble({ testImages: images, testLabels: labels });
  assertEquals([train.count, train.shape], [3, [1, 2]]);
  assertEquals(train.values, Uint8Array.of(1, 2, 3, 4, 5, 6));
  assertEquals(train.values.buffer, images.bytes.buffer); // a view, no copy
  assertEquals(train.labels, Uint16Array.of(2, 0, 1));
  assertEquals(test, train);
  assertEquals(classes, ["0", "1", "2"]);
  assertEquals(hashes.map(({ file }) => file), ["images", "labels", "images", "labels"]);
  assertEquals(hashes[0]?.sha256, images.sha256);
});

Deno.test("assembleIdx() converts features of any type to 32 bits, and accepts labels of any integer type", () => {
  const values = Float64Array.of(0.1, -1, 2 ** 24 + 1);
  const { train } = assemble({
    images: loaded("images", { type: "f64", shape: [3, 1], values }),
    labels: loaded("labels", { type: "i32", shape: [3], values: Int32Array.of(0, 299, 1) }),
  });
  assertEquals(train.values, Float32Array.of(Math.fround(0.1), -1, 2 ** 24));
  assertEquals(train.labels, Uint16Array.of(0, 299, 1));
});

Deno.test("assembleIdx() rejects inconsistent files", () => {
  const u8 = (shape: readonly number[], ...values: number[]): Idx => ({
    type: "u8",
    shape,
    values: Uint8Array.from(values),
  });
  const cases: readonly (readonly [Partial<IdxFiles>, string])[] = [
    [
      { labels: loaded("labels", u8([2], 0, 1)) },
      'TypeError: Cannot read "some/labels": expected 3 labels, one for each sample of ' +
      '"some/images": received 2',
    ],
    [
      { classes: ["a", "b"] },
      'RangeError: Cannot read "some/labels": expected labels from 0 to 1, the number of classes ' +
      "less 1: received 2 for sample 0",
    ],
    [
      {
        labels: loaded("labels", { type: "i8", shape: [3], values: Int8Array.of(0, 1, -1) }),
      },
      'RangeError: Cannot read "some/labels": expected labels from 0 to 1, the number of classes ' +
      "less 1: received -1 for sample 2",
    ],
    [
      { labels: loaded("l", { type: "i32", shape: [3], values: Int32Array.of(0, 1, 65536) }) },
      'RangeError: Cannot read "some/l": expected labels from 0 to 65535, the number of classes ' +
      "less 1: received 65536 for sample 2",
    ],
    [
      { labels: images },
      'TypeError: Cannot read "some/images": expected labels, integers of 1 dimension: received ' +
      "u8 of shape [3, 1, 2]",
    ],
    [
      { images: labels },
      'TypeError: Cannot read "some/labels": expected at least 2 dimensions, the samples and ' +
      "their features: received [3]",
    ],
    [
      { images: loaded("empty", u8([0, 28, 28])) },
      'RangeError: Cannot read "some/empty": expected at least 1 sample of at least 1 feature: ' +
      "received [0, 28, 28]",
    ],
    [
      { images: loaded("i", { type: "f32", shape: [3, 1], values: Float32Array.of(0, NaN, 1) }) },
      'RangeError: Cannot read "some/i": expected finite 32-bit numbers: received NaN as ' +
      "feature 0 of sample 1",
    ],
    [
      { images: loaded("i", { type: "f64", shape: [3, 1], values: Float64Array.of(0, 1, 1e39) }) },
      'RangeError: Cannot read "some/i": expected finite 32-bit numbers: received 1e+39 as ' +
      "feature 0 of sample 2",
    ],
    [
      { testImages: loaded("t", u8([1, 3], 1, 2, 3)), testLabels: loaded("u", u8([1], 0)) },
      'TypeError: Cannot read "some/t": expected samples of shape [1, 2], as in "some/images": ' +
      "received [3]",
    ],
    [
      { testImages: loaded("t", u8([1, 1, 2], 1, 2)), testLabels: loaded("u", u8([1], 3)) },
      'RangeError: Cannot read "some/u": expected labels from 0 to 2, the number of classes less ' +
      "1: received 3 for sample 0",
    ],
  ];
  for (const [files, message] of cases) {
    const error = assertThrows(() => assemble(files), Error);
    assertEquals(`${error.name}: ${error.message}`, message);
  }
});

Deno.test("every published data set has ten classes and four files with their hashes", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  for (const name of ["mnist", "fashion-mnist"] as const) {
    const source = datasets.create({ name });
    assertEquals(source.kind, "published");
    if (source.kind !== "published") continue;
    assertEquals(source.name, name);
    assertEquals(source.files.map(({ bytes }) => bytes), [47040016, 60008, 7840016, 10008]);
    for (const { sha256 } of source.files) assertEquals(/^[0-9a-f]{64}$/.test(sha256), true);
    assertEquals(new Set(source.files.map(({ sha256 }) => sha256)).size, 4);
    // the program may ask the mirrors, and nobody else
    for (const mirror of source.mirrors) {
      assertStringIncludes(config.tasks.ann.command, new URL(mirror).host);
    }
  }
});

Deno.test("every data set returns the same source for the same options", () => {
  const own = { csv: { path: "a" }, npz: { path: "a" }, images: { path: "a" } };
  const required = { idx: { images: "a", labels: "b" }, ...own };
  for (const name of datasets.names) {
    const options = new Map(Object.entries(required)).get(name);
    const make = (): DatasetSource => datasets.create(datasets.schema.parse({ name, ...options }));
    assertEquals(make().name, name);
    assertEquals(JSON.stringify(make()), JSON.stringify(make()));
  }
});

Deno.test("idx requires test images and test labels together, and rejects unknown options", () => {
  const accepts = (options: object) =>
    datasets.schema.safeParse({ name: "idx", images: "a", labels: "b", ...options }).success;
  assertEquals(accepts({}), true);
  assertEquals(accepts({ testImages: "c", testLabels: "d", classes: ["x"] }), true);
  assertEquals(accepts({ testImages: "c" }), false);
  assertEquals(accepts({ testLabels: "c" }), false);
  assertEquals(accepts({ lables: "c" }), false);
  assertEquals(accepts({ classes: [] }), false);
});

Deno.test("mnist-10k holds out 2,000 digits, a fifth of each class, always the same", async () => {
  const source = mnist10k();
  const modules = await Promise.all(
    source.modules.map(async (specifier) => {
      const module = await import(specifier, { with: { type: "json" } });
      return module.default as unknown;
    }),
  );
  const built = source.build(modules);
  const files = built.map((bytes, i) => ({
    name: source.files[i]?.name ?? "",
    origin: "built",
    bytes,
    sha256: sha256(bytes),
  }));
  assertEquals(
    files.map(({ name, bytes, sha256 }) => ({ name, bytes: bytes.length, sha256 })),
    [...source.files],
  );
  const { train, test, note } = source.assemble(files);
  const count = (labels: Uint16Array = new Uint16Array()) =>
    Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
  // the first 10,000 training images of MNIST hold these many of each digit
  const all = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];
  assertEquals(
    count(test?.labels).map((held, d) => held + count(train.labels)[d]),
    all,
  );
  assertEquals(count(test?.labels), [200, 225, 198, 206, 196, 173, 203, 214, 189, 196]);
  assertStringIncludes(note ?? "", "not the MNIST test set");
});

Deno.test("mnist-10k rejects a package with other content", () => {
  const { build } = mnist10k();
  for (const bad of [null, {}, { data: "x" }, { data: [0, 1] }]) {
    assertThrows(() => build([bad]), TypeError, 'Cannot read digit 0 of the package "mnist"');
  }
});
