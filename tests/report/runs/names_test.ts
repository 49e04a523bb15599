import { assertEquals } from "@std/assert";
import {
  formatSetting,
  formatSettings,
  formatSettingValue,
  pathBelowStage,
  shortNames,
} from "../../../lib/report/runs/names.ts";

Deno.test("shortNames() are as short as they can be and still differ", () => {
  assertEquals(shortNames(["train.optimizer.name", "seed", "train.epochs", "name"]), [
    "optimizer",
    "seed",
    "epochs",
    "name",
  ]);
  assertEquals(shortNames(["train.loss.name", "evaluate.loss.name", "a.b", "c.b"]), [
    "train.loss",
    "evaluate.loss",
    "a.b",
    "c.b",
  ]);
});

Deno.test("pathBelowStage() omits the stage and a final name", () => {
  const keys = ["train.learningRate.from", "train.layers[1].name", "seed", "train.batchSize"];
  const names = ["learningRate.from", "layers[1]", "seed", "batchSize"];
  assertEquals(keys.map(pathBelowStage), names);
});

const [DENSE, RELU, LAST] = [
  { name: "dense", units: 128 },
  { name: "relu" },
  { name: "dense", units: 10 },
];

Deno.test("formatSettingValue() formats a network by its sizes and the layers between them", () => {
  const between = [{ name: "batchNorm" }, RELU, { name: "dropout", rate: 0.2 }];
  assertEquals(formatSettingValue([LAST]), "10");
  assertEquals(formatSettingValue([DENSE, RELU, DENSE, RELU, LAST]), "128-128-10 relu");
  assertEquals(
    formatSettingValue([DENSE, ...between, LAST]),
    "128-10 batchNorm relu dropout\u00a00.2",
  );
});

Deno.test("formatSettingValue() lists the layers of a less regular network", () => {
  const decayed = { ...LAST, regularization: { weightDecay: 0.1 } };
  const text = "dense\u00a0128 → relu → dense\u00a0128 → dense\u00a010";
  assertEquals(formatSettingValue([DENSE, RELU, DENSE, LAST]), text);
  assertEquals(formatSettingValue([DENSE, RELU]), "dense\u00a0128 → relu");
  assertEquals(
    formatSettingValue([DENSE, RELU, decayed]),
    "dense\u00a0128 → relu → dense\u00a010\u00a0(weight decay 0.1)",
  );
});

Deno.test("formatSettingValue() joins entries of a list by plus signs, and formats an empty list as none", () => {
  const augment = [{ name: "affine", rotate: 5 }, { name: "elastic" }];
  assertEquals([augment, [], {}, 0.5, "relu"].map(formatSettingValue), [
    "affine, rotate 5 + elastic",
    "none",
    "none",
    "0.5",
    "relu",
  ]);
});

Deno.test("formatSetting() names the option of a value that does not explain itself", () => {
  const settings = [
    { key: "train.batchSize", value: 64 },
    { key: "train.layers[1].name", value: "relu" },
    { key: "train.regularization", value: { l2: 0.1 } },
    { key: "train.regularization", value: {} },
  ];
  assertEquals(settings.map(formatSetting), [
    "batchSize 64",
    "relu",
    "l2 0.1",
    "regularization none",
  ]);
  const keys = ["train.layers", "seed"];
  const both = [{ key: "train.layers", value: [DENSE, RELU, LAST] }, { key: "seed", value: 1 }];
  assertEquals(formatSettings(both, keys), "layers 128-10 relu, seed 1");
});
