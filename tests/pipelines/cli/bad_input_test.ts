/** The command `deno task train` where something is wrong: the message, the exit code, no trace. */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { type Idx, writeIdx } from "../../../lib/data/formats/idx.ts";
import { inWorkspace, TINY, type Workspace, writeTiny } from "../workspace.ts";

/** A recipe of the project, as messages name it in another folder. */
const QUICKSTART = fromFileUrl(new URL("../../../configs/quickstart.json", import.meta.url));

/** A wrong call: the arguments, and all of stderr, with "FOLDER" for the workspace's. */
interface Wrong {
  readonly args: readonly string[];
  readonly code: 1 | 2;
  readonly stderr: string;
}

/** Runs wrong calls, and expects what they say and that nothing was written. */
async function expectWrong(workspace: Workspace, calls: readonly Wrong[]): Promise<void> {
  const before = workspace.list();
  for (const { args, code, stderr } of calls) {
    // where a command may write is known by the permissions of its task
    const run = args.includes("--output") ? workspace.runAlone : workspace.run;
    const ended = await run("train", args);
    const expected = stderr.replace("FOLDER", workspace.folder);
    assertEquals(ended, { code, stdout: "", stderr: `${expected}\n` }, args.join(" "));
  }
  assertEquals(workspace.list(), before);
}

/** A wrong config: what is written of it on top of a right one, and the problems. */
async function expectProblems(
  workspace: Workspace,
  configs: Readonly<Record<string, { readonly config: unknown; readonly problems: string }>>,
): Promise<void> {
  for (const [name, { config }] of Object.entries(configs)) await workspace.write(name, config);
  await expectWrong(
    workspace,
    Object.entries(configs).map(([name, { problems }]) => {
      const count = problems.trim().split("\n").length;
      const head = `Cannot read config "${name}": ${count} problem${count === 1 ? "" : "s"}`;
      return { args: [name], code: 2, stderr: `${head}\n${problems}` };
    }),
  );
}

/** The tiny config with the options of one stage changed. */
function tinyWith(stage: string, options: object): object {
  const pipeline = TINY.pipeline.map((old) => old.stage === stage ? { ...old, ...options } : old);
  return { ...TINY, pipeline };
}

Deno.test("train rejects wrong arguments, with the expected form", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const cases = {
      "--sett a=1":
        'expected one of --mpi, --fresh, --continue, --png, --quiet, --verbose, --from, --output, --data-dir, --threads, --backend, --blas, --mpi-library, --mpi-timeout, --set, --help: received "--sett": did you mean "--set"?',
      "tiny.json --epochs 3":
        'expected one of --mpi, --fresh, --continue, --png, --quiet, --verbose, --from, --output, --data-dir, --threads, --backend, --blas, --mpi-library, --mpi-timeout, --set, --help: received "--epochs": options of the config are set by --set, as in --set train.epochs=3',
      "a.json b.json": 'expected one config: received "a.json" "b.json"',
      "--quiet --verbose": "expected --quiet or --verbose, not both",
      "tiny.json --output": "expected a value after --output",
      "tiny.json --output a --output b": "expected --output once: received it 2 times",
      "tiny.json --threads 0": 'expected 1 to 256 after --threads: received "0"',
      "tiny.json --backend wasm": 'expected "exact" or "blas" after --backend: received "wasm"',
      "tiny.json --blas libblas.so": "expected --blas with --backend blas only",
      "tiny.json --threads two": 'expected 1 to 256 after --threads: received "two"',
      "tiny.json --output /tmp":
        'expected an --output in outputs/, the only folder that this program may write to: received "/tmp"',
      "tiny.json --output outputs/../data":
        'expected an --output in outputs/, the only folder that this program may write to: received "outputs/../data"',
    };
    await expectWrong(
      workspace,
      Object.entries(cases).map(([args, message]) => ({
        args: args.split(" "),
        code: 2,
        stderr: `Cannot run "deno task train": ${message}\nSee "deno task train --help"`,
      })),
    );
  }));

