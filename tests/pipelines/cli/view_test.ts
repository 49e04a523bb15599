import { assertEquals } from "@std/assert";
import { openTerminal } from "../../../lib/io/terminal.ts";
import type { EpochRecord } from "../../../lib/run/record.ts";
import type { Progress } from "../../../lib/train/options.ts";
import { addTimes } from "../../../pipelines/cli/progress.ts";
import { formatTrainingProgress, openView, runWithView } from "../../../pipelines/cli/view.ts";

/** Returns a terminal with a number of columns, and the text written to it. */
function recorder(columns: number, isLive = true) {
  const written: string[] = [];
  const terminal = openTerminal({
    output: {
      writeSync(bytes) {
        written.push(new TextDecoder().decode(bytes));
        return bytes.length;
      },
      isTerminal: () => isLive,
    },
    colour: false,
    columns: () => columns,
  });
  return { terminal, text: () => written.splice(0).join("") };
}

const EPOCH: EpochRecord = {
  epoch: 12,
  step: 1356,
  learningRate: 0.00449,
  train: { loss: 0.0019, accuracy: 1 },
  validation: { loss: 0.20021, accuracy: 0.95 },
};

const PROGRESS: Progress = {
  epoch: 13,
  epochs: 60,
  step: 1469,
  steps: 6780,
  stepsTaken: 1400,
  samples: 90_000,
  train: { loss: 0.0014, accuracy: 0.98765 },
  learningRate: 0.0045,
};

const NOW = { ...PROGRESS, samplesPerSecond: 45_678, secondsLeft: 7.4 };

Deno.test("formatTrainingProgress() fits terminals of any width, the most important parts first", () => {
  const lines = (columns: number) => formatTrainingProgress(recorder(columns).terminal, NOW, EPOCH);
  assertEquals(lines(120), [
    "epoch 13/60  ━━━╸────────────  7.4 s left  loss 0.0014  accuracy 98.77 %  rate 0.0045  46k samples/s",
    "after epoch 12  validation loss 0.2002  accuracy 95.00 %",
  ]);
  assertEquals(lines(80), [
    "epoch 13/60  ━━━╸────────────  7.4 s left  loss 0.0014  accuracy 98.77 %",
    "rate 0.0045  46k samples/s",
    "after epoch 12  validation loss 0.2002  accuracy 95.00 %",
  ]);
  assertEquals(lines(40), [
    "epoch 13/60  ━━━╸────────────",
    "7.4 s left  loss 0.0014",
    "accuracy 98.77 %  rate 0.0045",
    "46k samples/s",
    "after epoch 12  validation loss 0.2002",
    "accuracy 95.00 %",
  ]);
});

Deno.test("formatTrainingProgress() omits unknown values", () => {
  const { terminal } = recorder(80);
  const start = { ...NOW, epoch: 1, step: 0, train: undefined, samplesPerSecond: 0 };
  assertEquals(formatTrainingProgress(terminal, { ...start, secondsLeft: 0 }, undefined), [
    "epoch 1/60  ────────────────  0.0 s left  rate 0.0045  0 samples/s",
  ]);
  const { validation: _, ...unvalidated } = EPOCH;
  assertEquals(formatTrainingProgress(terminal, NOW, unvalidated).length, 2);
});

Deno.test("openView() prints plain lines if lines cannot be rewritten", () => {
  const { terminal, text } = recorder(80, false);
  using view = openView("usual", terminal);
  view.showDownload({ file: "a", index: 1, files: 2, received: 5, total: 10, host: "b" });
  view.showDownload({ file: "a", index: 1, files: 2, received: 10, total: 10, host: "b" });
  for (const decoded of [0, 1, 2]) view.showPictures({ decoded, total: 1200 });
  view.showPlan(() => ({ rows: [{ label: "data", text: "toy" }], scored: ["validation"] }));
  view.showEpoch(EPOCH);
  view.showEpoch({
    ...EPOCH,
    epoch: 13,
    learningRate: 990,
    validation: { loss: 12.5, accuracy: 1 },
  });
  view.print("done");
  assertEquals(text().split("\n"), [
    "downloading a of 10 B from b",
    "decoding 1,200 pictures",
    "",
    "data        toy",
    "",
    "epoch  train loss  accuracy  validation loss  accuracy        rate",
    "   12      0.0019  100.00 %           0.2002   95.00 %     0.00449",
    "   13      0.0019  100.00 %          12.5000  100.00 %         990",
    "done",
    "",
  ]);
});

