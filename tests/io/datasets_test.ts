import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { gzipSync } from "node:zlib";
import { assembleIdx } from "../../lib/data/datasets/assemble.ts";
import { idx } from "../../lib/data/datasets/idx.ts";
import { assignRolesInOrder } from "../../lib/data/datasets/published.ts";
import type { EmbeddedSource, PublishedSource } from "../../lib/data/datasets/source.ts";
import { writeIdx } from "../../lib/data/formats/idx.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { isDatasetCached, loadDataset } from "../../lib/io/datasets.ts";
import { type LoadProgress } from "../../lib/io/datasets.ts";
import { startMirror } from "./server.ts";

/** The four files of a data set of three training and two test images of 1 × 2 pixels. */
const CONTENTS: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map([
  ["train-x", writeIdx({ type: "u8", shape: [3, 1, 2], values: Uint8Array.of(1, 2, 3, 4, 5, 6) })],
  ["train-y", writeIdx({ type: "u8", shape: [3], values: Uint8Array.of(0, 1, 0) })],
  ["test-x", writeIdx({ type: "u8", shape: [2, 1, 2], values: Uint8Array.of(7, 8, 9, 10) })],
  ["test-y", writeIdx({ type: "u8", shape: [2], values: Uint8Array.of(1, 0) })],
]);

const FILES = Array.from(CONTENTS, ([name, bytes]) => ({
  name,
  bytes: bytes.length,
  sha256: sha256(bytes),
  packedBytes: 0,
}));

/** The small data set as if it were published. */
function small(...mirrors: readonly string[]): PublishedSource {
  return {
    kind: "published",
    name: "small",
    files: FILES,
    mirrors,
    assemble: (files) => assembleIdx({ name: "small", ...assignRolesInOrder(files) }),
  };
}

/** A mirror that has the files. */
const startGood = () =>
  startMirror((path) => {
    const bytes = CONTENTS.get(path.replace("/mirror/", "").replace(".gz", ""));
    return bytes ? new Response(pack(bytes)) : new Response(null, { status: 404 });
  });

function pack(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytes));
}

/** A directory with a cache folder beside it; both go when the scope ends. */
async function folders(): Promise<AsyncDisposable & { directory: string; cacheDirectory: string }> {
  const root = await Deno.makeTempDir();
  const directory = join(root, "given");
  await Deno.mkdir(directory);
  return {
    directory,
    cacheDirectory: join(root, "cache"),
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

/** Puts the files into a folder, as the function packs each. */
async function fill(
  folder: string,
  stored: (name: string, bytes: Uint8Array) => readonly [string, Uint8Array],
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, bytes] of CONTENTS) {
    const [path, content] = stored(name, bytes);
    await Deno.writeFile(join(folder, path), content);
  }
}

Deno.test("loadDataset() downloads once and then reads from the cache", async () => {
  await using place = await folders();
  const { cacheDirectory } = place;
  const seen: LoadProgress[] = [];
  let source: PublishedSource;
  {
    await using mirror = startGood();
    source = small(mirror.url);
    assertEquals(await isDatasetCached(source, cacheDirectory), false);
    const dataset = await loadDataset(source, {
      cacheDirectory,
      onProgress: (at) => seen.push(at),
    });
    assertEquals(dataset.train.values, Uint8Array.of(1, 2, 3, 4, 5, 6));
    assertEquals(dataset.test?.labels, Uint16Array.of(1, 0));
    assertEquals(
      dataset.hashes,
      FILES.map(({ name, sha256 }) => ({ file: name, sha256 })),
    );
    assertEquals(seen.map(({ file, index, files }) => [file, index, files]), [
      ["train-x", 1, 4],
      ["train-y", 2, 4],
      ["test-x", 3, 4],
      ["test-y", 4, 4],
    ]);
  }
  assertEquals(await isDatasetCached(source, cacheDirectory), true);
  // the mirror is gone now
  assertEquals((await loadDataset(source, { cacheDirectory })).train.count, 3);
});

Deno.test("loadDataset() downloads damaged files of the cache again, and no others", async () => {
  await using place = await folders();
  const { cacheDirectory } = place;
  await using mirror = startGood();
  await loadDataset(small(mirror.url), { cacheDirectory });
  await Deno.writeTextFile(join(cacheDirectory, FILES[2]?.sha256 ?? ""), "damaged");
  const { test } = await loadDataset(small(mirror.url), { cacheDirectory });
  assertEquals(test?.values, Uint8Array.of(7, 8, 9, 10));
  assertEquals(mirror.asked.slice(4), ["/mirror/test-x.gz"]);
});