Deno.test("train reports all problems of a config at once, with place, path and nearest name", () =>
  inWorkspace(async (workspace) => {
    await expectProblems(workspace, {
      "all.json": {
        config: `{
  "name": "all",
  "seed": "42",
  "pipeline": [
    { "stage": "load", "dataset": { "name": "mnits" } },
    { "stage": "split", "validation": -1 },
    { "stage": "normalise", "method": { "name": "unit" } },
    { "stage": "train", "epochs": 0, "bachSize": 3, "layers": [{ "name": "dense", "units": 1.5 }],
      "loss": { "name": "softmaxCrossEntropy" }, "optimizer": { "name": "adam", "beta1": 1 },
      "learningRate": { "name": "constant", "rate": 0.1 } }
  ]
}`,
        problems: [
          '  all.json:3: seed: expected a whole number >= 0 and <= 9007199254740991: received "42"',
          '  all.json:5: pipeline[0].dataset.name (load.dataset.name): expected one of "mnist-10k", "mnist", "fashion-mnist", "kmnist", "qmnist", "emnist", "moons", "circles", "spirals", "xor", "blobs", "idx", "csv", "npz", "images": received "mnits": did you mean "mnist"?',
          "  all.json:6: pipeline[1].validation (split.validation): expected a number >= 0: received -1",
          '  all.json:7: pipeline[2].stage (normalise.stage): expected one of "load", "split", "prepare", "normalize", "reduce", "train", "evaluate", "report": received "normalise": did you mean "normalize"?',
          '  all.json:8: pipeline[3].layers[0].units (train.layers[0].units): expected a whole number >= 1 and <= 9007199254740991 or "classes": received 1.5',
          "  all.json:8: pipeline[3].epochs (train.epochs): expected a whole number >= 1 and <= 1000000: received 0",
          '  all.json:8: pipeline[3].bachSize (train.bachSize): expected no such key: did you mean "batchSize"?',
          "  all.json:9: pipeline[3].optimizer.beta1 (train.optimizer.beta1): expected a number >= 0 and < 1: received 1",
        ].join("\n"),
      },
      "order.json": {
        config: { ...TINY, pipeline: TINY.pipeline.toReversed() },
        problems: [
          '  order.json:1: pipeline[0]: stage 1 "report": expected "evaluations" from an earlier stage: received none: put "evaluate" before it',
          '  order.json:1: pipeline[1]: stage 2 "evaluate": expected "splits" from an earlier stage: received none: put "split" before it',
          '  order.json:1: pipeline[1]: stage 2 "evaluate": expected "model" from an earlier stage: received none: put "train" before it',
          '  order.json:1: pipeline[2]: stage 3 "train": expected "dataset" from an earlier stage: received none: put "load" before it',
          '  order.json:1: pipeline[2]: stage 3 "train": expected "splits" from an earlier stage: received none: put "split" before it',
          '  order.json:1: pipeline[2]: stage 3 "train": expected "normalization" from an earlier stage: received none: put "normalize" before it',
          '  order.json:1: pipeline[3]: stage 4 "normalize": expected "splits" from an earlier stage: received none: put "split" before it',
          '  order.json:1: pipeline[4]: stage 5 "split": expected "dataset" from an earlier stage: received none: put "load" before it',
        ].join("\n"),
      },
      "twice.json": {
        config: '{\n"name": "a",\n"seed": 1,\n"seed": 2, "pipeline": []}',
        problems:
          '  twice.json:4: seed: expected each key once: received "seed" again, after line 3',
      },
      "grammar.json": {
        config: '{\n  "name": "a"\n  "seed": 1\n}',
        problems: '  grammar.json:3:3: expected a "," before the next item',
      },
      "empty.json": { config: "", problems: "  empty.json:1:1: expected a value" },
      "list.json": {
        config: [],
        problems: '  list.json:1: expected an object: { "name": …, "seed": …, "pipeline": [ … ] }',
      },
      "untrained.json": {
        config: { ...TINY, pipeline: TINY.pipeline.slice(0, 3) },
        problems: '  untrained.json:1: pipeline: expected a stage "train": received none',
      },
      "widths.json": {
        config: tinyWith("train", {
          layers: [{ name: "dense" }, { name: "dense", units: "classes" }, { name: "relu" }],
        }),
        problems:
          "  widths.json:1: pipeline[3].layers[0].units (train.layers[0].units): expected a number: " +
          'only the last layer may have "classes" units',
      },
      "held.json": {
        config: tinyWith("split", { validation: 0 }),
        problems:
          '  held.json:1: pipeline[4].on (evaluate.on): expected existing splits: received "validation", but no data is held out: set "validation" in the stage "split", or name other splits',
      },
      "mixed.json": {
        config: {
          ...TINY,
          pipeline: TINY.pipeline.map((stage) =>
            stage.stage === "train"
              ? { ...stage, augment: [{ name: "mixup" }] }
              : stage.stage === "evaluate"
              ? { ...stage, augmentedCopies: 3 }
              : stage
          ),
        },
        problems:
          '  mixed.json:1: pipeline[4].augmentedCopies (evaluate.augmentedCopies): expected 0, since training has no augmentation of single images: received 3: set "augment" in the stage "train"',
      },
      "loop.json": {
        config: { extends: "loop.json" },
        problems:
          '  loop.json:1: extends: expected a chain of at most 16 files that ends: received "loop.json" again',
      },
      "orphan.json": {
        config: { extends: "nowhere.json" },
        problems:
          '  orphan.json:1: extends: expected a file that can be read: received "nowhere.json": there is no such file or folder: tried "FOLDER/nowhere.json"',
      },
    });
  }));

