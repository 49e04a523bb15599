/** The report of a real run, as a browser shows it. */
import { assertEquals, assertGreater } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import type { Page } from "playwright-core";
import { openViewer } from "./browser.ts";
import { withRun } from "./task.ts";

Deno.test("what a run draws", async (test) => {
  await using viewer = await openViewer();
  await withRun([], async (run) => {
    const files = drawings(run);
    assertGreater(files.length, 5);

    await test.step("is well-formed XML", async () => {
      const xmllint = new Deno.Command("xmllint", { args: ["--noout", ...files] });
      const { code, stderr } = await xmllint.output();
      assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    });

    for (const colours of ["light", "dark"] as const) {
      await test.step(`is shown whole, ${colours} and without complaint by Chromium`, async () => {
        for (const file of files) {
          await viewer.view(toFileUrl(file), colours, async (page, messages) => {
            assertEquals(await clippedTexts(page), [], file);
            const [ground, text] = [await luminance(page, "rect"), await luminance(page, "text")];
            const contrast = colours === "light" ? ground - text : text - ground;
            assertGreater(contrast, 0.5, file);
            assertEquals(messages, [], file);
          });
        }
      });
    }
  });
});

/** Paths of a run's SVG files. */
function drawings(run: string): readonly string[] {
  const folders = [run, join(run, "charts")];
  const files = folders.flatMap((folder) =>
    [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name))
  );
  return files.filter((file) => file.endsWith(".svg")).sort();
}

/** Texts that stand out of the drawing's viewBox, as the browser lays them out. */
async function clippedTexts(page: Page): Promise<readonly string[]> {
  return await page.evaluate(`(() => {
    const svg = document.documentElement;
    const { x, y, width, height } = svg.viewBox.baseVal;
    const toDrawing = svg.getScreenCTM().inverse();
    return [...svg.querySelectorAll("text")].filter((text) => {
      const box = text.getBBox();
      const matrix = toDrawing.multiply(text.getScreenCTM());
      return [[0, 0], [1, 0], [0, 1], [1, 1]].some(([right, down]) => {
        const corner = new DOMPoint(box.x + right * box.width, box.y + down * box.height)
          .matrixTransform(matrix);
        return corner.x < x || corner.x > x + width || corner.y < y || corner.y > y + height;
      });
    }).map((text) => text.textContent);
  })()`);
}

/** Luminance, 0 to 1, of the colour that fills the first element of a name. */
async function luminance(page: Page, element: string): Promise<number> {
  const fill: string = await page.evaluate(
    `getComputedStyle(document.querySelector("${element}")).fill`,
  );
  const [red = 0, green = 0, blue = 0] = (fill.match(/\d+/g) ?? []).map(Number);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
