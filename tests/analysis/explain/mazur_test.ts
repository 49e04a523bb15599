/** Mazur's worked example, with the numbers that he prints. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import {
  computeExample,
  listTerms,
  type WorkedExample,
} from "../../../lib/analysis/explain/example.ts";
import { formatExample } from "../../../lib/analysis/explain/example_text.ts";
import { mazur } from "./mazur.ts";

/** Numbers as Mazur prints them; those of a matrix row by row, so that w5 to w8 are 5, 7, 6, 8. */
const PRINTED: Readonly<Record<string, readonly number[]>> = {
  z1: [0.3775],
  a1: [0.593269992, 0.596884378],
  z2: [1.105905967],
  a2: [0.75136507, 0.772928465],
  E: [0.274811083, 0.023560026],
  L: [0.298371109],
  dz2: [0.138498562],
  dW2: [0.082167041],
  dW1: [0.000438568],
  "W1'": [0.149780716, 0.24975114, 0.19956143, 0.29950229],
  "W2'": [0.35891648, 0.511301270, 0.408666186, 0.561370121],
};

function valuesOf(example: WorkedExample, symbol: string): ArrayLike<number> {
  const term = listTerms(example).find((each) => each.symbol === symbol);
  assert(term !== undefined, symbol);
  return example.valuesOf(term.tensor);
}

Deno.test("Mazur's example has the numbers that he prints, to six significant digits", () => {
  const example = computeExample(mazur());
  for (const [symbol, printed] of Object.entries(PRINTED)) {
    const values = valuesOf(example, symbol);
    printed.forEach((number, index) => {
      const name = `${symbol}[${index + 1}]`;
      assertEquals(values[index].toPrecision(6), number.toPrecision(6), name);
    });
  }
});

Deno.test("Mazur's example has the loss 0.291027774 after one step in exact arithmetic", () => {
  const first = computeExample(mazur());
  assertEquals(first.lossAfter.toFixed(9), "0.291027774"); // he prints 0.291027924
  const weights = Object.fromEntries(
    ["W1", "W2"].map((name) => [name, Array.from(valuesOf(first, `${name}'`))]),
  ) as { W1: number[]; W2: number[] };
  const second = computeExample(mazur(weights));
  assertEquals(valuesOf(second, "L")[0], first.lossAfter);
});

Deno.test("computeExample() computes a central difference for each gradient of Mazur's example", () => {
  const example = computeExample(mazur());
  const gradients = listTerms(example).filter(({ gradientOf }) => gradientOf !== undefined);
  assertEquals(gradients.map(({ symbol }) => symbol), ["da2", "dz2", "dW2", "da1", "dz1", "dW1"]);
  for (const { symbol, tensor } of gradients) {
    const values = example.valuesOf(tensor);
    const differences = example.differences.get(symbol) ?? [];
    assertEquals(differences.length, values.length, symbol);
    // h = 1e-5: rounding 2⁻⁵³ / h = 1e-11 of a loss below 1, truncation h² f‴ / 6 of the same size
    differences.forEach((each, index) => assertAlmostEquals(each, values[index], 1e-10));
  }
});

Deno.test("the page on backpropagation shows lines of Mazur's example", async () => {
  const lines = formatExample(computeExample(mazur()));
  const shown = [
    "z1[1]",
    "a1[1]",
    "a2[1]",
    "E[1]",
    "da2[1]",
    "dW2[1,1]",
    "da1[1]",
    "dW1[1,1]",
    "W1'[1,1]",
  ]
    .map((name) => lines.find((line) => line.trim().startsWith(`${name} `)) ?? "")
    .map((line) => line.trim().replace(/ {2,}/g, " "));
  const file = new URL("../../../lib/docs/backprop.md", import.meta.url);
  const page = await Deno.readTextFile(file);
  const block = `<!-- mazur -->\n\n\`\`\`text\n${shown.join("\n")}\n\`\`\`\n\n<!-- /mazur -->`;
  const pattern = /<!-- mazur -->[^]*?<!-- \/mazur -->/;
  if (Deno.args.includes("--update")) {
    await Deno.writeTextFile(file, page.replace(pattern, () => block));
  } else assertStringIncludes(page, block);
});
