/** The backend `blas`, with Debian's libopenblas0-pthread. */
import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { compile } from "../../lib/engine/compiler/compile.ts";
import { evaluate } from "../../lib/engine/reference/reference.ts";
import { input, matmul, type Tensor } from "../../lib/tensor/mod.ts";
import { blas, type BlasOptions } from "../../lib/engine/blas/blas.ts";
import { native } from "../../lib/io/native.ts";
import { fit } from "../../lib/train/fit.ts";
import { adam } from "../../lib/train/mod.ts";
import { bindInputs } from "../engine/bits.ts";
import { PRODUCTS } from "../engine/wasm/products.ts";
import { normalValues } from "../numbers.ts";
import { TOY } from "../train/toy.ts";
import { withRun } from "./task.ts";

/** A library is never unloaded, see `loadBlas`; Deno would count that as a leak of the test. */
const loadsLibrary = { sanitizeResources: false };

/** Half the distance from 1 to the next single: a rounding's largest relative error. */
const ROUNDOFF = 2 ** -24;

/** [m, k, n] around the tiles of vector kernels and the blocks of packed ones. */
const SHAPES: readonly (readonly [m: number, k: number, n: number])[] = [
  ...[[1, 1, 1], [1, 600, 1], [600, 1, 5], [1, 64, 64], [64, 64, 1], [8, 8, 8]] as const,
  ...[[7, 13, 31], [16, 16, 16], [33, 65, 17], [48, 384, 32], [128, 10, 512], [
    129,
    513,
    67,
  ]] as const,
];

/** Normal numbers that single precision holds, so that storing them rounds nothing. */
function singles(name: string, count: number): number[] {
  return normalValues(name, [count]).map(Math.fround);
}

/** A product, the length of its sums, and the inputs it reads. */
interface Case {
  readonly product: Tensor;
  readonly depth: number;
  readonly inputs: Readonly<Record<"a" | "b", number[]>>;
}

const CASES: ReadonlyMap<string, Case> = new Map(
  Object.entries(PRODUCTS).flatMap(([name, make]) =>
    SHAPES.map(([m, k, n]) => [
      `${name} of [${m}, ${k}] and [${k}, ${n}]`,
      {
        product: make(m, k, n),
        depth: k,
        inputs: { a: singles("a", m * k), b: singles("b", k * n) },
      },
    ])
  ),
);

/**
 * However a sum of k products is ordered, and whether or not products are rounded before they are
 * added, its error is at most γ Σ |a||b|, γ = k u / (1 − k u) (Higham, 2002, sections 3.1 and 4.2): each
 * product takes part in at most k roundings. The sum of sizes is computed in double precision, which is
 * exact enough to compare with.
 */
function assertWithinBound(
  actual: ArrayLike<number>,
  { product, depth, inputs }: Case,
  name: string,
) {
  const [exact = []] = evaluate([product], { inputs }, "f64");
  const sizes = { a: inputs.a.map(Math.abs), b: inputs.b.map(Math.abs) };
  const [bounds = []] = evaluate([product], { inputs: sizes }, "f64");
  const gamma = depth * ROUNDOFF / (1 - depth * ROUNDOFF);
  for (let i = 0; i < exact.length; i++) {
    const error = Math.abs(actual[i] - exact[i]);
    assert(error <= gamma * bounds[i], `${name}: element ${i} is off by ${error}`);
  }
}

for (const workers of [1, 2, 3]) {
  Deno.test({
    name:
      `blas() computes products up to rounding, whatever the output held before, workers: ${workers}`,
    ...loadsLibrary,
    async fn() {
      for (const [name, given] of CASES) {
        const outputs = { y: given.product };
        await using machine = await blas(native).open({
          programs: { main: compile({ outputs, densePanels: false }) },
          sources: {},
          perStep: [],
          steps: 1,
          workers,
        });
        bindInputs(machine, outputs, given);
        machine.floats("out:y").fill(NaN);
        await machine.run({ program: "main", from: 0, to: 1 });
        assertWithinBound(machine.floats("out:y"), given, name);
      }
    },
  });
}

