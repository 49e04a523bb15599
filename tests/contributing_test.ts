/**
 * The contributor's page, done: its code is added to a copy of the project, which then has to pass the
 * contract tests and to train with what was added.
 */
import { assert, assertEquals, assertGreater, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { mnist10k } from "../lib/data/datasets/mnist_10k.ts";
import { fetchDataset } from "../lib/io/datasets.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const PAGE = await Deno.readTextFile(join(ROOT, "lib/docs/contributing.md"));

/** Files and folders of the project that are copied. */
const COPIED = ["lib", "pipelines", "tests", "mod.ts", "deno.json", "deno.lock"];

/** The page's blocks of code in a language. */
function blocks(language: string): readonly string[] {
  const fences = PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"));
  return [...fences].map(([, code = ""]) => code);
}

/** The new files: the first line of each block is a comment with its path. */
const FILES = blocks("ts ignore").map((code) => {
  const [first = "", ...lines] = code.split("\n");
  return { path: first.replace("// ", ""), text: lines.join("\n") };
});

/** The changes: the first line of each block is a path, and a line with "+" follows one that is there. */
const CHANGES = blocks("diff").map((diff) => {
  const [path = "", ...lines] = diff.trimEnd().split("\n");
  return { path: path.trim(), lines };
});

/** A text with the new lines of a change; each line before one has to be in it, once. */
function changed(text: string, lines: readonly string[]): string {
  const result = text.split("\n");
  let at = -1;
  for (const line of lines) {
    const content = line.slice(1);
    if (line.startsWith("+")) {
      result.splice(++at, 0, content);
      continue;
    }
    assertEquals(result.filter((other) => other === content).length, 1, content);
    at = result.indexOf(content);
  }
  return result.join("\n");
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}

async function inCopy(
  folder: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: folder,
    // a task around this test says that it was called elsewhere
    env: { NO_COLOR: "1", INIT_CWD: folder },
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, text: `${out}${errors}` };
}

Deno.test("the page on contributing adds an optimizer, layers, a schedule, panels and an observer, a file each", () => {
  assertEquals(FILES.map(({ path }) => path), [
    "lib/optim/optimizers/sign_sgd.ts",
    "lib/nn/layers/hard_tanh.ts",
    "lib/nn/layers/linear.ts",
    "lib/engine/wasm/assembly/cumulate.ts",
    "lib/nn/layers/running_sum.ts",
    "lib/optim/schedules/triangular.ts",
    "lib/report/panels/gradient_norm.ts",
    "lib/observe/logits.ts",
    "lib/report/panels/logits.ts",
  ]);
  // In each table an import and a word; in each contract a number
  const added = CHANGES.map(({ lines }) => lines.filter((line) => line.startsWith("+")).length);
  const ofOperation = [1, 7, 2, 1, 4, 2, 1, 2];
  const ofWeights = [2, 5];
  const ofPanels = [2, 2, 2];
  assertEquals(added, [2, 1, 2, 1, ...ofWeights, ...ofOperation, 2, 1, ...ofPanels]);
});

Deno.test("the links of the page on contributing lead to files that exist", async () => {
  const links = [...PAGE.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = ""]) => target);
  assertGreater(links.length, 10);
  for (const link of links) await Deno.stat(join(ROOT, "lib/docs", link));
});

Deno.test("the parts that the page on contributing adds pass their contracts, and train", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
  try {
    for (const name of COPIED) await copy(join(ROOT, name), join(folder, name));
    for (const { path, text } of FILES) await Deno.writeTextFile(join(folder, path), text);
    for (const { path, lines } of CHANGES) {
      const file = join(folder, path);
      await Deno.writeTextFile(file, changed(await Deno.readTextFile(file), lines));
    }

    await t.step("the kernels are built", async () => {
      const { code, text } = await inCopy(folder, ["task", "kernels"]);
      assertEquals(code, 0, text);
    });

    await t.step("formatting and types are right", async () => {
      const paths = FILES.map(({ path }) => path);
      const form = await inCopy(folder, ["fmt", "--check", ...paths]);
      assertEquals(form.code, 0, form.text);
      const lint = await inCopy(folder, ["lint", ...paths]);
      assertEquals(lint.code, 0, lint.text);
      const modules = [...FILES, ...CHANGES].map(({ path }) => path)
        .filter((path) => path.endsWith(".ts") && !path.includes("/assembly/"));
      const types = await inCopy(folder, ["check", "-q", ...new Set(modules)]);
      assertEquals(types.code, 0, types.text);
    });

    await t.step("the contracts hold", async () => {
      const kinds = ["optimizers", "layers", "schedules"];
      const files = kinds.map((kind) => `tests/contracts/${kind}_test.ts`);
      const { code, text } = await inCopy(folder, ["test", "-A", "--no-check", ...files]);
      assertEquals(code, 0, text);
      for (const name of ["signSgd", "hardTanh", "linear", "runningSum", "triangular"]) {
        assert(text.includes(name), `no test of ${name}`);
      }
    });

    await t.step("they train", async () => {
      await fetchDataset(mnist10k(), { cacheDirectory: join(ROOT, ".cache") });
      await Deno.symlink(join(ROOT, ".cache"), join(folder, ".cache"));
      const [config = ""] = blocks("json");
      await Deno.writeTextFile(join(folder, "contributed.json"), config);
      const args = [
        "run",
        "-A",
        "--no-check",
        "pipelines/ann.ts",
        "train",
        "contributed.json",
        "--quiet",
      ];
      const { code, text } = await inCopy(folder, args);
      assertEquals(code, 0, text);
      const [, run = ""] = /^(outputs\/\S+)$/m.exec(text) ?? [];
      const summary = JSON.parse(await Deno.readTextFile(join(folder, run, "summary.json")));
      assertGreater(summary.validation.accuracy, 0.8); // of ten classes
      const report = await Deno.readTextFile(join(folder, run, "report.svg"));
      for (const title of ["Gradient norm", "Logits"]) {
        assert(report.includes(`>${title}</text>`), title);
      }
      const toneOf = (layer: string) =>
        new RegExp(`<title>${layer}, output[^<]*</title><rect class="([^"]*)"`).exec(report)?.[1];
      assertEquals(toneOf("linear"), toneOf("dense"));
      assertNotEquals(toneOf("linear"), toneOf("hardTanh"));
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