Deno.test("loadDataset() names other ways to get the data if no mirror can be reached", async () => {
  await using place = await folders();
  const { name, mirrors } = small("http://a.invalid/", "http://b.invalid/c/");
  const offline = () => {
    const cause = new Error("client error (Connect): dns error: failed to lookup address");
    return Promise.reject(new TypeError("fetch failed", { cause }));
  };
  const error = await assertRejects(
    () => loadDataset(small(...mirrors), { cacheDirectory: place.cacheDirectory, fetch: offline }),
    Error,
  );
  assertEquals(
    error.message,
    'Cannot download "train-x": none of 2 mirrors gives it:\n' +
      "  http://a.invalid/train-x.gz: no connection: its address cannot be looked up\n" +
      "  http://b.invalid/c/train-x.gz: no connection: its address cannot be looked up\n" +
      `To use "${name}" without its mirrors, get train-x.gz, train-y.gz, test-x.gz, test-y.gz from ` +
      "there or elsewhere, compressed or not, and pass the folder that has them: --data-dir DIR",
  );
});

Deno.test("loadDataset() caches only content with the right hash", async () => {
  await using place = await folders();
  const { cacheDirectory } = place;
  const wrong = pack((CONTENTS.get("train-x") as Uint8Array).map((byte) => byte ^ 1));
  await using mirror = startMirror(() => new Response(wrong));
  await assertRejects(
    () => loadDataset(small(mirror.url), { cacheDirectory }),
    Error,
    `SHA-256 ${FILES[0]?.sha256}`,
  );
  await assertRejects(() => Deno.stat(cacheDirectory), Deno.errors.NotFound);
});

Deno.test("loadDataset() reads a given folder, compressed or not, without network or cache", async () => {
  const packings: readonly (readonly [string, Parameters<typeof fill>[1]])[] = [
    ["", (name, bytes) => [name, bytes]],
    ["", (name, bytes) => [`${name}.gz`, pack(bytes)]],
    ["", (name, bytes) => [`${name}.gz`, bytes]], // named .gz, but plain
    ["", (name, bytes) => [name, pack(bytes)]], // the other way round
    ["small", (name, bytes) => [`${name}.gz`, pack(bytes)]],
  ];
  for (const [folder, stored] of packings) {
    await using place = await folders();
    const { directory, cacheDirectory } = place;
    await fill(join(directory, folder), stored);
    const { train } = await loadDataset(small(), { directory, cacheDirectory });
    assertEquals(train.labels, Uint16Array.of(0, 1, 0));
    await assertRejects(() => Deno.stat(cacheDirectory), Deno.errors.NotFound);
  }
});

Deno.test("loadDataset() prefers the subfolder named after the data set, since sets share file names", async () => {
  await using place = await folders();
  const { directory, cacheDirectory } = place;
  await fill(directory, (name) => [name, new TextEncoder().encode("another data set")]);
  await fill(join(directory, "small"), (name, bytes) => [name, bytes]);
  assertEquals((await loadDataset(small(), { directory, cacheDirectory })).train.count, 3);
});

Deno.test("loadDataset() reports both hashes of a given file with other content", async () => {
  await using place = await folders();
  const { directory, cacheDirectory } = place;
  const flip = (bytes: Uint8Array) => bytes.map((byte, i) => i === 17 ? byte ^ 1 : byte);
  await fill(directory, (name, bytes) => [name, flip(bytes)]);
  const error = await assertRejects(
    () => loadDataset(small(), { directory, cacheDirectory }),
    Error,
  );
  const received = sha256(flip(CONTENTS.get("train-x") as Uint8Array));
  assertEquals(
    error.message,
    `Cannot use "${join(directory, "train-x")}": expected content with the SHA-256 ` +
      `${FILES[0]?.sha256}: received ${received}`,
  );
});

Deno.test("loadDataset() names the files that a given folder lacks", async () => {
  await using place = await folders();
  const { directory, cacheDirectory } = place;
  await fill(directory, (name, bytes) => [name, bytes]);
  await Deno.remove(join(directory, "test-x"));
  const error = await assertRejects(
    () => loadDataset(small(), { directory, cacheDirectory }),
    Deno.errors.NotFound,
  );
  assertStringIncludes(error.message, 'with ".gz" or without: missing "test-x"');
});

Deno.test("loadDataset() describes wrong files of a given folder: HTML, truncated, too long", async () => {
  const cases: readonly (readonly [(bytes: Uint8Array) => Uint8Array, string])[] = [
    [() => new TextEncoder().encode("<html></html>"), "received 13 bytes, an HTML page"],
    [(bytes) => pack(bytes).slice(0, 20), "that ends in the middle"],
    [(bytes) => bytes.slice(1), "expected 22 bytes of content: received 21 bytes"],
    [(bytes) => pack(Uint8Array.from([...bytes, 0])), "expected at most 22 bytes of content"],
  ];
  for (const [spoil, message] of cases) {
    await using place = await folders();
    const { directory, cacheDirectory } = place;
    await fill(directory, (name, bytes) => [`${name}.gz`, spoil(bytes)]);
    await assertRejects(() => loadDataset(small(), { directory, cacheDirectory }), Error, message);
  }
});

