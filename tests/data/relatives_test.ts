/** Relatives of MNIST that lie in a folder: KMNIST, QMNIST and EMNIST. */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { Dataset } from "../../lib/data/dataset.ts";
import { emnist } from "../../lib/data/datasets/emnist.ts";
import { kmnist } from "../../lib/data/datasets/kmnist.ts";
import { qmnist } from "../../lib/data/datasets/qmnist.ts";
import type { GivenSource } from "../../lib/data/datasets/source.ts";
import { storedFileFromBytes } from "../../lib/data/formats/gzip.ts";
import { type Idx, writeIdx } from "../../lib/data/formats/idx.ts";
import { loadDataset } from "../../lib/io/datasets.ts";
import { runExperiment } from "../../pipelines/experiment/experiment.ts";
import { parseConfig } from "../../lib/config/read.ts";
import { RULES } from "../../pipelines/experiment/config_file.ts";
import { openView } from "../../pipelines/cli/view.ts";
import { inWorkspace, TINY } from "../pipelines/workspace.ts";

const u8 = (shape: readonly number[], ...values: number[]): Idx => (
  { type: "u8", shape, values: Uint8Array.from(values) }
);

/** Two images of 3 columns and 2 rows. */
const IMAGES = u8([2, 2, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

/** Loads a source of arrays, the same to learn from and to test on. */
function load(source: GivenSource, images: Idx, labels: Idx): Promise<Dataset> {
  const stored = [images, labels, images, labels].map((idx, i) =>
    storedFileFromBytes(writeIdx(idx), source.files[i]?.path ?? "")
  );
  return source.load(stored);
}

Deno.test("kmnist() reads the four files as MNIST's, with its own classes", async () => {
  const { train, test, classes, hashes } = await load(kmnist(), IMAGES, u8([2], 9, 0));
  assertEquals(train.values, Uint8Array.from(IMAGES.values));
  assertEquals([train.shape, train.labels], [[2, 3], Uint16Array.of(9, 0)]);
  assertEquals(test, train);
  assertEquals([classes.length, classes[9]], [10, "wo"]);
  assertEquals(hashes.map(({ file }) => file), [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]);
});

Deno.test("qmnist() reads the class from eight columns of labels", async () => {
  const values = Int32Array.of(5, 0, 2606, 145, 35, 134, 73, 0, 3, 1, 2, 4, 5, 6, 7, 8);
  const { train, classes } = await load(qmnist(), IMAGES, { type: "i32", shape: [2, 8], values });
  assertEquals([train.labels, classes.length], [Uint16Array.of(5, 3), 10]);
  await assertRejects(
    () => load(qmnist(), IMAGES, u8([2], 5, 3)),
    TypeError,
    'Cannot read "qmnist/qmnist-train-labels-idx2-int": expected labels of shape [samples, 8]: ' +
      "received [2]",
  );
});

Deno.test("emnist() transposes its images", async () => {
  const { train } = await load(emnist(), IMAGES, u8([2], 0, 46));
  assertEquals(train.shape, [3, 2]);
  assertEquals(train.values, Uint8Array.of(1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12));
  await assertRejects(
    () => load(emnist(), u8([2, 3], 1, 2, 3, 4, 5, 6), u8([2], 0, 1)),
    TypeError,
    "expected u8 of shape [samples, width, height]: received u8 of shape [2, 3]",
  );
});

Deno.test("emnist() names the classes of each split", async () => {
  const named = async (split: "balanced" | "byclass" | "letters" | "digits", label: number) => {
    const { classes, train } = await load(emnist({ split }), IMAGES, u8([2], label, label));
    return [classes.length, classes[train.labels[0]]];
  };
  // as its files "emnist-balanced-mapping.txt" and others have them: 38 is ASCII 100, 46 is 116
  assertEquals(await named("balanced", 38), [47, "d"]);
  assertEquals(await named("balanced", 46), [47, "t"]);
  assertEquals(await named("byclass", 61), [62, "z"]);
  assertEquals(await named("letters", 1), [26, "A"]);
  assertEquals(await named("letters", 26), [26, "Z"]);
  assertEquals(await named("digits", 7), [10, "7"]);
  await assertRejects(
    () => load(emnist({ split: "letters" }), IMAGES, u8([2], 1, 0)),
    RangeError,
    "expected labels from 0 to 25, the number of classes less 1: received -1 for sample 1",
  );
});

Deno.test("data sets in a folder are found compressed or not, in the given folder or a subfolder of their name", () =>
  inWorkspace(async ({ folder, write }) => {
    const gzip = async (bytes: Uint8Array<ArrayBuffer>) =>
      new Uint8Array(
        await new Response(
          new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")),
        ).arrayBuffer(),
      );
    const source = kmnist({ directory: "kana" });
    for (const [i, { path = "" }] of source.files.entries()) {
      const bytes = writeIdx(i % 2 === 0 ? IMAGES : u8([2], 9, 0));
      await write(i < 2 ? `${path}.gz` : path, i < 2 ? await gzip(bytes) : bytes);
    }
    const options = { directory: folder, cacheDirectory: folder };
    const { train } = await loadDataset(source, options);
    assertEquals(train.labels, Uint16Array.of(9, 0));
    const missing = join(folder, "kmnist/train-images-idx3-ubyte");
    await assertRejects(() => loadDataset(kmnist(), options), Deno.errors.NotFound, missing);
  }));

Deno.test("train on EMNIST names its 47 classes", () =>
  inWorkspace(async ({ folder, write }) => {
    const count = 141; // three of each class
    const pixels = Array.from({ length: count * 14 }, (_, i) => i * 37 % 256);
    const labels = Array.from({ length: count }, (_, i) => i % 47);
    for (const [i, { path = "" }] of emnist().files.entries()) {
      const content = i % 2 === 0 ? u8([count, 7, 2], ...pixels) : u8([count], ...labels);
      await write(path, writeIdx(content));
    }
    const pipeline = TINY.pipeline.map((stage) =>
      stage.stage === "load"
        ? { stage: "load", dataset: { name: "emnist" } }
        : stage.stage === "train"
        ? { ...stage, layers: [{ name: "dense", units: 47 }] }
        : stage
    );
    const config = parseConfig({ ...TINY, pipeline }, RULES);
    const path = await runExperiment(config, {
      output: join(folder, "outputs"),
      dataDirectory: folder,
      cacheDirectory: folder,
      fresh: false,
      detail: "quiet",
      view: openView("quiet"),
      workers: 1,
      signal: new AbortController().signal,
    });
    const { test } = JSON.parse(await Deno.readTextFile(join(path, "summary.json")));
    assertEquals([test.classes.length, test.classes[36].name], [47, "a"]);
  }));
