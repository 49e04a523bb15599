/** Folders of pictures as data sets, by the commands. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { encode } from "fast-png";
import { jpegOf } from "../../data/pictures/rendered.ts";
import { inWorkspace, runOf, TINY, type Workspace } from "../workspace.ts";

type Kind = "lying" | "upright";

/** Pictures that were encoded before. */
const encoded = new Map<string, readonly [format: string, bytes: Uint8Array]>();

/** A bar in a picture of 9 × 12 pixels: its format and its bytes, 60 different ones of a kind. */
function barOf(kind: Kind, number: number): readonly [format: string, bytes: Uint8Array] {
  const key = `${kind} ${number % 60}`;
  const bar = encoded.get(key) ?? encodeBar(kind, number % 60);
  encoded.set(key, bar);
  return bar;
}

function encodeBar(kind: Kind, number: number): readonly [format: string, bytes: Uint8Array] {
  const [height, width] = [9, 12];
  const lit = Array.from({ length: height * width }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    const [across, along] = kind === "lying" ? [row, column] : [column, row];
    return across === 2 + number % 4 && along <= 3 + number % 5 ? 200 + number % 50 : number % 20;
  });
  return number % 3 === 0
    ? ["jpg", jpegOf(Uint8Array.from(lit.flatMap((v) => [v, v, v])), height, width, 90)]
    : ["png", encode({ height, width, data: Uint8Array.from(lit), channels: 1 })];
}

/** Writes pictures of both kinds, the last of them to test on, in an order of their own. */
async function writeBars(
  { write }: Workspace,
  folder: string,
  { count = 40, reverse = false }: { readonly count?: number; readonly reverse?: boolean } = {},
): Promise<void> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  for (const number of reverse ? numbers.reverse() : numbers) {
    for (const kind of ["upright", "lying"] as const) {
      const split = number < count * 3 / 4 ? "train" : "test";
      const [format, bytes] = barOf(kind, number);
      await write(`${folder}/${split}/${kind}/${number}.${format}`, bytes);
    }
  }
}

/** A config of pictures, which learns for two epochs. */
function onPictures(dataset: object): object {
  const [, , ...rest] = TINY.pipeline;
  const pipeline = rest.map((stage) =>
    stage.stage === "train"
      ? { ...stage, layers: [...stage.layers.slice(0, 2), { name: "dense", units: "classes" }] }
      : stage
  );
  const load = { stage: "load", dataset: { name: "images", ...dataset } };
  return { ...TINY, pipeline: [load, { stage: "split", validation: 10 }, ...pipeline] };
}

async function trainOn(
  workspace: Workspace,
  dataset: object,
  output = "outputs",
): Promise<string> {
  await workspace.write("pictures.json", onPictures(dataset));
  const ended = await workspace.run("train", ["pictures.json", "--output", output]);
  assertEquals(ended.code, 0, ended.stderr);
  return runOf(ended);
}

const json = ({ folder }: Workspace, path: string) =>
  JSON.parse(Deno.readTextFileSync(join(folder, path)));

Deno.test("train gives the same pictures in two folders one id and the same bytes, decoded or cached", () =>
  inWorkspace(async (workspace) => {
    await writeBars(workspace, "a/bars");
    await writeBars(workspace, "my own/pictures", { reverse: true });
    await workspace.write("my own/pictures/train/.DS_Store", "left");
    const first = await trainOn(workspace, { path: "a/bars" });
    const runs = [
      await trainOn(workspace, { path: "my own/pictures" }, "outputs/cached"),
      await trainOn(workspace, { path: "a/bars", size: [9, 12] }, "outputs/stated"),
    ];
    await Deno.remove(join(workspace.folder, ".cache"), { recursive: true });
    runs.push(await trainOn(workspace, { path: "my own/pictures" }, "outputs/decoded"));
    for (const run of runs) {
      assertEquals(run.split("/").at(-1), first.split("/").at(-1));
      assertEquals(workspace.promised(run), workspace.promised(first));
    }
    const { sha256, ...found } = json(workspace, `${first}/config.json`).pipeline[0].dataset;
    assertEquals(found, { name: "images", size: [9, 12], classes: ["lying", "upright"] });
    const { data } = json(workspace, `${first}/manifest.json`);
    assertEquals(data.map(({ file }: { readonly file: string }) => file), Object.keys(sha256));
    const place = join(Deno.realPathSync(workspace.folder), "a/bars");
    for (const { file, path, sha256: hash } of data) {
      assertEquals([path, hash], [place, sha256[file]]);
    }
    const smaller = await trainOn(workspace, { path: "a/bars", size: [4, 4] });
    assert(smaller.split("/").at(-1) !== first.split("/").at(-1));
    const summary = json(workspace, `${first}/summary.json`);
    assertEquals([summary.test.samples, summary.validation.samples], [20, 10]);
  }));

Deno.test("evaluate, explore, pack and reproduce find pictures that were moved, in the cache or in an archive", () =>
  inWorkspace(async (workspace) => {
    const { folder, run: call } = workspace;
    const forget = () => Deno.remove(join(folder, ".cache"), { recursive: true }).catch(() => {});
    await writeBars(workspace, "bars");
    const run = await trainOn(workspace, { path: "bars", size: [6, 6] });
    const before = await call("evaluate", [run]);
    assertEquals(before.code, 0);
    assertEquals((await call("explore", ["pictures.json"])).code, 0);
    await Deno.rename(join(folder, "bars"), join(folder, "moved"));
    assertEquals(await call("evaluate", [run]), before); // in the cache
    await forget();
    const missing = await call("evaluate", [run]);
    assertEquals([missing.code, missing.stdout], [1, ""]);
    assertStringIncludes(missing.stderr, "name the folder by --data-dir");
    await Deno.mkdir(join(folder, "theirs"));
    await Deno.rename(join(folder, "moved"), join(folder, "theirs/bars"));
    for (const directory of ["theirs", "theirs/bars"]) {
      await forget();
      assertEquals(await call("evaluate", [run, "--data-dir", directory]), before);
    }
    await forget();
    const packed = runOf(await call("pack", [run, "--with-data", "--data-dir", "theirs"]));
    await forget();
    await Deno.remove(join(folder, "theirs"), { recursive: true });
    assertEquals(await call("evaluate", [packed]), before); // the IDX files that were sent
    const reproduced = await call("reproduce", [packed, "--quiet"]);
    assertEquals([reproduced.code, reproduced.stderr], [0, ""]);
  }));

