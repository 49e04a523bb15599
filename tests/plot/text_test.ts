import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { escapeControls } from "../../lib/format/visible.ts";
import { document, label, textWidth, truncate, wrap } from "../../lib/plot/mod.ts";
import { anyText } from "../texts.ts";
import { readSvg, walk } from "./support/tree.ts";

Deno.test("any text is read back from the file unchanged, control characters as escapes", () => {
  const anything = anyText({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(anything, (content) => {
      const svg = document(label(content), { title: content, description: content });
      const texts = [...walk(readSvg(svg))].filter(({ name }) => name === "text");
      assertEquals(texts[0]?.text, escapeControls(content));
    }),
    { seed: 6, numRuns: 50 },
  );
});

Deno.test("names that look like markup stay text", () => {
  const name = `</text><script>alert("1")</script>&amp;`;
  const svg = document(label(name), { title: name, description: name });
  assert(!svg.includes("<script"));
  assertEquals([...walk(readSvg(svg))].find((tree) => tree.name === "text")?.text, name);
});

Deno.test("textWidth() adds up the widths of characters and grows with size and weight", () => {
  assertEquals(textWidth("00", { size: 10 }), 12.72); // 2 × 0.636 × 10
  assertEquals(textWidth("", { size: 10 }), 0);
  assert(textWidth("a", { size: 10, bold: true }) > textWidth("a", { size: 10 }));
  assert(textWidth("数", { size: 10 }) > 10);
});

Deno.test("truncate() and wrap() keep within the width", () => {
  const font = { size: 12 };
  fc.assert(
    fc.property(
      fc.string({ maxLength: 60 }),
      fc.integer({ min: 20, max: 200 }),
      (content, width) => {
        assert(textWidth(truncate(content, width, font), font) <= width + 0.01);
        assert(wrap(content, width, font).every((line) => textWidth(line, font) <= width));
      },
    ),
    { seed: 8, numRuns: 200 },
  );
  assertEquals(truncate("Ankle boot", 1000, font), "Ankle boot");
  assertEquals(truncate("Ankle boot", 50, font), "Ankle…");
  assertEquals(wrap("one two three", 50, font), ["one two", "three"]);
});

Deno.test("a coordinate that is not a number is rejected, not written", () => {
  const figure = { width: NaN, height: 10, markup: "" };
  assertThrows(() => document(figure, { title: "", description: "" }), RangeError, "received NaN");
});

Deno.test("truncate() does not change a text that fits up to rounding", () => {
  const font = { size: 11 };
  const width = textWidth("B", font);
  assertEquals(truncate("B", width + 8 - 8, font), "B");
  assertEquals(truncate("B", width - 0.005, font), "B");
  assertEquals(truncate("BBB", 3 * width - 0.5, font), "B…");
});
