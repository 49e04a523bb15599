/**
 * `deno task lr-range`: finds which learning rates a network can be trained with.
 *
 * @module
 */
import {
  type Arguments,
  call,
  type Command,
  drawImages,
  expectWritable,
  threadsOf,
  UsageError,
} from "./cli/command.ts";
import type { RateRange } from "../lib/analysis/lr_range/range_test.ts";

const HELP = `Tests learning rates: trains for a while under a rate that rises, and names one.

Usage:
  deno task lr-range CONFIG [OPTIONS]

CONFIG is a file like configs/mnist.json. Its network is trained from the start, with its optimizer but
not with its learning rate: that rises by the same factor at each step (Smith, "Cyclical learning rates
for training neural networks", WACV 2017, section 3.3). The test ends when the loss is four times its
smallest, or no number. The rate that it names is the middle of those at which the loss, averaged over
neighbouring steps, was within 10 % of its smallest: a first rate for a schedule that falls, from which
to choose on by the validation part.

Options:
  --from RATE       rate of the first step; 1e-6 if not given
  --to RATE         rate of the last step; 10 if not given
  --steps N         steps, over as many epochs as it takes; 500 if not given
  --set PATH=VALUE  change the config: --set train.batchSize=128; may be repeated
  --output DIR      where the folder is made, under outputs/; "outputs" if not given
  --data-dir DIR    take the data set's files from DIR, or from DIR/NAME, in place of the network
  --threads N       workers that share the work, with the same results; all processors if not given
  --png             a PNG beside the SVG, in light colours and twice the size
  --help            show this text

The last line is the folder, with lr-range.svg, steps.jsonl and summary.json.
Exit codes: 0 done, 1 failed, 2 wrong config or arguments.`;

/** Fewer steps are no curve; more are a training. */
const [FEWEST, MOST] = [10, 1_000_000];

const command: Command = {
  task: "lr-range",
  help: HELP,
  flags: ["png"],
  values: ["from", "to", "steps", "output", "data-dir", "threads"],
  lists: ["set"],
  async run(given) {
    const [config, ...more] = given.words;
    if (config === undefined || more.length > 0) {
      throw new UsageError(`expected one config: received ${given.words.length}`);
    }
    const range = rangeOf(given);
    const output = given.value("output") ?? "outputs";
    expectWritable(output);
    const workers = await threadsOf(given);
    const { readConfigFile } = await import("./experiment/config_file.ts");
    const checked = readConfigFile(config, given.list("set"));
    const { testRange } = await import("./lr_range/run.ts");
    const { openView } = await import("./cli/view.ts");
    using view = openView("usual");
    const { folder, lines } = await testRange(checked, range, {
      output,
      workers,
      view,
      cacheDirectory: ".cache",
      fresh: true,
      detail: "usual",
      dataDirectory: given.value("data-dir"),
      signal: new AbortController().signal,
    });
    await drawImages(given, folder);
    for (const line of lines) console.log(line);
    console.log(folder);
    return 0;
  },
};

function rangeOf(given: Arguments): RateRange {
  const [from, to] = [rateOf(given, "from", 1e-6), rateOf(given, "to", 10)];
  if (from >= to) throw new UsageError(`expected --from below --to: received ${from} and ${to}`);
  const text = given.value("steps") ?? "500";
  const steps = Number(text);
  if (!/^\d+$/.test(text) || steps < FEWEST || steps > MOST) {
    throw new UsageError(`expected ${FEWEST} to ${MOST} after --steps: received "${text}"`);
  }
  return { from, to, steps };
}

function rateOf(given: Arguments, name: string, byDefault: number): number {
  const text = given.value(name);
  const rate = text === undefined ? byDefault : Number(text);
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw new UsageError(`expected a rate above 0 after --${name}: received "${text}"`);
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
