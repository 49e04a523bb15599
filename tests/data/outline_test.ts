/** Sizes of the user's files from their beginnings. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import type { Dataset } from "../../lib/data/dataset.ts";
import { csv } from "../../lib/data/datasets/csv.ts";
import { idx } from "../../lib/data/datasets/idx.ts";
import { npz } from "../../lib/data/datasets/npz.ts";
import type { GivenSource } from "../../lib/data/datasets/source.ts";
import { type StoredFile, storedFileFromBytes } from "../../lib/data/formats/gzip.ts";
import { writeIdx } from "../../lib/data/formats/idx.ts";
import { below, key } from "../../lib/tensor/random.ts";
import { npy, npzOf } from "./formats/npy.ts";

const PIECE = 2 ** 16;

/** A file that counts the bytes that are read. */
function counted(bytes: Uint8Array): { readonly file: StoredFile; readonly read: () => number } {
  let read = 0;
  const range = (from: number, to: number) => {
    const part = bytes.subarray(from, to);
    read += part.length;
    return Promise.resolve(part);
  };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += PIECE) yield await range(at, at + PIECE);
  }
  const file = { ...storedFileFromBytes(bytes, "own"), range };
  return {
    file: Object.defineProperty(file, "pieces", { get: pieces }),
    read: () => read,
  };
}

/** The sizes and labels of a data set. */
function sizesOf({ classes, train, test }: Dataset) {
  return [train, test].map((samples) =>
    samples && [classes, samples.count, samples.shape, [...samples.labels]]
  );
}

async function outlined(source: GivenSource, contents: readonly Uint8Array[]) {
  const files = contents.map(counted);
  const outline = await source.outline?.(files.map(({ file }) => file));
  assert(outline !== undefined);
  return { ...outline, read: files.map(({ read }) => read()) };
}

const [COUNT, TESTED] = [3000, 500];
/** Numbers below 256 that hardly compress, by a linear congruential generator. */
function noise(count: number): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(count * 400);
  for (let i = 0, state = 1; i < values.length; i++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    values[i] = state >>> 24;
  }
  return values;
}

const digits = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 7) % 5);

Deno.test("outline() of IDX files returns the sizes that loading finds, from headers and labels", async () => {
  const contents = [COUNT, TESTED].flatMap((count) => [
    writeIdx({ type: "u8", shape: [count, 20, 20], values: noise(count) }),
    writeIdx({ type: "u8", shape: [count], values: digits(count) }),
  ]);
  const source = idx({ images: "a", labels: "b", testImages: "c", testLabels: "d" });
  const loaded = sizesOf(
    await source.load(contents.map((each) => storedFileFromBytes(each, "own"))),
  );
  for (const pack of [(bytes: Uint8Array) => bytes, (bytes: Uint8Array) => gzipSync(bytes)]) {
    const packed = contents.map((each) => pack(each));
    const { dataset, share, read } = await outlined(source, packed);
    assertEquals([share, sizesOf(dataset)], [1, loaded]);
    assert(read[0] <= 3 * PIECE, `${read[0]}`);
  }
  const [images, ...others] = contents;
  await assertRejects(
    () => outlined(source, [images.subarray(0, 9000), ...others]),
    SyntaxError,
    "expected 1200016 bytes, as its header says (u8, [3000, 20, 20]): received 9000",
  );
});

Deno.test("outline() of arrays returns the sizes that loading finds, from headers and labels", async () => {
  const large = Float64Array.from(noise(COUNT));
  const arrays = {
    x_train: npy([COUNT, 400], large),
    y_train: npy([COUNT], digits(COUNT)),
    x_test: npy([TESTED, 400], large.subarray(0, TESTED * 400)),
    y_test: npy([TESTED], digits(TESTED)),
  };
  const source = npz({ path: "own.npz" });
  for (const level of [0, 6] as const) {
    const content = npzOf(arrays, { level });
    const loaded = sizesOf(await source.load([storedFileFromBytes(content, "own")]));
    const { dataset, share, read: [read] } = await outlined(source, [content]);
    assertEquals([share, sizesOf(dataset)], [1, loaded]);
    if (level === 0) assert(content.length > 1e7 && read < 4e6, `${read} of ${content.length}`);
  }
});

/** A table with a number, a category, a gap now and then, and a class. */
function tableOf(rows: number): Uint8Array<ArrayBuffer> {
  const draw = (row: number, purpose: string, bound: number) => below(key(3, purpose), row, bound);
  const lines = Array.from(
    { length: rows },
    (_, row) =>
      `${draw(row, "age", 90)},town${draw(row, "town", 12)},` +
      `${draw(row, "income", 9) === 0 ? "" : draw(row, "income", 99_999)},class${
        draw(row, "class", 4)
      }`,
  );
  return new TextEncoder().encode(`age,town,income,class\n${lines.join("\n")}\n`);
}

Deno.test("outline() of a small table is exact, and of a large one estimated from some of its lines", async () => {
  const source = csv({ path: "own.csv", missing: "mean" });
  const small = tableOf(500);
  const exact = await outlined(source, [small]);
  assertEquals(exact.share, 1);
  assertEquals(
    sizesOf(exact.dataset),
    sizesOf(await source.load([storedFileFromBytes(small, "own")])),
  );

  const rows = 20_000;
  for (const pack of [(bytes: Uint8Array) => bytes, gzipSync]) {
    const { dataset: { train, classes, table }, share, read } = await outlined(
      source,
      [pack(tableOf(rows))],
    );
    assert(share > 0.2 && share < 0.8, `${share}`);
    assert(read[0] < 400_000, `${read[0]}`);
    assertAlmostEquals(train.count, rows, 0.02 * rows);
    assertEquals(train.labels.length, train.count);
    assertEquals(classes, ["class0", "class1", "class2", "class3"]);
    assertEquals(table?.columns.map(({ categories }) => categories?.length), [
      undefined,
      12,
      undefined,
    ]);
  }
  const long = new TextEncoder().encode(`a,b\n${"1".repeat(400_000)},x\n`.repeat(3));
  await assertRejects(
    () => outlined(source, [long.subarray(4)]),
    SyntaxError,
    "received longer ones",
  );
});
