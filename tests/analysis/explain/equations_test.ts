/** Equations that are read off expressions. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { elementName } from "../../../lib/analysis/explain/equation.ts";
import {
  computeExample,
  listTerms,
  type WorkedExample,
} from "../../../lib/analysis/explain/example.ts";
import { equationLines, formatExample } from "../../../lib/analysis/explain/example_text.ts";
import { buildNetworkExample } from "../../../lib/analysis/explain/network_example.ts";
import {
  batchNorm,
  dense,
  dropout,
  elu,
  focal,
  gelu,
  hinge,
  type Layer,
  layerNorm,
  leakyRelu,
  type Loss,
  maxout,
  meanSquaredError,
  relu,
  residual,
  sigmoid,
  silu,
  softmaxCrossEntropy,
  softplus,
  tanh,
} from "../../../lib/nn/mod.ts";
import { updateGroups, type UpdateRule } from "../../../lib/optim/parameter_groups.ts";
import { adam, lion, momentum, nadam, rmsprop, sgd } from "../../../lib/optim/optimizers/mod.ts";
import { erf } from "../../../lib/tensor/math/math.ts";
import { mazur } from "./mazur.ts";
import { subjectOf } from "./subjects.ts";

/** Works out a network of three inputs and three classes with its first weights. */
function exampleOf(hidden: readonly Layer[], loss: Loss = softmaxCrossEntropy()): WorkedExample {
  const layers = [dense({ units: 3 }), ...hidden, dense({ units: 3 })];
  const { model, lossNote } = subjectOf({ layers, values: new Float32Array(3), shape: [3], loss });
  const x = [0.5, -1.25, 0.75];
  return computeExample(
    buildNetworkExample({ ...model, lossNote, x, label: 1, update: { rate: 0.1 } }),
  );
}

/** Works out the first update of a network by an update rule. */
function updatedBy(name: string, rule: UpdateRule): WorkedExample {
  const layers = [dense({ units: 3 }), tanh(), dense({ units: 3 })];
  const { model, lossNote } = subjectOf({ layers, values: new Float32Array(3), shape: [3] });
  const groups = updateGroups(model.network, rule);
  const update = { rate: 0.1, own: { name, doc: "", groups, clip: { value: 0.3 }, step: 1 } };
  const x = [0.5, -1.25, 0.75];
  return computeExample(buildNetworkExample({ ...model, lossNote, x, label: 1, update }));
}

/** Networks with every kind of layer, and every loss. */
const EXAMPLES: Readonly<Record<string, WorkedExample>> = {
  mazur: computeExample(mazur()),
  ...Object.fromEntries(
    [relu(), leakyRelu(), elu(), gelu(), sigmoid(), silu(), softplus(), tanh()]
      .map((layer) => [layer.kind, exampleOf([layer])]),
  ),
  normalized: exampleOf([batchNorm(), relu(), dropout({ rate: 0.5 })]),
  layerNorm: exampleOf([layerNorm()]),
  maxout: exampleOf([maxout({ units: 2, pieces: 2 })]),
  residual: exampleOf([residual([tanh()])]),
  meanSquaredError: exampleOf([tanh()], meanSquaredError()),
  hinge: exampleOf([tanh()], hinge()),
  focal: exampleOf([tanh()], focal()),
  smoothed: exampleOf([tanh()], softmaxCrossEntropy({ labelSmoothing: 0.1 })),
  momentum: updatedBy("momentum", { optimizer: momentum() }),
  rmsprop: updatedBy("rmsprop", { optimizer: rmsprop() }),
  adam: updatedBy("adam", { optimizer: adam(), regularization: { weightDecay: 0.01 } }),
  nadam: updatedBy("nadam", { optimizer: nadam() }),
  lion: updatedBy("lion", { optimizer: lion() }),
  regularized: updatedBy("sgd", {
    optimizer: sgd(),
    regularization: { l1: 0.1, l2: 0.2, maxNorm: 1 },
  }),
};

/** Computes an equation as it is written, with the numbers of the terms for their names. */
function computed(equation: string, names: ReadonlyMap<string, number>): number {
  const program = equation.replaceAll("−", "-").replaceAll("·", "*")
    .replace(/\|([^|]*)\|/g, "abs($1)")
    .replace(/[A-Za-z][A-Za-z0-9.]*'?(?:\[[\d,]+\])?/g, (name) => {
      const value = names.get(name);
      return value === undefined ? name : `(${value})`;
    });
  const { abs, exp, log, max, min, sqrt, tanh } = Math;
  const functions = { abs, exp, log, max, min, sqrt, tanh, erf };
  return new Function(...Object.keys(functions), `return ${program}`)(...Object.values(functions));
}

for (const [name, example] of Object.entries(EXAMPLES)) {
  Deno.test(`the equations of ${name}, evaluated as written, give the computed numbers`, () => {
    const names = new Map(
      listTerms(example).flatMap(({ symbol, tensor }) =>
        Array.from(
          example.valuesOf(tensor),
          (value, index) => [elementName(symbol, tensor, index), value] as const,
        )
      ),
    );
    const lines = example.sections.flatMap((section) => equationLines(section, example));
    const whole = lines.filter(({ symbols }) => symbols !== "" && !symbols.includes("…"));
    assert(whole.length > lines.length / 2, `${whole.length} of ${lines.length}`);
    for (const line of whole) {
      const value = names.get(line.name) ?? NaN;
      // constants are written with 6 significant digits
      assertAlmostEquals(
        computed(line.symbols, names),
        value,
        2e-5 * Math.max(1, Math.abs(value)),
        `${line.name} = ${line.symbols}`,
      );
    }
  });

  Deno.test(`the gradients of ${name} agree with central differences`, () => {
    for (const { symbol, tensor } of listTerms(example)) {
      example.differences.get(symbol)?.forEach((difference, index) => {
        const gradient = example.valuesOf(tensor)[index];
        assertAlmostEquals(difference, gradient, 1e-8 * Math.max(1, Math.abs(gradient)), symbol);
      });
    }
  });
}

Deno.test("formatExample() uses textbook names, and states the condition of the selected branch", () => {
  const lines = formatExample(EXAMPLES.relu);
  const line = (name: string) =>
    lines.find((each) => each.trim().startsWith(`${name} `))?.replace(/ +/g, " ").trim() ?? "";
  assertStringIncludes(
    line("z1[2]"),
    "= x[1]·W1[1,2] + x[2]·W1[2,2] + x[3]·W1[3,2] + b1[2] = 0.5·",
  );
  assertStringIncludes(line("a1[1]"), "= max(z1[1], 0) = max(");
  const isPositive = !line("a1[1]").startsWith("a1[1] = 0 ");
  assertStringIncludes(line("dz1[1]"), isPositive ? "(as z1[1] > 0)" : "(as z1[1] ≤ 0)");
  assertStringIncludes(line("dz2[2]"), "= p[2] − 1 = ");
  assertStringIncludes(line("dz2[1]"), "= p[1] = ");
  assertStringIncludes(line("L"), "= log(s) − z2[2] + max(z2[1], z2[2], z2[3]) = log(");
  assertStringIncludes(line("W2'[3,1]"), "= W2[3,1] − rate·dW2[3,1] = ");
  assertStringIncludes(lines.at(-1) ?? "", "L after the update: ");
});

Deno.test("an update of a small step lowers the loss", () => {
  for (const [name, example] of Object.entries(EXAMPLES)) {
    const [before] = example.valuesOf(example.loss.tensor);
    assert(example.lossAfter < before, name);
  }
  assertEquals(EXAMPLES.mazur.lossAfter < 0.2984, true);
});
