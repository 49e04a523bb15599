/** The report of a real run, as a browser shows it. */
import { assertEquals, assertGreater } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import type { Page } from "playwright-core";
import { report } from "../../lib/report/mod.ts";
import { assertAllowed } from "../plot/allowed.ts";
import { readSvg } from "../plot/tree.ts";
import { kinds } from "../report/kinds.ts";
import { makeRecord } from "../report/record.ts";
import { openViewer, type Viewer } from "./browser.ts";
import { assertScreenshot } from "./screenshot.ts";
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

    await test.step("keeps to what all renderers draw", () => {
      for (const file of files) assertAllowed(readSvg(Deno.readTextFileSync(file)));
    });

    for (const colours of ["light", "dark"] as const) {
      await test.step(`is shown whole, ${colours} and without complaint by Chromium`, async () => {
        for (const file of files) {
          await viewer.view(toFileUrl(file), colours, async (page, messages) => {
            assertEquals(await clippedTexts(page), [], file);
            assertEquals(await overlappingTexts(page), [], file);
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

Deno.test("reports of all kinds have no clipped and no overlapping texts", async (test) => {
  await using viewer = await openViewer();
  for (const [kind, record] of Object.entries(kinds)) {
    await test.step(kind, async () => {
      await viewDrawing(viewer, report(record), "light", async (page) => {
        assertEquals(await clippedTexts(page), []);
        assertEquals(await overlappingTexts(page), []);
      });
    });
  }
});

Deno.test("a report looks as it did when it was looked at", async (test) => {
  await using viewer = await openViewer();
  const svg = report(makeRecord({ mistakeEvery: 12, copies: 7, observed: true }));
  for (const colours of ["light", "dark"] as const) {
    await test.step(colours, async () => {
      await viewDrawing(viewer, svg, colours, async (page) => {
        const kept = new URL(`screenshots/report.${colours}.png`, import.meta.url);
        await assertScreenshot(page, kept);
      });
    });
  }
});

/** Opens a drawing as a file of its own. */
async function viewDrawing(
  viewer: Viewer,
  svg: string,
  colours: "light" | "dark",
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".svg" });
  try {
    await Deno.writeTextFile(file, svg);
    await viewer.view(toFileUrl(file), colours, use);
  } finally {
    await Deno.remove(file);
  }
}

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

/**
 * Pairs of texts that lie over each other, as the browser lays them out. Of each box a fifth above and
 * below is left out: it has room for accents and descenders, which neighbouring lines may share.
 */
async function overlappingTexts(page: Page): Promise<readonly string[]> {
  return await page.evaluate(`(() => {
    const boxes = [...document.querySelectorAll("text")].map((text) => {
      const { left, right, top, bottom, width, height } = text.getBoundingClientRect();
      const upright = width > height || text.textContent.length < 3;
      const [x, y] = upright ? [0.5, height / 5] : [width / 5, 0.5];
      const said = text.firstChild?.textContent ?? "";
      return { left: left + x, right: right - x, top: top + y, bottom: bottom - y, said };
    }).sort((a, b) => a.top - b.top);
    return boxes.flatMap((one, index) => {
      const pairs = [];
      for (let i = index + 1; i < boxes.length && boxes[i].top < one.bottom; i++) {
        const other = boxes[i];
        const apart = other.left >= one.right || other.right <= one.left;
        if (!apart) pairs.push(one.said + " / " + other.said);
      }
      return pairs;
    });
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
