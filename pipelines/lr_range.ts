import { runOf } from "./cli/command.ts";
import { defineCommand } from "./cli/declaration.ts";
import {
  dataDir,
  outputFolder,
  overrides,
  png,
  type Reader,
  threads,
  unexpected,
  wholeNumber,
  withDefault,
} from "./cli/options.ts";

const rate: Reader<number> = (text, name) => {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw unexpected("a rate above 0", name, text);
};

export const command = defineCommand({
  name: "lr-range",
  summary: "Tests learning rates: trains for a while under a rate that rises, and names one",
  usage: ["CONFIG"],
  words: { count: [1, 1], expected: "one config" },
  about:
    `CONFIG is a file like configs/mnist.json. Its network is trained from the start, with its optimizer but
not with its learning rate: that rises by the same factor at each step (Smith, "Cyclical learning rates
for training neural networks", WACV 2017, section 3.3). The test ends when the loss is four times its
smallest, or no number. The rate that it names is the middle of those at which the loss, averaged over
neighbouring steps, was within 10 % of its smallest: a first rate for a schedule that falls, from which
to choose on by the validation split.`,
  options: {
    from: withDefault("RATE", "1e-6", "Rate of the first step", rate),
    to: withDefault("RATE", "10", "Rate of the last step", rate),
    // fewer steps are no curve; more are a training
    steps: withDefault(
      "N",
      "500",
      "Steps, over as many epochs as it takes",
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
  run: runOf(import.meta.resolve("./lr_range/run.ts")),
});
