/** The colours of the themes, by what eyes can make of them. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { DARK, dotLook, LIGHT, lineLook, SERIES } from "../../lib/plot/mod.ts";
import { STRONGEST } from "../../lib/plot/charts/heat_map.ts";
import { contrast, dot, linear, type Triple } from "./support/contrast.ts";

const rgb = (hex: string) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/**
 * Matrices on linear light that simulate the lack of each kind of cone (Machado, Oliveira and Fernandes, "A
 * physiologically-based model for simulation of color vision deficiency", 2009, severity 1.0).
 */
const EYES: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE L*a*b* of linear light, white D65. */
function lab(light: readonly number[]): Triple {
  const [r = 0, g = 0, b = 0] = light.map((value) => Math.min(1, Math.max(0, value)));
  const root = (t: number) => t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116;
  const x = root(dot([0.4124, 0.3576, 0.1805], [r, g, b]) / 0.9505);
  const y = root(dot([0.2126, 0.7152, 0.0722], [r, g, b]));
  const z = root(dot([0.0193, 0.1192, 0.9505], [r, g, b]) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Returns the difference ΔE*ab (CIE 1976) of two colours for an eye; 2.3 is just noticeable. */
function difference(eye: string, a: string, b: string): number {
  const rows = EYES[eye] ?? [];
  const [one, other] = [a, b].map((hex) => lab(rows.map((row) => dot(row, linear(rgb(hex))))));
  return Math.hypot(...[0, 1, 2].map((i) => one?.[i] - other?.[i]));
}

Deno.test("text has a contrast of at least 4.5 : 1 in both themes", () => {
  for (const theme of [LIGHT, DARK]) {
    const { paper, faint: _, ...tones } = theme;
    for (const colour of Object.values(tones)) {
      assert(contrast(rgb(colour), rgb(paper)) >= 4.5, `${colour} on ${paper}`);
    }
  }
});

Deno.test("text has a contrast of at least 4.5 : 1 on every cell of a heat map", () => {
  for (const { ink, paper, blue, orange, green, purple } of [LIGHT, DARK]) {
    for (const tone of [blue, orange, green, purple]) {
      for (let strength = 0; strength <= 1; strength += 0.05) {
        const opacity = strength * STRONGEST;
        const cell = rgb(tone).map((value, channel) =>
          value * opacity + rgb(paper)[channel] * (1 - opacity)
        );
        assert(contrast(rgb(ink), cell) >= 4.5, `${ink} on ${tone} at ${opacity}`);
      }
    }
  }
});

/** Well seen side by side: four times what is just seen (Mahy et al., 1994, find 2.3). */
const APART = 4 * 2.3;

for (const eye of Object.keys(EYES)) {
  Deno.test(`colours of series differ by ΔE 9.2 for eyes with ${eye}, in both themes`, () => {
    for (const theme of [LIGHT, DARK]) {
      for (const [i, a] of SERIES.entries()) {
        for (const b of SERIES.slice(0, i)) {
          assertGreater(difference(eye, theme[a], theme[b]), APART, `${a} and ${b}`);
        }
      }
    }
  });
}

Deno.test("lineLook() and dotLook() repeat only after 30 lines and 60 groups of dots", () => {
  const distinct = (look: (index: number) => object, count: number) =>
    new Set(Array.from({ length: count }, (_, index) => JSON.stringify(look(index)))).size;
  assertEquals(distinct(lineLook, 30), 30);
  assertEquals(distinct(dotLook, 60), 60);
  assertEquals(lineLook(30), lineLook(0));
  assertEquals(dotLook(60), dotLook(0));
});

Deno.test("neighbouring looks differ in more than their colour, for grey printing", () => {
  for (let index = 0; index < 60; index++) {
    assert(lineLook(index).dashes !== lineLook(index + 1).dashes);
    assert(dotLook(index).shape !== dotLook(index + 1).shape);
  }
});
