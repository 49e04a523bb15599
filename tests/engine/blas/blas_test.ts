import fc from "fast-check";
import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { usualLibraryPaths } from "../../../lib/engine/blas/places.ts";
import {
  blasMatmul,
  FEWEST_MULTIPLICATIONS,
  type Sgemm,
} from "../../../lib/engine/blas/product.ts";
import { compile } from "../../../lib/engine/compiler/compile.ts";
import { PANEL } from "../../../lib/engine/program/program.ts";
import { evaluate } from "../../../lib/engine/reference/reference.ts";
import { normalValues } from "../../numbers.ts";
import { assertSameBits, bindInputs, readResults } from "../bits.ts";
import { PRODUCTS } from "../wasm/products.ts";
import { openSharedMachine } from "../workers/simulated_workers.ts";

/** Sizes that make products on both sides of the fewest multiplications. */
const size = fc.constantFrom(1, 2, 3, 4, 7, 8, 13, 16, 33, 70);

/**
 * Returns whether a product is left to the engine, judged by the rows of its panels, the last one included.
 */
function isSmall(m: number, k: number, n: number): boolean {
  return m * Math.ceil(n / PANEL) * Math.min(n, PANEL) * k < FEWEST_MULTIPLICATIONS;
}

/** `cblas_sgemm` by its definition, each sum in the order of the engine's own kernel. */
function plainSgemm({ buffer }: WebAssembly.Memory, calls: { count: number }): Sgemm {
  const numbers = new Float32Array(buffer);
  return (m, n, k, a, lda, b, ldb, c, ldc) => {
    calls.count++;
    assertGreaterOrEqual(Math.abs(lda), lda < 0 ? m : k, "lda");
    assertGreaterOrEqual(Math.abs(ldb), ldb < 0 ? k : n, "ldb");
    assertGreaterOrEqual(ldc, n, "ldc");
    const at = (matrix: number, ld: number, row: number, column: number) =>
      numbers[matrix / 4 + (ld < 0 ? column * -ld + row : row * ld + column)];
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        let sum = 0;
        for (let i = 0; i < k; i++) {
          sum = Math.fround(sum + Math.fround(at(a, lda, row, i) * at(b, ldb, i, column)));
        }
        numbers[c / 4 + row * ldc + column] = sum;
      }
    }
  };
}

for (const [name, product] of Object.entries(PRODUCTS)) {
  Deno.test(`blasMatmul() computes ${name} of all shapes as stored, for each worker's rows`, () => {
    fc.assert(
      fc.property(size, size, size, fc.constantFrom(1, 2, 3), (m, k, n, workers) => {
        const outputs = { y: product(m, k, n) };
        const inputs = { a: normalValues("a", [m * k]), b: normalValues("b", [k * n]) };
        const calls = { count: 0 };
        const machine = openSharedMachine(
          {
            programs: { main: compile({ outputs, densePanels: false }) },
            sources: {},
            perStep: [],
            steps: 1,
            workers,
          },
          "forwards",
          (memory, own) => ({ matmul: blasMatmul(plainSgemm(memory, calls), own.matmul) }),
        );
        bindInputs(machine, outputs, { inputs });
        machine.run("main");
        const [expected = []] = evaluate([outputs.y], { inputs });
        assertSameBits(readResults(machine, { outputs })["out:y"] ?? [], expected, name);
        if (workers === 1) assertEquals(calls.count, isSmall(m, k, n) ? 0 : 1);
      }),
      { seed: 3, numRuns: 80 },
    );
  });
}

Deno.test("blasMatmul() computes all whole panels of a worker in one call, and partial ones separately", () => {
  const asked: number[][] = [];
  const matmul = blasMatmul((...given) => asked.push(given), () => asked.push([]));
  const [a, b, out] = [0, 10_000, 20_000];
  const call = (form: number, from: number, to: number) =>
    matmul(a, b, out, 10, 100, 16, form, 0, from, to); // 4 panels, the last of 4 columns
  call(0, 0, 40);
  call(0, 4, 33);
  call(4, 0, 40); // in panels
  call(32, 2, 7); // rows
  assertEquals(asked, [
    [10, 100, 16, a, 16, b, 100, out, 100],
    [6, 32, 16, a + 4 * 64, 16, b, 100, out + 4 * 400, 100],
    [10, 64, 16, a, 16, b + 4 * 32, 100, out + 4 * 32, 100],
    [3, 4, 16, a, 16, b + 4 * 96, 100, out + 4 * 96, 100],
    [],
    [5, 100, 16, a + 4 * 32, 16, b, 100, out + 4 * 200, 100],
  ]);
});

Deno.test("usualLibraryPaths() lists absolute paths for the system and its processor, OpenBLAS first on Linux", () => {
  const places = usualLibraryPaths("linux", "aarch64");
  assertEquals(places[0], "/usr/lib/aarch64-linux-gnu/libopenblas.so.0");
  assertEquals(places.filter((place) => !place.startsWith("/") || place.includes("ARCH")), []);
  assertEquals(new Set(places).size, places.length);
  assertEquals(
    usualLibraryPaths("darwin", "aarch64")[0],
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
  );
  assertEquals(usualLibraryPaths("windows", "x86_64"), []);
});
