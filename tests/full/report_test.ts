/** The reports of runs of all kinds, as a browser shows them. */
import { assertEquals } from "@std/assert";
import { toFileUrl } from "@std/path";
import type { Page } from "playwright-core";
import { report } from "../../lib/report/mod.ts";
import { kinds } from "../report/kinds.ts";
import { makeRecord } from "../report/record.ts";
import { openViewer, type Viewer } from "./browser.ts";
import { clippedTexts, faintTexts, overlappingTexts } from "./legible.ts";
import { assertScreenshot } from "./screenshot.ts";

Deno.test("reports of all kinds have no clipped and no overlapping texts", async (test) => {
  await using viewer = await openViewer();
  for (const [kind, record] of Object.entries(kinds)) {
    await test.step(kind, async () => {
      await viewDrawing(viewer, report(record), "light", async (page) => {
        assertEquals(await clippedTexts(page), []);
        assertEquals(await overlappingTexts(page), []);
        assertEquals(await faintTexts(page), []);
      });
    });
  }
});

Deno.test("a report in Chromium matches its reviewed image", async (test) => {
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
