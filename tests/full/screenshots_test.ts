/** Drawings that are kept, as a browser shows them: what a change of the file does to what is seen. */
import { toFileUrl } from "@std/path";
import { examples } from "../plot/examples/mod.ts";
import { type Colours, openViewer } from "./browser.ts";
import { assertScreenshot } from "./screenshot.ts";

/** Snapshots of tests/analysis by folder, each in one theme: in both it would be twice the bytes. */
const KEPT: Readonly<Record<string, Colours>> = {
  "explore/explore_images": "light",
  "explore/explore_table": "dark",
  "compare/compare_two": "dark",
  "compare/compare_many": "light",
};

Deno.test("drawings in Chromium match their reviewed images", async (test) => {
  await using viewer = await openViewer();
  for (const [path, colours] of Object.entries(KEPT)) {
    const [folder, name] = path.split("/");
    await test.step(`${name}, ${colours}`, async () => {
      const drawing = new URL(`../analysis/${folder}/snapshots/${name}.svg`, import.meta.url);
      await viewer.view(drawing, colours, async (page) => {
        await assertScreenshot(page, new URL(`screenshots/${name}.png`, import.meta.url));
      });
    });
  }
});

Deno.test("a page with all examples of deno-plot-svg matches its reviewed image", async () => {
  await using viewer = await openViewer();
  const page = await Deno.makeTempFile({ suffix: ".html" });
  try {
    await Deno.writeTextFile(page, contactSheet());
    await viewer.view(toFileUrl(page), "light", async (page) => {
      await assertScreenshot(page, new URL("screenshots/examples.png", import.meta.url));
    });
  } finally {
    await Deno.remove(page);
  }
});

/** The examples inside one HTML page, where the style sheets of all count for each. */
function contactSheet(): string {
  const style = "display:flex;flex-wrap:wrap;width:1270px;margin:0;align-items:start";
  const drawings = Object.values(examples).map((draw) => draw());
  return `<!doctype html><meta charset="utf-8"><body style="${style}">${drawings.join("")}`;
}
