import { assertEquals } from "@std/assert";
import { summarizeFolder } from "../../../lib/analysis/runs/listing.ts";
import { formatRunTable, runColumns } from "../../../lib/analysis/runs/table.ts";
import { encodeModel } from "../../../lib/run/model.ts";

const SUMMARY = JSON.stringify({
  validation: { accuracy: 0.9712 },
  test: { accuracy: 0.97855 },
  parameters: 101_770,
  epochs: 2,
});

const LAYERS = [
  { name: "dense", units: 128 },
  { name: "residual", layers: [{ name: "dense", units: 128 }] },
  { name: "dense", units: 10 },
];

const OWN = { name: "csv", sha256: { table: "f2a01c90a4" } };

/** A run of such files, besides its config and summary. */
function listed(texts: Readonly<Record<string, string>>, model?: Uint8Array) {
  const config = JSON.stringify({
    name: "a",
    pipeline: [{ stage: "load", dataset: OWN }, { stage: "train", layers: LAYERS }],
  });
  const all = { "config.json": config, "summary.json": SUMMARY, "manifest.json": "{}", ...texts };
  return summarizeFolder("a-0123456789", {
    kind: "run",
    texts: new Map(Object.entries(all)),
    model,
    bytes: 5,
  });
}

Deno.test("summarizeFolder() returns the data set, the network, the best epoch and the time of training", () => {
  const manifest = JSON.stringify({ data: [{ path: "/home/x/wine.csv" }] });
  const metrics = [0.5, 0.98, 0.97].map((accuracy) =>
    JSON.stringify({ validation: { accuracy: 0.99 }, average: { accuracy } })
  );
  const model = encodeModel({
    parameters: new Map(),
    layers: [{ name: "dense" }],
    classes: ["0"],
    shape: [28, 28],
    normalization: { name: "unit", shift: 0, scale: 1 },
    encoding: "dense32",
  });
  const run = listed({
    "manifest.json": manifest,
    "metrics.jsonl": `${metrics.join("\n")}\n`,
    "timing.jsonl": '{"stage":"load","milliseconds":3}\n{"stage":"train","milliseconds":776}\n',
  }, model);
  assertEquals([run.data, run.network, run.best, run.time], [
    "wine.csv",
    "784-128-128-10",
    0.98,
    776,
  ]);
  assertEquals([run.validation, run.epochs], [0.9712, 2]);
  const bare = listed({});
  assertEquals([bare.data, bare.network, bare.best], ["csv f2a01c", "128-128-10", 0.9712]);
});

Deno.test("summarizeFolder() reads the number of features from a truncated model header only if it is complete", () => {
  const model = encodeModel({
    parameters: new Map(),
    layers: [{ name: "dense" }],
    classes: ["0"],
    shape: [4],
    normalization: { name: "unit", shift: 0, scale: 1 },
    encoding: "dense32",
  });
  for (let length = 0; length < model.length; length += 7) {
    const { network } = listed({}, model.subarray(0, length));
    assertEquals(["128-128-10", "4-128-128-10"].includes(network ?? ""), true);
  }
});

Deno.test("summarizeFolder() reports a run as broken if its files are invalid", () => {
  const state = (config: string, summary: string) =>
    listed({ "config.json": config, "summary.json": summary }).state;
  assertEquals(state('{"name": "a"}', SUMMARY), "finished");
  for (const bad of ["", "null", "[]", "3", '{"name": 3}']) {
    assertEquals(state(bad, SUMMARY), "broken");
  }
  for (const bad of ["", "null", '{"epochs": "10"}']) {
    assertEquals(state('{"name": "a"}', bad), "broken");
  }
});

Deno.test("formatRunTable() aligns names to the left and numbers to the right", () => {
  assertEquals(formatRunTable([listed({})], runColumns({ test: true })), [
    "run           kind  date  data        network     parameters  epochs  validation     best     test  time  size",
    "────────────  ────  ────  ──────────  ──────────  ──────────  ──────  ──────────  ───────  ───────  ────  ────",
    "a-0123456789  run   –     csv f2a01c  128-128-10     101,770       2     97.12 %  97.12 %  97.86 %     –   5 B",
  ]);
});

Deno.test("formatRunTable() has no line wider than the available width, and keeps the most important columns", () => {
  const run = { ...listed({}), run: `${"long-".repeat(6)}0123456789` };
  const columns = runColumns({ test: false });
  for (const room of [140, 100, 80, 60, 40]) {
    const lines = formatRunTable([run, listed({})], columns, room);
    assertEquals(lines.filter(({ length }) => length > room), [], `${room}`);
  }
  const headings = (room: number) => formatRunTable([run], columns, room)[0].split(/ +/);
  assertEquals(headings(80), ["run", "data", "network", "best", "time"]);
  assertEquals(headings(40), ["run", "best", "time"]);
  assertEquals(formatRunTable([run], columns, 40)[2], "long-long-lon…-0123456789  97.12 %     –");
});