Deno.test({
  name: "blas() gives the same bits in every step while two workers call the library",
  ...loadsLibrary,
  async fn() {
    const [m, k, n] = [64, 100, 60];
    const outputs = { y: matmul(input("a", [m, k]), input("b", [k, n])) };
    const steps = 1000;
    await using machine = await blas(native).open({
      programs: { main: compile({ outputs, densePanels: false }) },
      sources: {},
      perStep: ["out:y"],
      steps,
      workers: 2,
    });
    bindInputs(machine, outputs, { inputs: { a: singles("a", m * k), b: singles("b", k * n) } });
    await machine.run({ program: "main", from: 0, to: steps });
    const [all, stride] = [machine.floats("out:y"), machine.stride("out:y")];
    const first = all.slice(0, m * n);
    for (let step = 1; step < steps; step++) {
      const other = all.subarray(step * stride, step * stride + m * n);
      assert(other.every((value, i) => value === first[i]), `step ${step}`);
    }
  },
});

Deno.test({
  name: "fit() with blas() ends at the loss of the exact backend, with equal bits twice",
  ...loadsLibrary,
  async fn() {
    const options = {
      ...TOY,
      optimizer: adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
      epochs: 5,
    };
    const lossOf = async (more: object) => {
      const { checkpoint: { history } } = await fit({ ...options, ...more });
      return [...history.steps.loss];
    };
    const exact = await lossOf({});
    const [first, second] = [
      await lossOf({ backend: blas(native) }),
      await lossOf({ backend: blas(native) }),
    ];
    assertEquals(first, second);
    first.forEach((loss, step) => assertLess(Math.abs(loss - exact[step]), 1e-4));
  },
});

Deno.test({
  name: "blas() names library, version and core type",
  ...loadsLibrary,
  fn() {
    const { name, description: { path, library, version, coreType } } = blas(native);
    assertEquals(library, "OpenBLAS");
    assertMatch(path, /\/libopenblas\.so\.0$/);
    assertMatch(version, /^\d+\.\d+\.\d+$/);
    assertMatch(coreType, /^\w+$/);
    assertEquals(name, `blas: OpenBLAS ${version}, core type ${coreType}`);
  },
});

/** Some file that is a library, but not one of these. */
const C_LIBRARY = `/lib/${Deno.build.arch}-linux-gnu/libc.so.6`;

const WRONG: Readonly<Record<string, readonly [BlasOptions, string]>> = {
  "a library without products": [{ path: C_LIBRARY }, "received one without cblas_sgemm"],
  "a file that is not there": [{ path: "/nowhere/a.so" }, "No such file"],
  "a file that is no library": [{ path: import.meta.filename }, "invalid ELF header"],
  "nothing in the usual places": [
    { places: ["/nowhere/a.so", C_LIBRARY] },
    `received none of\n  /nowhere/a.so\n  ${C_LIBRARY}\nCannot use "${C_LIBRARY}"`,
  ],
  "no usual places": [{ places: [] }, '"apt-get install libopenblas0-pthread" installs one'],
};

for (const [what, [options, message]] of Object.entries(WRONG)) {
  Deno.test({
    name: `blas() reports what is wrong with ${what}`,
    ...loadsLibrary,
    fn: () => void assertThrows(() => blas(native, options), TypeError, message),
  });
}

Deno.test("train:blas gives a run with an id of its own that names the library, and can be evaluated", async () => {
  await withRun(["--threads", "2", "--set", "train.epochs=2"], async (exact) => {
    await withRun(["--threads", "2", "--set", "train.epochs=2"], async (run) => {
      const id = (path: string) => path.slice(-10);
      assertNotEquals(id(run), id(exact));
      const { backend, machine } = await read(run, "manifest.json");
      assertMatch(backend, /^blas: OpenBLAS \d+\.\d+\.\d+, core type \w+, workers 2$/);
      assertEquals(machine.bits, "depend on library, core type and workers");
      assertMatch(await Deno.readTextFile(join(run, "environment.svg")), />OpenBLAS \d/);
      const [line = ""] = (await Deno.readTextFile(join(run, "log.jsonl"))).split("\n");
      const { library } = JSON.parse(line);
      assertEquals(library, "OpenBLAS");
      const [a, b] = [await read(run, "summary.json"), await read(exact, "summary.json")];
      assertLess(Math.abs(a.test.loss - b.test.loss), 1e-3);
      for (const task of ["evaluate", "report"]) {
        const { code } = await new Deno.Command(Deno.execPath(), { args: ["task", task, run] })
          .output();
        assertEquals(code, 0, task);
      }
    }, { task: "train:blas" });
  });
});

async function read(run: string, file: string) {
  return JSON.parse(await Deno.readTextFile(join(run, file)));
}
