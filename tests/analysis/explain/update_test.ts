/** The update that an explanation shows. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { buildNetworkExample } from "../../../lib/analysis/explain/network_example.ts";
import { computeExample, listTerms, type Term } from "../../../lib/analysis/explain/example.ts";
import { computeInfluences } from "../../../lib/analysis/explain/influences.ts";
import { formatExplanation } from "../../../lib/analysis/explain/text.ts";
import type { Update } from "../../../lib/analysis/explain/update.ts";
import { dense, network, softmaxCrossEntropy, tanh } from "../../../lib/nn/mod.ts";
import { updateGroups } from "../../../lib/optim/parameter_groups.ts";
import { constantRate, fit, type FitOptions, optimizers } from "../../../lib/train/mod.ts";
import { parametersOf } from "../../../lib/train/state.ts";
import { subjectOf } from "./subjects.ts";

const VALUES = Float32Array.of(0.5, -1.25, 0.75);
const LAYERS = [
  dense({ units: 3 }),
  tanh(),
  dense({ units: 4, regularization: { l2: 0.01, maxNorm: 0.5 } }),
  tanh(),
  dense({ units: 2 }),
];
const NETWORK = network(LAYERS, 3);
const [LABEL, RATE] = [1, 0.05];

/** Trains on one sample. */
function trained(name: typeof optimizers.names[number], epochs: number) {
  const samples = { count: 1, shape: [3], values: VALUES, labels: Uint16Array.of(LABEL) };
  const options = {
    network: NETWORK,
    loss: softmaxCrossEntropy(),
    optimizer: optimizers.create(optimizers.schema.parse({ name })),
    regularization: { weightDecay: 0.1 },
    clip: { norm: 0.5 },
    seed: 1,
    batchSize: 1,
    normalization: { name: "none", shift: 0, scale: 1 },
    train: { samples, rows: Uint32Array.of(0) },
    learningRate: constantRate({ rate: RATE }),
    epochs,
  } satisfies FitOptions;
  return { ...options, groups: updateGroups(NETWORK, options), fitted: fit(options) };
}

for (const name of optimizers.names) {
  Deno.test(`the update by ${name} equals the next update of its training`, async () => {
    const { groups, clip, optimizer, fitted } = trained(name, 2);
    const { checkpoint: { state } } = await fitted;
    const parameters = parametersOf({ network: NETWORK, groups }, state);
    const subject = subjectOf({ layers: LAYERS, values: VALUES, shape: [3], label: LABEL });
    const update: Update = {
      rate: RATE,
      own: { name, doc: "its equations", groups, clip, step: 3, state },
    };
    const model = { ...subject.model, parameters };
    const example = computeExample(
      buildNetworkExample({ ...model, x: VALUES, label: LABEL, update }),
    );
    const term = (symbol: string) =>
      listTerms(example).find((each) => each.symbol === symbol) as Term;
    const numbers = (symbol: string) => Array.from(example.valuesOf(term(symbol).tensor));

    const next = await trained(name, 3).fitted;
    const near = (found: readonly number[], expected: ArrayLike<number>, what: string) => {
      assertEquals(found.length, expected.length, what);
      // single precision in training, double precision here
      found.forEach((each, i) => assertAlmostEquals(each, expected[i], 1e-5, `${what}[${i}]`));
    };
    const symbols = ["W1", "b1", "W2", "b2", "W3", "b3"];
    NETWORK.parameters.forEach(({ name }, index) => {
      const after = next.trained.parameters.get(name)?.data ?? [];
      near(numbers(`${symbols[index]}'`), after, name);
    });
    for (const group of groups) {
      for (const slot of group.optimizer.slots) {
        const after = next.checkpoint.state.get(`${group.name}.${slot}`) ?? [];
        const isNumber = group.optimizer.numbers?.includes(slot) === true;
        const found = isNumber
          ? numbers(`${group.name}.${slot}'`)
          : group.parameters.flatMap(({ name }) =>
            numbers(
              `${symbols[NETWORK.parameters.findIndex((each) => each.name === name)]}.${slot}'`,
            )
          );
        near(found, after, slot);
      }
    }

    const influences = computeInfluences({ ...subject, model, update });
    assertAlmostEquals(influences.lossAfter, example.lossAfter, 1e-5);
    const lines = formatExplanation({
      subject: { ...subject, model, update },
      answer: influences,
      x: Float64Array.from(VALUES),
      influences,
    });
    const wanted = `Update 3 by ${name}, by the gradient of this sample alone, at the rate 0.05`;
    assertEquals(lines.filter((line) => line.startsWith(wanted)).length, 1);
    assertEquals(optimizer.slots.length > 0, name !== "sgd");
  });
}
