import { SPLITS } from "../lib/data/split/samples.ts";
import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  dataDir,
  oneOf,
  optional,
  outputFolder,
  overrides,
  png,
  RUN_NAMES,
  wholeNumber,
  withDefault,
} from "./cli/options.ts";

/** Largest row number. A larger number is rejected as a typing mistake. */
const MOST_ROWS = 2 ** 32 - 1;

export const command = defineCommand({
  name: "explain",
  summary: "Explains what a network does with one sample: forward, loss, backward and update",
  usage: ["RUN", "CONFIG"],
  positionals: { count: [1, 1], expected: "one run or config" },
  about: `${RUN_NAMES}
The network has the weights at the end of its training.

CONFIG is a file like configs/iris.json. The network has its first weights, and the sample is the first of the
first batch unless an option names another.

Of a network of up to 200 weights, every number is shown beside its equation, and every gradient beside its
central difference. Of a larger network: the strongest hidden units and the pictures they weigh, the
contribution of each to the most and second most probable class, the norm of the gradient by layer, the
features that speak for the class, and the smallest change found that changes the answer.`,
  options: {
    split: optional(
      "SPLIT",
      "Split of the sample: train, validation or test. Defaults to test of a run, if there is one, and to " +
        "train of a config",
      oneOf(...SPLITS),
    ),
    row: optional("N", "Row of the sample, as reports number them", wholeNumber(0, MOST_ROWS)),
    worst: optional(
      "K",
      "Choose the sample by the probability of its class: 1 is the least probable of the split",
      wholeNumber(1, MOST_ROWS),
    ),
    update: withDefault(
      "RULE",
      "sgd",
      "Update that is shown: plain gradient descent (sgd) at the rate of the first step, or the next update by " +
        "the training's own optimizer (own), with its slots",
      oneOf("sgd", "own"),
    ),
    set: overrides,
    output: outputFolder(),
    dataDir,
    png,
  },
  result:
    `The text is printed to stdout; the last line is the folder, with explain.svg, charts/ and explain.txt. The
same sample of the same network gives the same bytes.`,
  needs: ["outputs", "cache", "mirrors"],
  opensArchives: true,
  run: runOfModule(import.meta.resolve("./explain/run.ts")),
});
