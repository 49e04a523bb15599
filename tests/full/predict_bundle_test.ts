/** The export `./predict`, bundled for a browser. */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { chromium } from "playwright-core";
import deno from "../../deno.json" with { type: "json" };
import { fit } from "../../lib/train/fit.ts";
import { openRowPredictor, saveModel } from "../../lib/train/inference/mod.ts";
import { FEATURES, TOY } from "../train/toy.ts";

const ROOT = new URL("../../", import.meta.url);

const PAGE = `
import { loadModel, openRowPredictor } from ${
  JSON.stringify(new URL(deno.exports["./predict"], ROOT).href)
};
Object.assign(globalThis, {
  predict(bytes, rows) {
    const model = loadModel(Uint8Array.from(bytes));
    const predictor = openRowPredictor(model);
    return rows.map((row) => [...predictor.probabilities(Uint8Array.from(row))]);
  },
});
`;

Deno.test("a bundle of ./predict gives the same bits in Chromium as in Deno", async () => {
  const { trained } = await fit(TOY);
  const { values } = TOY.train.samples;
  const rows = [0, 1, 2].map((row) => [...values.subarray(row * FEATURES, (row + 1) * FEATURES)]);
  const predictor = openRowPredictor(trained);
  const expected = rows.map((row) => [...predictor.probabilities(Uint8Array.from(row))]);
  const model = [...saveModel(trained, { classes: ["a", "b", "c"] })];
  const script = await bundle(PAGE);
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: script, type: "module" });
    const found = await page.evaluate(
      `predict(${JSON.stringify(model)}, ${JSON.stringify(rows)})`,
    );
    assertEquals(found, expected);
  } finally {
    await browser.close();
  }
});

async function bundle(source: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "ann-mlp-" });
  try {
    await Deno.writeTextFile(`${folder}/page.js`, source);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--platform=browser", "--output=page.bundle.js", "--no-lock"]
        .concat("--config", fromFileUrl(new URL("deno.json", ROOT)), "page.js"),
      cwd: folder,
    }).output();
    assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
    return await Deno.readTextFile(`${folder}/page.bundle.js`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
