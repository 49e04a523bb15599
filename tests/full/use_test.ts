/** The page on using a model: each example is run as it stands, on one model, and says what `predict` says. */
import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { chromium } from "playwright-core";
import { tinyData } from "../pipelines/tiny.ts";
import { inWorkspace, runOf, TINY, type Workspace, writeTiny } from "../pipelines/workspace.ts";
import { npy } from "../data/formats/npy.ts";
import { ownTables, textOf } from "../data/own_tables.ts";
import { codeBlocks } from "../page.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

const page = await Deno.readTextFile(join(ROOT, "lib/docs/use.md"));

/** Returns the only example of a section in a language. */
function example(heading: string, language: string): string {
  const blocks = codeBlocks(page, heading, language);
  assertEquals(blocks.length, 1, `${heading}, ${language}`);
  return blocks[0];
}

/** A sample as an example and `predict` see it. */
interface Prediction {
  readonly class: string;
  readonly probabilities: readonly number[];
}

/** Features of a sample of {@linkcode TINY}. */
const FEATURES = 14;

/** A network whose samples are shifted and scaled, so that an example without either would differ. */
const CONFIG = {
  ...TINY,
  pipeline: TINY.pipeline.map((stage) =>
    stage.stage === "normalize" ? { ...stage, method: { name: "standardize" } } : stage
  ),
};

/** Uses a folder with a model, samples, and what `predict` says of them. */
function withModel(
  use: (workspace: Workspace, expected: readonly Prediction[]) => Promise<void>,
): Promise<void> {
  return inWorkspace(async (workspace) => {
    const { folder, run, write } = workspace;
    await writeTiny(workspace);
    await write("tiny.json", CONFIG);
    const trained = runOf(await run("train", ["tiny.json"]));
    await Deno.copyFile(join(folder, trained, "model.safetensors"), `${folder}/model.safetensors`);
    const values = tinyData()["data/test-images"].slice(16); // behind the header of IDX
    const count = values.length / FEATURES;
    await write("samples.npy", npy([count, FEATURES], values));
    const rows = Array.from(
      { length: count },
      (_, row) => [...values.slice(row * FEATURES, (row + 1) * FEATURES)],
    );
    await write("samples.json", rows);
    const { stdout } = await run("predict", [trained, "data/test-images", "--json"]);
    const predicted: readonly {
      readonly class: string;
      readonly probabilities: Readonly<Record<string, number>>;
    }[] = JSON.parse(stdout);
    assertEquals(new Set(predicted.map((each) => each.class)).size, 3);
    await use(
      workspace,
      predicted.map((each) => ({
        class: each.class,
        probabilities: ["0", "1", "2"].map((name) => each.probabilities[name]),
      })),
    );
  });
}

/** Reads lines of a class and its probabilities. */
function predictionsOf(text: string): readonly Prediction[] {
  return text.trimEnd().split("\n").map((line) => {
    const [name, ...probabilities] = line.split(" ");
    return { class: name, probabilities: probabilities.map(Number) };
  });
}

/** Runs a program in a folder; returns what it prints. */
async function printed(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  return new TextDecoder().decode(stdout);
}

/** Compares probabilities whose sums were ordered differently. */
function assertClose(found: readonly Prediction[], expected: readonly Prediction[]): void {
  assertEquals(found.map((each) => each.class), expected.map((each) => each.class));
  found.forEach(({ probabilities }, sample) =>
    probabilities.forEach((probability, place) =>
      // logits below 10 in size, whose sums of 14 and of 6 products are off by 2⁻²⁴ of that for each term
      assertAlmostEquals(probability, expected[sample].probabilities[place], 1e-5)
    )
  );
}

for (const heading of ["NumPy", "PyTorch"]) {
  Deno.test(`the example for ${heading} gives the probabilities of predict`, () =>
    withModel(async ({ folder, write }, expected) => {
      await write("use.py", example(heading, "python"));
      const found = predictionsOf(await printed("/usr/bin/python3", ["use.py"], folder));
      assertClose(found, expected);
    }));
}

/** Writes the import map of the page, with this clone in place of the one beside the project. */
async function writeImportMap({ folder, write }: Workspace): Promise<void> {
  const map = example("Deno", "json");
  assertStringIncludes(map, '"../ann-mlp/lib/');
  await write(
    "deno.json",
    map.replaceAll('"../ann-mlp/', `"${new URL("../../", import.meta.url)}`),
  );
  await Deno.copyFile(join(ROOT, "deno.lock"), join(folder, "deno.lock"));
}

