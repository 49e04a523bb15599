import { runOfModule } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  dataDir,
  outputFolder,
  overrides,
  png,
  type Reader,
  threads,
  unexpectedValue,
  wholeNumber,
  withDefault,
} from "./cli/options.ts";

const rate: Reader<number> = (text, name) => {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw unexpectedValue("a rate above 0", name, text);
};

export const command = defineCommand({
  name: "lr-range",
  summary: "Runs a learning-rate range test: trains under a rising rate, and suggests one",
  usage: ["CONFIG"],
  positionals: { count: [1, 1], expected: "one config" },
  about:
    `CONFIG is a file like configs/mnist.json. Its network is trained from the start with its optimizer, but
with a learning rate that rises by the same factor each step (Smith, "Cyclical learning rates for training
neural networks", WACV 2017, section 3.3). The test ends when the loss is four times its minimum, or not
finite. The suggested rate is the middle of those at which the smoothed loss was within 10 % of its
minimum: a starting point for the initial rate of a decaying schedule, to be tuned on the validation
split.`,
  options: {
    from: withDefault("RATE", "1e-6", "Rate of the first step", rate),
    to: withDefault("RATE", "10", "Rate of the last step", rate),
    // fewer steps give no curve; more are a full training
    steps: withDefault(
      "N",
      "500",
      "Number of steps, over as many epochs as needed",
      wholeNumber(10, 1_000_000),
    ),
    set: overrides,
    output: outputFolder(),
    dataDir,
    threads,
    png,
  },
  result: "The last line is the folder, with lr-range.svg, steps.jsonl and summary.json.",
  needs: ["outputs", "cache", "mirrors"],
  run: runOfModule(import.meta.resolve("./lr_range/run.ts")),
});