Deno.test("loadDataset() reads the user's own files, relative to the given folder", async () => {
  await using place = await folders();
  const { directory, cacheDirectory } = place;
  await fill(directory, (name, bytes) => [name, name === "train-x" ? pack(bytes) : bytes]);
  const source = idx({
    images: "train-x",
    labels: join(directory, "train-y"),
    classes: ["a", "b"],
  });
  const { train, classes, hashes } = await loadDataset(source, { directory, cacheDirectory });
  assertEquals([train.count, classes], [3, ["a", "b"]]);
  assertEquals(hashes, [
    { file: "images", sha256: FILES[0]?.sha256 ?? "" },
    { file: "labels", sha256: FILES[1]?.sha256 ?? "" },
  ]);
  const error = await assertRejects(
    () => loadDataset(idx({ images: "none", labels: "train-y" }), { directory, cacheDirectory }),
    Deno.errors.NotFound,
  );
  assertStringIncludes(error.message, `Cannot read images "${join(directory, "none")}"`);
});

Deno.test("loadDataset() builds an embedded data set once, and again if the cache is damaged", async () => {
  await using place = await folders();
  const { cacheDirectory } = place;
  let built = 0;
  const source: EmbeddedSource = {
    ...small(),
    kind: "embedded",
    modules: [],
    build: () => (built++, [...CONTENTS.values()]),
  };
  for (const _ of [1, 2]) await loadDataset(source, { cacheDirectory });
  assertEquals(built, 1);
  await Deno.remove(join(cacheDirectory, FILES[3]?.sha256 ?? ""));
  assertEquals((await loadDataset(source, { cacheDirectory })).train.count, 3);
  assertEquals(built, 2);
  const changed = { ...source, build: () => [...CONTENTS.values()].toReversed() };
  await Deno.remove(cacheDirectory, { recursive: true });
  await assertRejects(
    () => loadDataset(changed, { cacheDirectory }),
    Error,
    'Cannot use "small/train-x": expected 22 bytes of content: received 10 bytes',
  );
});

Deno.test("loadDataset() finds files of a given folder by their content under other names", async () => {
  await using place = await folders();
  const { directory, cacheDirectory } = place;
  const names: readonly string[] = ["z", "train-y", "b.gz", "test-y"];
  await fill(directory, (name, bytes) => {
    const other = names[FILES.findIndex((file) => file.name === name)];
    return [other, other.endsWith(".gz") ? pack(bytes) : bytes];
  });
  const { train, test, places } = await loadDataset(small(), { directory, cacheDirectory });
  assertEquals(train.values, Uint8Array.of(1, 2, 3, 4, 5, 6));
  assertEquals(test?.values, Uint8Array.of(7, 8, 9, 10));
  const paths = FILES.map(({ name }, index) => [name, join(directory, names[index])]);
  assertEquals(places, Object.fromEntries(paths));
  // a run that knows the places needs neither directory nor network
  const known = FILES.map(({ name: file, sha256 }) => ({
    file,
    sha256,
    path: places?.[file] ?? "",
  }));
  const again = await loadDataset(small(), { cacheDirectory, known });
  assertEquals([again.train.values, again.places], [train.values, places]);
});

Deno.test("loadDataset() accepts the user's files only with the known content", async () => {
  await using place = await folders();
  const { directory, cacheDirectory } = place;
  await fill(directory, (name, bytes) => [name, bytes]);
  const [x, y] = FILES;
  const paths = { images: join(directory, "train-x"), labels: join(directory, "train-y") };
  const known = [
    { file: "images", sha256: x.sha256, path: join(directory, "gone") },
    { file: "labels", sha256: y.sha256 },
  ];
  const dataset = await loadDataset(idx(paths), { cacheDirectory, known });
  assertEquals(dataset.places, paths);
  assertEquals(dataset.hashes.map(({ sha256 }) => sha256), [x.sha256, y.sha256]);
  await Deno.copyFile(join(directory, "test-y"), join(directory, "train-y"));
  await assertRejects(
    () => loadDataset(idx(paths), { cacheDirectory, known }),
    Deno.errors.NotFound,
    `Cannot load "idx": expected its labels with SHA-256 ${
      y.sha256.slice(0, 12)
    }…: received other ` +
      `content in "${paths.labels}" (${
        FILES[3].sha256.slice(0, 12)
      }…): name its folder by --data-dir`,
  );
  await Deno.writeFile(join(directory, "copy"), pack(CONTENTS.get("train-y") as Uint8Array));
  const pinned = idx({ ...paths, sha256: { labels: y.sha256 } });
  const found = await loadDataset(pinned, { cacheDirectory, configFolder: directory });
  assertEquals(found.places?.labels, join(directory, "copy"));
});