Deno.test("train rejects files that are not configs, and --set of keys that it cannot change", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await workspace.write("binary.json", Uint8Array.of(0xff, 0xfe, 0x7b));
    await workspace.write("run/config.json", TINY);
    await workspace.write("run/manifest.json", {});
    await expectWrong(workspace, [
      {
        args: ["none.json"],
        code: 2,
        stderr:
          'Cannot read config "none.json": 1 problem\n  expected a file that can be read: there is no such file or folder: tried "FOLDER/none.json"',
      },
      {
        args: ["quikstart"],
        code: 2,
        stderr: 'Cannot read config "quikstart": 1 problem\n  expected a file that can be read: ' +
          'there is no such file or folder: tried "FOLDER/quikstart": did you mean ' +
          `"${QUICKSTART}"?`,
      },
      {
        args: ["tiny"],
        code: 2,
        stderr: 'Cannot read config "tiny": 1 problem\n  expected a file that can be read: ' +
          'there is no such file or folder: tried "FOLDER/tiny": did you mean "tiny.json"?',
      },
      {
        args: ["data"],
        code: 2,
        stderr:
          'Cannot read config "data": 1 problem\n  expected a file that can be read: it is a folder, not a file',
      },
      {
        args: ["run"],
        code: 2,
        stderr: 'Cannot read config "run": 1 problem\n  expected a file that can be read: ' +
          'it is a folder, not a file: did you mean "run/config.json", or the command "reproduce"?',
      },
      {
        args: ["tiny.json", "--set", "train.learningRate=0.01"],
        code: 2,
        stderr:
          'Cannot read config "tiny.json": 1 problem\n  --set train.learningRate=0.01: pipeline[3].learningRate (train.learningRate): expected an object with "name" one of "constant", "step", "exponential", "cosine", "linear", "polynomial", "oneCycle", "inverseSquareRoot", "plateau", "warmUp": received 0.01: did you mean { "name": "constant", "rate": 0.01 }?',
      },
      {
        args: ["tiny.json", "--set", "train.loss.name=crossentropy"],
        code: 2,
        stderr:
          'Cannot read config "tiny.json": 1 problem\n  --set train.loss.name=crossentropy: pipeline[3].loss.name (train.loss.name): expected one of "softmaxCrossEntropy", "meanSquaredError", "hinge", "focal": received "crossentropy": did you mean "softmaxCrossEntropy"?',
      },
      {
        args: ["binary.json"],
        code: 2,
        stderr:
          'Cannot read config "binary.json": 1 problem\n  expected a file that can be read: it is not text in UTF-8',
      },
      {
        args: ["tiny.json", "--set", "train.epochs"],
        code: 2,
        stderr:
          'Cannot read config "tiny.json": 1 problem\n  --set train.epochs: expected PATH=VALUE, for example train.epochs=3: received "train.epochs"',
      },
      {
        args: ["tiny.json", "--set", "trian.epochs=3"],
        code: 2,
        stderr:
          'Cannot read config "tiny.json": 1 problem\n  --set trian.epochs=3: expected a path that begins with one of "load", "split", "normalize", "train", "evaluate", "report", "name", "description", "seed", "pipeline", "sweep", "ensemble": received "trian": did you mean "train"?',
      },
      {
        args: ["tiny.json", "--set", "epochs=3"],
        code: 2,
        stderr:
          'Cannot read config "tiny.json": 1 problem\n  --set epochs=3: expected a path that begins with one of "load", "split", "normalize", "train", "evaluate", "report", "name", "description", "seed", "pipeline", "sweep", "ensemble": received "epochs": did you mean "train.epochs"?',
      },
      {
        args: ["tiny.json", "--set", "train.layers.0.units=3"],
        code: 2,
        stderr:
          'Cannot read config "tiny.json": 1 problem\n  --set train.layers.0.units=3: expected an index in brackets: received ".0": did you mean "train.layers[0].units"?',
      },
      {
        args: ["tiny.json", "--set", "train.epoch=3"],
        code: 2,
        stderr:
          'Cannot read config "tiny.json": 1 problem\n  --set train.epoch=3: pipeline[3].epoch (train.epoch): expected no such key: did you mean "epochs"?',
      },
    ]);
  }));

