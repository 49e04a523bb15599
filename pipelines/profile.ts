/**
 * `deno task profile`: where the time of a training step goes.
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

const HELP = `Profiles the training step of a config: what each operation takes, computes and moves.

Usage:
  deno task profile CONFIG [OPTIONS]

CONFIG is a file like configs/mnist.json; its data is loaded, its network initialized, and training
steps are taken with a clock beside each worker: first by one worker, then by as many as --threads
says. What the machine can do at most is measured in the same process.

Options:
  --set PATH=VALUE  change the config: --set train.batchSize=128; may be repeated
  --data-dir DIR    take the data set's files from DIR, or from DIR/NAME, in place of the network
  --threads N       workers of the second profile; all processors if not given, 1 leaves it out
  --seconds S       how long to look at each of them, 0.1 to 600; 4 if not given
  --output DIR      where the folder is made, under outputs/; "outputs/profiles" if not given
  --png             a PNG beside the SVG, in light colours and twice the size
  --help            show this text

Tables go to stdout; the last line is the folder, with profile.json, profile.svg and trace.json, which
ui.perfetto.dev and chrome://tracing open. Useful work alone is counted: zeros that are skipped are not.
Exit codes: 0 done, 1 failed, 2 wrong config or arguments.`;

/** Steps that the trace shows. */
const TRACED = 5;

const command: Command = {
  task: "profile",
  help: HELP,
  flags: ["png"],
  values: ["data-dir", "threads", "seconds", "output"],
  lists: ["set"],
  async run(given) {
    const [config, ...more] = given.words;
    if (config === undefined || more.length > 0) {
      throw new UsageError(`expected one config: received ${given.words.length}`);
    }
    const output = given.value("output") ?? "outputs/profiles";
    expectWritable(output);
    const seconds = secondsOf(given);
    const threads = await threadsOf(given);
    const { readConfigFile } = await import("./experiment/config_file.ts");
    const checked = readConfigFile(config, given.list("set"));
    const { profileConfig } = await import("./profile/run.ts");
    const { folder, lines } = await profileConfig(checked, {
      output,
      seconds,
      traced: TRACED,
      cacheDirectory: ".cache",
      dataDirectory: given.value("data-dir"),
      workers: threads === 1 ? [1] : [1, threads],
    });
    await drawImages(given, folder);
    for (const each of [...lines, folder]) console.log(each);
    return 0;
  },
};

function secondsOf(given: Arguments): number {
  const text = given.value("seconds") ?? "4";
  const seconds = Number(text);
  if (seconds >= 0.1 && seconds <= 600) return seconds;
  throw new UsageError(`expected 0.1 to 600 after --seconds: received "${text}"`);
}

if (import.meta.main) Deno.exit(await call(command, Deno.args));
