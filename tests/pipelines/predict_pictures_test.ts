/** The command `deno task predict` on pictures. */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { mnist10k } from "../../lib/data/datasets/mnist_10k.ts";
import { loadDataset } from "../../lib/io/datasets.ts";
import { pngOf, render, renderingOf } from "../data/pictures/rendered.ts";
import { randomOf } from "../fuzz/random.ts";
import { DIGITS, inWorkspace, runOf, withDigits, type Workspace } from "./workspace.ts";

/** Digits that are rendered; tests/full/pictures_test.ts has 500. */
const COUNT = 48;

/** Uses a workspace with a network that knows digits a little, and pictures of digits it has not seen. */
function withPictures(
  use: (workspace: Workspace, run: string, labels: readonly number[]) => Promise<void>,
): Promise<void> {
  return inWorkspace(async (workspace) => {
    await withDigits(workspace);
    const run = runOf(await workspace.run("train", [DIGITS, "--set", "train.epochs=3"]));
    const cacheDirectory = join(workspace.folder, ".cache");
    const { test } = await loadDataset(mnist10k(), { cacheDirectory });
    assert(test !== undefined && test.values instanceof Uint8Array);
    for (let number = 0; number < COUNT; number++) {
      const digit = test.values.subarray(number * 784, number * 784 + 784);
      const rendering = renderingOf(number, randomOf(`picture ${number}`));
      const name = `${test.labels[number]}/${number}.${rendering.format}`;
      await workspace.write(`digits/${name}`, render(digit, rendering));
    }
    await use(workspace, run, [...test.labels.subarray(0, COUNT)]);
  });
}

Deno.test("predict reads pictures of digits: a folder of classes, files, and the standard input", () =>
  withPictures(async (workspace, run, labels) => {
    const folder = await workspace.run("predict", [run, "digits"]);
    assertEquals(folder.code, 0, folder.stderr);
    const [heading, ...lines] = folder.stdout.trimEnd().split("\n");
    const ranks = ["class", "second class", "third class"].map((rank) => `${rank}\tprobability`);
    assertEquals(heading, `file\t${ranks.join("\t")}`);
    assertEquals(lines.length, COUNT);
    const right = lines.filter((line) => {
      const [file, best, ...others] = line.split("\t");
      assertEquals(others.length, 5);
      assertGreater(Number(others[0]), Number(others[2]) - 1e-9);
      return file.startsWith(`digits/${best}/`);
    });
    assertGreater(right.length, 0.85 * COUNT); // the network itself knows 94 %
    assertStringIncludes(
      folder.stderr,
      `, ${COUNT - right.length} mistake${
        COUNT - right.length === 1 ? "" : "s"
      } in ${COUNT} labelled`,
    );

    const [first, second] = lines.map((line) => line.split("\t")[0]);
    const files = await workspace.run("predict", [run, first, second]);
    assertEquals([files.code, files.stderr], [0, ""]); // without labels, and with the same answers
    assertEquals(files.stdout.split("\n").slice(1, 3), lines.slice(0, 2));
    const one = await workspace.run("predict", [run, `digits/${labels[0]}`, "--json"]);
    const list = JSON.parse(one.stdout);
    assertEquals(list.length, labels.filter((label) => label === labels[0]).length);
    assertEquals(Object.keys(list[0]), ["file", "class", "probability", "probabilities"]);

    const [program, ...args] = workspace.command("predict", [run, "-"]);
    const process = new Deno.Command(program, {
      args,
      cwd: workspace.folder,
      env: { INIT_CWD: workspace.folder },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const bytes = await Deno.readFile(join(workspace.folder, first));
    await new Blob([bytes]).stream().pipeTo(process.stdin);
    const { code, stdout, stderr } = await process.output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    assertEquals(
      new TextDecoder().decode(stdout).trimEnd().split("\n").slice(1),
      [lines[0].replace(first, "-")],
    );

    const written = await workspace.runAlone("predict", [
      run,
      "digits",
      "--output",
      "outputs/p.tsv",
    ]);
    assertEquals([written.code, written.stdout], [0, "outputs/p.tsv\n"], written.stderr);
    assertEquals(Deno.readTextFileSync(join(workspace.folder, "outputs/p.tsv")), folder.stdout);
    const elsewhere = await workspace.runAlone("predict", [run, "digits", "--output", "p.tsv"]);
    assertEquals([elsewhere.code, elsewhere.stdout], [2, ""]);
  }));

Deno.test("predict --raw only resizes pictures, and pictures without a digit are rejected", () =>
  inWorkspace(async (workspace) => {
    await withDigits(workspace);
    const { write, folder } = workspace;
    const run = runOf(await workspace.run("train", [DIGITS, "--set", "train.epochs=1"]));
    const cacheDirectory = join(folder, ".cache");
    const { test } = await loadDataset(mnist10k(), { cacheDirectory });
    const grey = test?.values.subarray(0, 784) ?? [];
    const rgb = Uint8Array.from({ length: 3 * 784 }, (_, at) => grey[Math.floor(at / 3)]);
    await write("same.png", pngOf(rgb, 28, 28));
    await write("white.png", pngOf(new Uint8Array(27).fill(250), 3, 3));
    await write("cut.png", pngOf(rgb, 28, 28).subarray(0, 90));
    await write("seven/same.png", pngOf(rgb, 28, 28));
    await write("empty/a/.keep", "");
    const evaluated = await workspace.run("predict", [run, "same.png", "--raw", "--json"]);
    const [{ probabilities }] = JSON.parse(evaluated.stdout);
    const { decodeRun, RECORD_FILES } = await import("../../lib/run/folder.ts");
    const files = new Map(
      RECORD_FILES.map((name) => [name, Deno.readFileSync(join(folder, run, name))]),
    );
    const { evaluations } = decodeRun(run, files);
    const recorded = evaluations.find(({ split }) => split === "test")?.probabilities.subarray(
      0,
      10,
    );
    assertEquals(Object.values(probabilities), [...recorded ?? []]);

    const unknown = await workspace.run("predict", [run, "."]);
    assertEquals([unknown.code, unknown.stdout], [1, ""]);
    const named = await workspace.run("predict", [run, "seven"]);
    assertEquals([named.code, named.stderr], [0, ""]);
    const refusals = [
      [
        "white.png",
        'Cannot read "white.png": expected a digit that stands out from its background',
      ],
      [
        "cut.png",
        'Cannot read "cut.png": expected a whole PNG: received one that ends after 90 bytes',
      ],
      ["empty", 'Cannot read "empty/a": expected pictures, PNG or JPEG: received none'],
    ];
    for (const [file, message] of refusals) {
      const ended = await workspace.run("predict", [run, file]);
      assertEquals([ended.code, ended.stdout], [1, ""]);
      assertStringIncludes(ended.stderr, message);
    }
  }));