/** A file of so many labels, all of class 0. */
function labels(count: number, last = 0): Uint8Array {
  const values = new Uint8Array(count);
  values[count - 1] = last;
  const idx: Idx = { type: "u8", shape: [count], values };
  return writeIdx(idx);
}

Deno.test("train rejects wrong data before it writes anything", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const images = await Deno.readFile(join(workspace.folder, "data/images"));
    const files = {
      "data/short": images.slice(0, -1),
      "data/long": Uint8Array.of(...images, 0),
      "data/few": labels(59),
      "data/wrong": labels(60, 7),
      "data/page.gz": "<!DOCTYPE html><html><body>403 Forbidden</body></html>",
      "data/huge": Uint8Array.of(0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 16, 0, 0, 0, 16, 0),
    };
    for (const [name, content] of Object.entries(files)) await workspace.write(name, content);
    const withFiles = (name: string, files: object) =>
      workspace.write(
        name,
        tinyWith("load", { dataset: { ...TINY.pipeline[0].dataset, ...files } }),
      );
    await withFiles("none.json", { images: "data/none" });
    await withFiles("folder.json", { images: "data" });
    await withFiles("short.json", { images: "data/short" });
    await withFiles("long.json", { images: "data/long" });
    await withFiles("few.json", { labels: "data/few" });
    await withFiles("swapped.json", { images: "data/labels", labels: "data/images" });
    await withFiles("wrong.json", { labels: "data/wrong", classes: ["a", "b", "c"] });
    await withFiles("page.json", { images: "data/page.gz" });
    await withFiles("huge.json", { images: "data/huge" });
    await expectWrong(workspace, [
      {
        args: ["none.json"],
        code: 1,
        stderr:
          'Cannot read images "data/none": there is no such file or folder: tried "FOLDER/data/none"',
      },
      {
        args: ["folder.json"],
        code: 1,
        stderr: 'Cannot read images "data": it is a folder, not a file',
      },
      {
        args: ["short.json"],
        code: 1,
        stderr:
          'Cannot read "data/short": expected 856 bytes, as its header says (u8, [60, 2, 7]): received 855',
      },
      {
        args: ["long.json"],
        code: 1,
        stderr: 'Cannot unpack "data/long": expected at most 856 bytes of content: received 857',
      },
      {
        args: ["few.json"],
        code: 1,
        stderr:
          'Cannot read "data/few": expected 60 labels, one for each sample of "data/images": received 59',
      },
      {
        args: ["swapped.json"],
        code: 1,
        stderr:
          'Cannot read "data/images": expected labels, integers of 1 dimension: received u8 of shape [60, 2, 7]',
      },
      {
        args: ["wrong.json"],
        code: 1,
        stderr:
          'Cannot read "data/wrong": expected labels from 0 to 2, the number of classes less 1: received 7 for sample 59',
      },
      {
        args: ["page.json"],
        code: 1,
        stderr:
          'Cannot read "data/page.gz": expected an IDX file, which begins with two zero bytes: received an HTML page',
      },
      {
        args: ["huge.json"],
        code: 1,
        stderr:
          'Cannot read "data/huge": expected fewer than 2^53 bytes: its header says u8, [4294967295, 4096, 4096]',
      },
    ]);
  }));

