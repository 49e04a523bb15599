/** The kernel of dense products at the edges of its strips, panels and blocks, with and without zeros. */
import fc from "fast-check";
import { assertEquals } from "@std/assert";
import type { CompilerInput } from "../../../lib/engine/compiler/compile.ts";
import { FORM, MATMUL_WORK, MOST_TERMS_IN_PARTS } from "../../../lib/engine/compiler/form.ts";
import { PANEL } from "../../../lib/engine/program/program.ts";
import { input, less, matmul, max, mul, select, sub, transpose } from "../../../lib/tensor/mod.ts";
import { normalValues } from "../../numbers.ts";
import { assertAgrees, computed, expected } from "../bits.ts";
import { PRODUCTS } from "./products.ts";

/** Sizes around strips of 4 rows, tiles of 16 columns and panels of 32; zeros are left out from 64 on. */
const SHORT = [1, 3, 4, 5, 16, 31, 32, 33, 64, 65, 97];

/** Sizes around blocks of 192 steps and of 256 rows, and two blocks. */
const LONG = [191, 192, 193, 255, 256, 257, 384, 385];

/** Three sizes, one of which may be long. */
const sizes = fc.tuple(
  fc.constantFrom(...SHORT),
  fc.constantFrom(...SHORT),
  fc.constantFrom(...SHORT, ...LONG),
  fc.nat(2),
).map(([a, b, c, turn]) => [...[a, b, c].slice(turn), ...[a, b, c].slice(0, turn)] as Sizes);

type Sizes = [m: number, k: number, n: number];

/** Normal numbers with a special one every 17. */
function values(name: string, count: number, special: readonly number[] = []): number[] {
  return normalValues(name, [count]).map((value, index) =>
    index % 17 === 5 ? special[Math.floor(index / 17) % special.length] ?? value : value
  );
}

for (const [name, product] of Object.entries(PRODUCTS)) {
  Deno.test(`matmul() computes ${name} at the edges of blocks with the reference's bits`, () => {
    fc.assert(
      fc.property(sizes, ([m, k, n]) => {
        const inputs = { a: values("a", m * k), b: values("b", k * n, [Infinity, -0, 1e38]) };
        assertAgrees({ outputs: { y: product(m, k, n) } }, { inputs });
      }),
      { seed: 12, numRuns: 25 },
    );
  });
}

/**
 * A layer's step: x [m, k] · w [k, n], the gradient of x, and new weights. Since it has a state, workers
 * share products by panels where that moves less, and w and its gradient lie in panels.
 */
function layerStep([m, k, n]: Sizes, isRectified: boolean): CompilerInput {
  const [a, w, g] = [input("a", [m, k]), input("w", [k, n]), input("g", [m, n])];
  const x = isRectified ? max(a, 0) : a;
  const dy = isRectified ? select(less(0, g), g, 0) : g;
  return {
    outputs: { y: matmul(x, w), dx: matmul(dy, transpose(w)) },
    state: { w: sub(w, mul(matmul(transpose(x), dy), 0.5)) },
  };
}

for (const isRectified of [false, true]) {
  const what = isRectified ? "rows with zeros that are left out" : "rows of all numbers";
  Deno.test(`a layer's three products on ${what} have the reference's bits, also in panels`, () => {
    fc.assert(
      fc.property(sizes, ([m, k, n]) => {
        const inputs = {
          a: values("a", m * k, [0, -0, NaN]),
          w: values("w", k * n, [Infinity, -0, NaN, -Infinity]),
          g: values("g", m * n, [0, -0, Infinity]),
        };
        assertAgrees(layerStep([m, k, n], isRectified), { inputs });
      }),
      { seed: 13, numRuns: 40 },
    );
  });
}

Deno.test("matmul() skips zeros of rectifiers in wide products, even if an infinite weight meets them", () => {
  for (const [width, expectedNumber] of [[63, NaN], [64, 6], [65, 6]] as const) {
    const y = matmul(max(input("a", [1, 2]), 0), input("w", [2, width]));
    const w = [...Array(width).fill(Infinity), ...Array(width).fill(3)];
    const bindings = { inputs: { a: [-1, 2], w } };
    assertAgrees({ outputs: { y } }, bindings);
    const all = Array(width).fill(expectedNumber);
    assertEquals([...computed({ outputs: { y } }, bindings)["out:y"] ?? []], all);
    assertEquals([...expected({ outputs: { y } }, bindings)["out:y"] ?? []], all);
  }
});

Deno.test("matmul() that skips zeros has the bits of one that does not, for finite numbers", () => {
  fc.assert(
    fc.property(sizes, ([m, k, n]) => {
      const a = values("a", m * k, [0, -0]).map((value) => Math.max(value, 0));
      const inputs = { a, b: values("b", k * Math.max(n, 64), [-0, 1e-40]) };
      const [left, right] = [input("a", [m, k]), input("b", [k, Math.max(n, 64)])];
      const outputOf = (y: ReturnType<typeof matmul>) =>
        computed({ outputs: { y } }, { inputs })["out:y"];
      assertEquals(outputOf(matmul(max(left, 0), right)), outputOf(matmul(left, right)));
    }),
    { seed: 14, numRuns: 25 },
  );
});

/** Constants of a module of kernels, by name; those made of others included. */
async function constantsOf(
  ...modules: readonly string[]
): Promise<ReadonlyMap<string, number>> {
  const known = new Map<string, number>();
  for (const module of modules) {
    const url = new URL(`../../../lib/engine/wasm/assembly/${module}`, import.meta.url);
    const source = await Deno.readTextFile(url);
    for (const [, name = "", sum = ""] of source.matchAll(/const (\w+): \w+ = ([^;]+);/g)) {
      if (/^[\w\s()+*]+$/.test(sum)) known.set(name, valueOf(sum, known));
    }
  }
  return known;
}

/** The value of sums and products of numbers and names: those in parentheses first. */
function valueOf(text: string, known: ReadonlyMap<string, number>): number {
  const inner = /\(([^()]*)\)/.exec(text);
  if (inner !== null) {
    return valueOf(text.replace(inner[0], String(valueOf(inner[1] ?? "", known))), known);
  }
  const factor = (word: string) => known.get(word.trim()) ?? Number(word);
  return text.split("+").reduce(
    (sum, term) => sum + term.split("*").reduce((product, word) => product * factor(word), 1),
    0,
  );
}

Deno.test("the compiler and the kernels declare the same forms, panels and work space", async () => {
  const known = await constantsOf("lists.ts", "pack.ts", "matmul.ts", "micro_batches.ts");
  const words = (name: string) => name.replaceAll(/[A-Z]/g, "_$&").toUpperCase();
  for (const [name, value] of Object.entries(FORM)) {
    assertEquals(known.get(words(name)), value, name);
  }
  assertEquals(known.get("PANEL"), PANEL);
  assertEquals(known.get("PANEL_BYTES"), 4 * PANEL);
  assertEquals(known.get("DEPTH"), MOST_TERMS_IN_PARTS);
  const work = ["LISTS_BYTES", "BLOCK_BYTES", "PANEL_BYTES", "STACK_BYTES"];
  assertEquals(work.reduce((sum, name) => sum + (known.get(name) ?? NaN), 0), MATMUL_WORK);
});
