import { assertEquals } from "@std/assert";
import type { RunTiming } from "../../../lib/run/timing.ts";
import { type FinishedTraining, summaryRows } from "../../../pipelines/train/closing.ts";
import { makeRecord } from "../../report/record.ts";

const TIMING: RunTiming = { stages: [{ stage: "train", milliseconds: 12_345 }] };

/** Rows with a label, which is shown once for several. */
function rowsOf(finished: Partial<FinishedTraining>) {
  const rows = summaryRows({
    record: makeRecord({ mistakeEvery: 10 }),
    timing: TIMING,
    path: "outputs/digits-0f3a9c21",
    hasReport: true,
    commandPrefix: "ann",
    ...finished,
  });
  return (label: string) => rows.filter((row) => row.label === label).map(({ text }) => text);
}

Deno.test("summaryRows() are time, losses, best epoch, scores, report and the next commands", () => {
  const record = makeRecord({ mistakeEvery: 10 });
  const rows = summaryRows({
    record,
    timing: TIMING,
    path: "outputs/digits-0f3a9c21",
    hasReport: true,
    commandPrefix: "ann",
  });
  const shown = rows.filter(({ label }) => !["note", "remedy"].includes(label));
  assertEquals(shown.map(({ label, text }) => `${label}: ${text}`), [
    "trained: 5 epochs in 12 s",
    "loss: training    0.6000 → 0.1200  █▅▃▂▁",
    ": validation  0.5500 → 0.1500  █▅▄▃▂",
    "best epoch: 5 of 5: validation accuracy 95.60 % (95 %: 91.67 % to 97.61 %)",
    "validation: accuracy 90.00 % (95 %: 85.06 % to 93.43 %), 20 mistakes in 200, loss 0.1250",
    "test: accuracy 90.00 % (95 %: 85.06 % to 93.43 %), 20 mistakes in 200, loss 0.1250",
    "report: outputs/digits-0f3a9c21/report.svg",
    "next: ann predict outputs/digits-0f3a9c21 FILE",
    ": ann evaluate outputs/digits-0f3a9c21",
    ": ann compare outputs/digits-0f3a9c21 RUN",
  ]);
});

Deno.test("summaryRows() state what is known of the time, and the reason why training ended", () => {
  const steps = { steps: 40, samples: 2560, timed: 0 };
  const resumed = { activities: [], epochs: [], operations: [] };
  const [after] = rowsOf({
    timing: { ...TIMING, training: { ...resumed, steps: { ...steps, after: 160 } } },
  })("trained");
  assertEquals(after, "5 epochs, 12 s since it was resumed");
  assertEquals(rowsOf({ timing: undefined })("trained"), ["5 epochs"]);
  const record = {
    ...makeRecord(),
    config: { pipeline: [{ stage: "train", epochs: 9, earlyStopping: { patience: 1 } }] },
  };
  assertEquals(rowsOf({ record })("trained"), ["5 of 9 epochs in 12 s, stopped early"]);
});

Deno.test("summaryRows() name the epoch whose weights were restored", () => {
  const made = makeRecord();
  const record = {
    ...made,
    config: { pipeline: [{ stage: "train", epochs: 9, earlyStopping: {} }] },
    epochs: made.epochs.map((epoch) => ({
      ...epoch,
      validation: { loss: epoch.epoch === 2 ? 0.1 : 0.2, accuracy: 0.9 },
    })),
  };
  assertEquals(rowsOf({ record })("best epoch"), [
    "2 of 5: validation accuracy 90.00 % (95 %: 85.06 % to 93.43 %); its weights were restored",
  ]);
});

Deno.test("summaryRows() of an ensemble, or of a run without a report or validation, omit the rest", () => {
  const { epochs: _, ...made } = makeRecord({ validation: false });
  const member = { settings: [], run: "a", epochs: 5, scores: {} };
  const record = { ...made, epochs: [], members: [member, member] };
  const rows = rowsOf({ record, hasReport: false, path: "outputs/my runs/it's" });
  assertEquals(rows("trained"), ["2 members, whose probabilities are averaged"]);
  assertEquals(["loss", "best epoch", "note", "report"].flatMap(rows), []);
  assertEquals(rows("next"), ["ann predict 'outputs/my runs/it'\\''s' FILE"]);
});