Deno.test("damaged files of the cache are computed from the pictures again", () =>
  inWorkspace(async (workspace) => {
    const cache = join(workspace.folder, ".cache");
    await writeBars(workspace, "bars");
    const run = await trainOn(workspace, { path: "bars" });
    const names = workspace.list(".cache");
    assertEquals(names.length, 6); // images and labels, for training and test, and whence the images are
    for (const name of names) {
      const bytes = Deno.readFileSync(join(cache, name));
      bytes[bytes.length - 1] ^= 1;
      Deno.writeFileSync(join(cache, name), bytes);
    }
    const again = await trainOn(workspace, { path: "bars" }, "outputs/again");
    assertEquals(workspace.promised(again), workspace.promised(run));
  }));

Deno.test("train rejects folders that are not data sets of pictures, or others than the config pins", () =>
  inWorkspace(async (workspace) => {
    const { write, folder } = workspace;
    await writeBars(workspace, "bars", { count: 8 });
    await write("one/a/1.png", barOf("lying", 1)[1]);
    await write("cut/a/1.png", barOf("lying", 1)[1]);
    await write("cut/b/2.png", barOf("lying", 1)[1].subarray(0, 60));
    await write("text/a/1.png", barOf("lying", 1)[1]);
    await write("text/b/notes.txt", "no picture");
    await write("sizes/a/1.png", barOf("lying", 1)[1]);
    await write(
      "sizes/b/2.png",
      encode({ height: 1, width: 1, data: Uint8Array.of(7), channels: 1 }),
    );
    await Deno.symlink("nowhere", join(folder, "sizes/b/link.png"));
    await write("pipe/a/1.png", barOf("lying", 1)[1]);
    await Deno.mkdir(join(folder, "pipe/b"));
    await new Deno.Command("mkfifo", { args: [join(folder, "pipe/b/2.png")] }).output();
    const pinned = { images: "0".repeat(64), labels: "1".repeat(64) };
    const cases: readonly (readonly [object, number, string])[] = [
      [
        { path: "none" },
        1,
        'Cannot load "images": expected a folder of pictures: received no folder "',
      ],
      [
        { path: "one" },
        1,
        'Cannot read "one": expected 2 to 65536 folders, one for each class: received 1',
      ],
      [
        { path: "bars/train/lying" },
        1,
        "expected folders alone, one for each class: received the file",
      ],
      [
        { path: "cut" },
        1,
        'Cannot read "cut/b/2.png": expected a whole PNG: received one that ends after 60',
      ],
      [
        { path: "text" },
        1,
        'Cannot read "text/b/notes.txt": expected a picture, PNG or JPEG: received',
      ],
      [{ path: "sizes" }, 1, 'Cannot read "sizes/b/link.png"'],
      [
        { path: "pipe" },
        1,
        'Cannot read picture "pipe/b/2.png": it is a device, a pipe or a socket',
      ],
      [{ path: "bars", sha256: pinned }, 1, 'received other content in "bars" (images '],
      [{ path: "bars", classes: ["lying", "standing"] }, 1, 'received "train/upright"'],
      [
        {},
        2,
        "(load.dataset.path): expected a path, or the sha256 of images and labels with the classes",
      ],
      [{ path: "bars", size: [0, 4] }, 2, "(load.dataset.size[0]): expected a whole number >= 1"],
      [{ path: "bars", size: [4] }, 2, "(load.dataset.size): expected"],
    ];
    for (const [dataset, code, message] of cases) {
      await write("pictures.json", onPictures(dataset));
      const ended = await workspace.run("train", ["pictures.json"]);
      assertEquals([ended.code, ended.stdout], [code, ""], ended.stderr);
      assertStringIncludes(ended.stderr, message);
    }
    await Deno.remove(join(folder, "sizes/b/link.png"));
    await write("pictures.json", onPictures({ path: "sizes" }));
    const { stderr } = await workspace.run("train", ["pictures.json"]);
    assertStringIncludes(
      stderr,
      'expected 12 × 9 pixels, as "sizes/a/1.png" has: received 1 × 1: state',
    );
  }));

Deno.test("train learns from a folder of 2,000 pictures", () =>
  inWorkspace(async (workspace) => {
    await writeBars(workspace, "bars", { count: 1000 });
    await workspace.write("pictures.json", onPictures({ path: "bars", size: [8, 8] }));
    const ended = await workspace.run("train", ["pictures.json"]);
    const run = runOf(ended);
    const decoded = (stderr: string) => stderr.match(/^decoding .*$/gm);
    assertEquals(decoded(ended.stderr), ["decoding 1,500 pictures", "decoding 500 pictures"]);
    const again = await workspace.run("train", ["pictures.json", "--output", "outputs/again"]);
    assertEquals(decoded(again.stderr), null); // they are in the cache
    const { test } = json(workspace, `${run}/summary.json`);
    assertEquals(test.samples, 500);
    assertEquals(test.mistakes, 0);
  }));
