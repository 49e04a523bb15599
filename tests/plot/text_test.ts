import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DARK, document, label, LIGHT, textWidth, truncate, wrap } from "../../lib/plot/mod.ts";
import { STRONGEST } from "../../lib/plot/heat_map.ts";
import { readSvg, walk } from "./tree.ts";

Deno.test("any text comes back from the file as it went in", () => {
  const anything = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(anything, (content) => {
      const svg = document(label(content), { title: content, description: content });
      const texts = [...walk(readSvg(svg))].filter(({ name }) => name === "text");
      // deno-lint-ignore no-control-regex -- these are the characters that XML forbids
      const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
      assertEquals(texts[0]?.text, content.toWellFormed().replace(forbidden, "\ufffd"));
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

Deno.test("textWidth() adds up characters and grows with size and weight", () => {
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
        assert(textWidth(truncate(content, width, font), font) <= width);
        assert(wrap(content, width, font).every((line) => textWidth(line, font) <= width));
      },
    ),
    { seed: 8, numRuns: 200 },
  );
  assertEquals(truncate("Ankle boot", 1000, font), "Ankle boot");
  assertEquals(truncate("Ankle boot", 50, font), "Ankle…");
  assertEquals(wrap("one two three", 50, font), ["one two", "three"]);
});

/** Relative luminance of a colour (WCAG 2.2), 0 to 1. */
function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: readonly number[], b: readonly number[]): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const rgb = (hex: string) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

Deno.test("text stands at least 4.5 : 1 against the paper in both themes", () => {
  for (const theme of [LIGHT, DARK]) {
    const { paper, faint: _, ...tones } = theme;
    for (const colour of Object.values(tones)) {
      assert(contrast(rgb(colour), rgb(paper)) >= 4.5, `${colour} on ${paper}`);
    }
  }
});

Deno.test("ink stands at least 4.5 : 1 on every cell of a heat map", () => {
  for (const { ink, paper, blue, orange, green, purple } of [LIGHT, DARK]) {
    for (const tone of [blue, orange, green, purple]) {
      for (let strength = 0; strength <= 1; strength += 0.05) {
        const opacity = strength * STRONGEST;
        const cell = rgb(tone).map((value, channel) =>
          value * opacity + (rgb(paper)[channel] as number) * (1 - opacity)
        );
        assert(contrast(rgb(ink), cell) >= 4.5, `${ink} on ${tone} at ${opacity}`);
      }
    }
  }
});

Deno.test("a coordinate that is no number is refused, not written", () => {
  const figure = { width: NaN, height: 10, markup: "" };
  assertThrows(() => document(figure, { title: "", description: "" }), RangeError, "received NaN");
});
