/**
 * `deno task explore`: looks at the data of a config, before anything is learnt from it.
 *
 * @module
 */
import { call, type Command, drawImages, expectWritable, UsageError } from "./cli/command.ts";

const HELP = `Looks at the data of a config before training, and draws what is found.

Usage:
  deno task explore CONFIG [OPTIONS]

CONFIG is a file like configs/mnist.json; of its stages only "load" and "split" count, and others may be
missing. Shown are shapes, types and ranges, the balance of classes, samples, means and deviations by
class, features that never change, samples that are there more than once, within a part or in two, and
the data on its first principal components. A table in which a number is missing is refused when it is
read, with the line and the column.

Options:
  --set PATH=VALUE  change the config: --set split.validation=500; may be repeated
  --output DIR      where the folder is made, under outputs/; "outputs" if not given
  --data-dir DIR    take the data set's files from DIR, or from DIR/NAME, in place of the network
  --png             a PNG beside each SVG, in light colours and twice the size
  --help            show this text

The last line is the folder, with explore.svg, charts/, explore.json and features.jsonl, which have the
same bytes every time. Exit codes: 0 done, 1 failed, 2 wrong config or arguments.`;

const command: Command = {
  task: "explore",
  help: HELP,
  flags: ["png"],
  values: ["output", "data-dir"],
  lists: ["set"],
  async run(given) {
    const [config, ...more] = given.words;
    if (config === undefined || more.length > 0) {
      throw new UsageError(`expected one config: received ${given.words.length}`);
    }
    const output = given.value("output") ?? "outputs";
    expectWritable(output);
    const { DATA_RULES, readConfigFile } = await import("./experiment/config_file.ts");
    const checked = readConfigFile(config, given.list("set"), DATA_RULES);
    const { exploreData } = await import("./explore/run.ts");
    const { openView } = await import("./cli/view.ts");
    using view = openView("usual");
    const { folder, lines } = await exploreData(checked, {
      output,
      workers: 1,
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

if (import.meta.main) Deno.exit(await call(command, Deno.args));