Deno.test("train rejects a config that does not fit its data, before it writes anything", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    const { images, labels } = TINY.pipeline[0].dataset;
    const set = (...sets: readonly string[]) => ["tiny.json", ...sets.flatMap((s) => ["--set", s])];
    await expectWrong(workspace, [
      {
        args: set("train.batchSize=49"),
        code: 1,
        stderr:
          "Cannot train: expected a batch of at most the 48 training samples: received batchSize 49",
      },
      {
        args: set("train.layers[2].units=4"),
        code: 1,
        stderr:
          "Cannot train: expected a last layer with 3 outputs, one for each class: received 4",
      },
      {
        args: set("train.loss.classWeights=[1,2]"),
        code: 1,
        stderr: "Cannot weight classes: expected 3 classWeights, one for each class: received 2",
      },
      {
        args: set('train.layers[1]={"name":"batchNorm"}', "train.batchSize=47"),
        code: 1,
        stderr:
          "Cannot normalize a batch: expected at least 2 samples a step, the last of an epoch " +
          "included (another batchSize may do): received 1, in layer 2 (batchNorm1)",
      },
      {
        args: set('train.learningRate={"name":"plateau","metric":"average.loss"}'),
        code: 1,
        stderr: 'Cannot monitor "average.loss": expected averaged weights: received none',
      },
      {
        args: set("split.validation=60"),
        code: 1,
        stderr: "Cannot split 60 samples: expected to hold out 0 to 59: received 60",
      },
      {
        args: set("split.validation=0.001"),
        code: 1,
        stderr: "Cannot split 60 samples: expected a share of at least 1 sample: received 0.001",
      },
      {
        args: set(`load.dataset=${JSON.stringify({ name: "idx", images, labels })}`),
        code: 1,
        stderr:
          'Cannot evaluate: expected "on" to name existing splits, "train", "validation": received "test"',
      },
    ]);
  }));

/** The files of MNIST, as messages list them. */
const FOUR = [
  '"train-images-idx3-ubyte"',
  '"train-labels-idx1-ubyte"',
  '"t10k-images-idx3-ubyte"',
  '"t10k-labels-idx1-ubyte"',
].join(", ");

Deno.test("train rejects folders for published data with other files", () =>
  inWorkspace(async (workspace) => {
    await writeTiny(workspace);
    await Deno.mkdir(join(workspace.folder, "empty"));
    await workspace.write("page/train-images-idx3-ubyte.gz", "<html>403</html>");
    await workspace.write("page/train-labels-idx1-ubyte.gz", "<html>403</html>");
    await workspace.write("page/t10k-images-idx3-ubyte.gz", "<html>403</html>");
    await workspace.write("page/t10k-labels-idx1-ubyte.gz", "<html>403</html>");
    const mnist = ["tiny.json", "--set", 'load.dataset={"name":"mnist"}', "--data-dir"];
    await expectWrong(workspace, [
      {
        args: [...mnist, "empty"],
        code: 1,
        stderr:
          `Cannot load "mnist" from "empty": expected there, or all in "empty/mnist", the files ${FOUR}, each with ".gz" or without: missing ${FOUR}`,
      },
      {
        args: [...mnist, "nowhere"],
        code: 1,
        stderr:
          `Cannot load "mnist" from "nowhere": expected there, or all in "nowhere/mnist", the files ${FOUR}, each with ".gz" or without: missing ${FOUR}`,
      },
      {
        args: [...mnist, "tiny.json"],
        code: 1,
        stderr:
          'Cannot read data file "tiny.json/mnist/train-images-idx3-ubyte": a part of its path is a file, not a folder',
      },
      {
        args: [...mnist, "page"],
        code: 1,
        stderr:
          'Cannot use "page/train-images-idx3-ubyte.gz": expected 47040016 bytes of content: received 16 bytes, an HTML page',
      },
    ]);
  }));