Deno.test("openView() rewrites its lines on a terminal, and removes them at the end", () => {
  const { terminal, text } = recorder(60);
  {
    using view = openView("usual", terminal);
    view.showDownload({ file: "a", index: 1, files: 2, received: 500, total: 1000, host: "b" });
    view.showEpoch(EPOCH);
    assertEquals(text(), "1/2 a  ━━━━━━━━━━──────────  500 B of 1.00 kB  b\n");
    view.print("above");
  }
  const line = "1/2 a  ━━━━━━━━━━──────────  500 B of 1.00 kB  b\n";
  assertEquals(text(), `\r\x1b[1A\x1b[Jabove\n${line}\r\x1b[1A\x1b[J`);
});

Deno.test("openView() shows how many pictures are decoded, with a few updates per second", () => {
  const { terminal, text } = recorder(60);
  using view = openView("usual", terminal);
  for (const decoded of [600, 601, 602]) view.showPictures({ decoded, total: 1200 });
  assertEquals(text(), "decoding 1,200 pictures  ━━━━━━━━━━──────────  600 done\n");
});

Deno.test("openView() with quiet prints nothing, and with verbose every epoch on terminals too", () => {
  const quiet = recorder(80);
  {
    using view = openView("quiet", quiet.terminal);
    view.print("x");
    view.printRows([{ label: "x", text: "y" }]);
    view.showPlan(() => {
      throw new Error("a plan that nobody sees");
    });
    view.showEpoch(EPOCH);
  }
  assertEquals(quiet.text(), "");
  const verbose = recorder(80);
  using view = openView("verbose", verbose.terminal);
  view.showEpoch(EPOCH);
  assertEquals(verbose.text().split("\n").length, 3); // the heading, the epoch, and a line break
});

Deno.test("openView() aligns labels, and fits texts into a terminal's columns", () => {
  const rows = [
    { label: "note", text: "12 of 128 units of relu1 are 0" },
    { label: "", text: "28\u00a0×\u00a028" },
    { label: "warning", text: "outputs/a-name-that-is-longer", isWarning: true },
  ];
  const narrow = recorder(32);
  using view = openView("usual", narrow.terminal);
  view.printRows(rows);
  assertEquals(narrow.text().split("\n"), [
    "note        12 of 128 units of",
    "            relu1 are 0",
    "            28 × 28",
    "warning     outputs/a-name-that-is-longer",
    "",
  ]);
  const pipe = recorder(32, false);
  using other = openView("usual", pipe.terminal);
  other.printRows(rows.slice(0, 1));
  assertEquals(pipe.text(), "note        12 of 128 units of relu1 are 0\n");
});

Deno.test("addTimes() measures from the start, and is finite before the first step", () => {
  let clock = 1000;
  let now: Progress = { ...PROGRESS, stepsTaken: 0, samples: 0 };
  const progress = addTimes(() => now, () => clock);
  assertEquals(progress(), { ...now, samplesPerSecond: 0, secondsLeft: 0 });
  clock = 3000;
  now = PROGRESS;
  // 90,000 samples in 2 s; 1,400 steps in 2 s, so 5,311 more in 7.587 s
  assertEquals(progress().samplesPerSecond, 45_000);
  assertEquals(Math.round(progress().secondsLeft * 1000), 7587);
});

Deno.test("runWithView() removes its lines before its caller prints", async () => {
  const { terminal, text } = recorder(80);
  const made = await runWithView("usual", (view) => {
    view.showDownload({ file: "x", index: 1, files: 1, received: 5, total: 10, host: "a.example" });
    return Promise.resolve(7);
  }, terminal);
  assertEquals(made, 7);
  const [shown, taken] = text().split("\n");
  assertEquals([shown.startsWith("1/1 x"), taken], [true, "\r\x1b[1A\x1b[J"]);
});