Deno.test("the example for Deno passes deno check, and gives the bits of predict", () =>
  withModel(async (workspace, expected) => {
    const { folder, write } = workspace;
    await writeImportMap(workspace);
    await write("main.ts", example("Deno", "ts"));
    await printed(Deno.execPath(), ["check", "--quiet", "main.ts"], folder);
    const args = ["run", "--quiet", "--no-check", "--allow-read", "main.ts"];
    assertEquals(predictionsOf(await printed(Deno.execPath(), args, folder)), expected);
  }));

Deno.test("the example for tables gives the class that predict gives for the raw row", () =>
  inWorkspace(async (workspace) => {
    const { folder, run, write } = workspace;
    const [titanic] = ownTables;
    await write("titanic.csv", textOf(titanic, titanic.lines));
    const dataset = { name: "csv", path: "titanic.csv", ...titanic.options };
    const pipeline = TINY.pipeline.map((stage) =>
      stage.stage === "load"
        ? { stage: "load", dataset }
        : stage.stage === "split"
        ? { stage: "split", validation: 0.2, test: 0.2 }
        : stage.stage === "normalize"
        ? { stage: "normalize", method: { name: "standardize" } }
        : stage.stage === "train"
        ? { ...stage, layers: [{ name: "dense" }] }
        : stage
    );
    await write("titanic.json", { ...TINY, pipeline });
    const trained = runOf(await run("train", ["titanic.json"]));
    await Deno.copyFile(join(folder, trained, "model.safetensors"), `${folder}/model.safetensors`);
    await writeImportMap(workspace);
    await write("main.ts", example("Tables", "ts"));
    const args = ["run", "--quiet", "--no-check", "--allow-read", "main.ts"];
    const found = await printed(Deno.execPath(), args, folder);
    await write("row.csv", "Pclass,Sex,Age,Fare,Embarked\n3,female,,7.25,S\n");
    const { stdout } = await run("predict", [trained, "row.csv", "--json"]);
    const [{ class: expected }]: readonly Prediction[] = JSON.parse(stdout);
    assertEquals(found, `${expected}\n`);
  }));

/** Makes predict.js as the page says. */
async function bundle(folder: string): Promise<void> {
  const [deno, ...args] = example("Node.js", "sh").trim().split(" ");
  assertEquals([deno, args.includes("--output=predict.js")], ["deno", true]);
  const output = `--output=${join(folder, "predict.js")}`;
  const called = args.map((arg) => arg === "--output=predict.js" ? output : arg);
  await printed(Deno.execPath(), [...called, "--quiet"], ROOT);
}

Deno.test("the example for Node.js gives the bits of predict", () =>
  withModel(async ({ folder, write }, expected) => {
    await bundle(folder);
    await write("main.mjs", example("Node.js", "js"));
    assertEquals(predictionsOf(await printed("node", ["main.mjs"], folder)), expected);
  }));

Deno.test("the example for browsers gives the bits of predict in Chromium, from a server without further headers", () =>
  withModel(async ({ folder, write }, expected) => {
    await bundle(folder);
    await write("index.html", example("Browser", "html"));
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async ({ url }) => {
        const name = new URL(url).pathname.slice(1);
        const type = name.endsWith(".js") ? "text/javascript" : "text/html";
        const file = await Deno.readFile(join(folder, name)).catch(() => undefined);
        return file === undefined
          ? new Response("", { status: 404 })
          : new Response(file, { headers: { "content-type": type } });
      },
    );
    const browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox"],
    });
    try {
      const shown = await browser.newPage();
      await shown.goto(`http://127.0.0.1:${server.addr.port}/index.html`);
      const lines = `document.querySelector("output").textContent.trimEnd().split("\\n")`;
      await shown.waitForFunction(`${lines}.length === ${expected.length}`);
      const text: string = await shown.evaluate(`${lines}.join("\\n")`);
      assertEquals(predictionsOf(text), expected);
      assertEquals(await shown.evaluate("crossOriginIsolated"), false);
    } finally {
      await browser.close();
    }
  }));
