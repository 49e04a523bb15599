/** The library as another project has it: by an import map, and checked by Deno's default settings. */
import { assert, assertEquals } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { codeBlocks } from "./page.ts";

const ROOT = new URL("../", import.meta.url);

/** Main module of the project; it has no cast and no type written out. */
const MAIN = `
import * as ann from "@ann/mlp";
import { chart, document, line } from "@ann/mlp/plot";

// Two moons
const x = [];
const y = [];
for (let i = 0; i < 200; i++) {
  const angle = Math.PI * (i % 100) / 100;
  const label = i < 100 ? 0 : 1;
  x.push(label + Math.cos(angle) * (1 - 2 * label), label / 2 + Math.sin(angle) * (1 - 2 * label));
  y.push(label);
}
const moons = ann.fromArrays({ x, y, features: 2, classes: ["upper", "lower"] });
const splits = ann.split(moons, { validation: 0.2, seed: 1 });

let [epoch, accuracy] = [0, 0];
const { trained, history } = await ann.fit({
  ...splits,
  normalization: ann.standardize()(splits.train),
  network: ann.network([ann.dense({ units: 16 }), ann.tanh(), ann.dense({ units: 2 })], 2),
  loss: ann.softmaxCrossEntropy(),
  optimizer: ann.adam(),
  learningRate: ann.constantRate({ rate: 0.03 }),
  epochs: 30,
  batchSize: 20,
  seed: 1,
  onEpoch(record) {
    epoch = record.epoch;
    accuracy = record.validation?.accuracy ?? 0;
  },
});

await Deno.writeFile("moons.safetensors", ann.saveModel(trained, moons));
const model = ann.loadModel(await Deno.readFile("moons.safetensors"));
const predictor = ann.openRowPredictor(model);
console.log(model.classes[predictor.classOf(Float32Array.of(0, 1))]);
const [upper] = await ann.predict(model, Float32Array.of(1, -0.5));
console.log(upper < 0.1, epoch, accuracy);

const epochs = history.epochs.map(({ epoch }) => epoch);
const losses = history.epochs.map(({ train }) => train.loss);
const marks = [line({ x: epochs, y: losses }, { tone: "blue", label: "train" })];
const axes = { x: { title: "epoch" }, y: { title: "loss (nats)" } };
const figure = chart({ width: 400, height: 240, ...axes, marks });
const svg = document(figure, { title: "Loss", description: "Loss of each epoch" });
await Deno.writeTextFile("loss.svg", svg);
console.log(svg.includes("<svg"), \`\${ann.tensor.input("x", [2, 3])}\`);
`;

Deno.test("another project that trains on its arrays, saves, loads, predicts and draws passes deno check, and runs", async () => {
  await using folder = await consumer(MAIN, await importsOf("library.md", "Modules"));
  assertEquals(await folder.deno("check", "--quiet"), "");
  const lines = await folder.deno(
    "run",
    "--quiet",
    "--no-check",
    "--allow-read",
    "--allow-write=.",
  );
  assertEquals(lines.trimEnd().split("\n"), ["upper", "true 30 1", "true x [2, 3]"]);
});

Deno.test("the example of deno-plot-svg passes deno check and draws in another project, with no more than its packages", async () => {
  const page = await Deno.readTextFile(new URL("lib/docs/plot.md", ROOT));
  const [main] = codeBlocks(page, "In your own project", "ts");
  await using folder = await consumer(main, await importsOf("plot.md", "In your own project"));
  assertEquals(await folder.deno("check", "--quiet"), "");
  assertEquals(await folder.deno("run", "--quiet", "--no-check", "--allow-write=."), "");
  const svg = await Deno.readTextFile(`${folder.path}/temperature.svg`);
  assert(svg.startsWith("<svg ") && svg.includes("temperature (°C)") && svg.includes("Bern"), svg);
});

/** Returns the import map in a section of a page, with this clone in place of one beside the project. */
async function importsOf(page: string, heading: string): Promise<Readonly<Record<string, string>>> {
  const text = await Deno.readTextFile(new URL(`lib/docs/${page}`, ROOT));
  const [map] = codeBlocks(text, heading, "json");
  const { imports }: { readonly imports: Readonly<Record<string, string>> } = JSON.parse(map);
  const own: Readonly<Record<string, string>> = deno.imports;
  return Object.fromEntries(
    Object.entries(imports).map(([name, target]) => {
      if (target.startsWith("npm:")) assertEquals(target, own[name]);
      return [name, target.replace(/^\.\.\/ann-mlp\//, ROOT.href)];
    }),
  );
}

/** Makes a project in a folder of its own, with an import map and nothing of this one's settings. */
async function consumer(main: string, imports: Readonly<Record<string, string>>) {
  const path = await Deno.makeTempDir({ prefix: "ann-mlp-" });
  await Deno.writeTextFile(`${path}/deno.json`, JSON.stringify({ imports }));
  await Deno.copyFile(new URL("deno.lock", ROOT), `${path}/deno.lock`);
  await Deno.writeTextFile(`${path}/main.ts`, main);
  return {
    path,
    /** Runs a command of Deno on the main module; returns what it prints. */
    async deno(command: string, ...flags: readonly string[]): Promise<string> {
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [command, ...flags, "main.ts"],
        cwd: path,
        env: { NO_COLOR: "1" },
      }).output();
      return `${new TextDecoder().decode(stdout)}${new TextDecoder().decode(stderr)}`;
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
