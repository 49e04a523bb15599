import { assertEquals } from "@std/assert";
import { modelEpoch, runFindings, trainingOutcome } from "../../../lib/report/findings/outcome.ts";
import type { RunRecord } from "../../../lib/run/record.ts";
import { makeRecord } from "../record.ts";

/** A run with other options of its stage "train". */
function withTraining(record: RunRecord, options: object): RunRecord {
  return { ...record, config: { pipeline: [{ stage: "train", ...options }] } };
}

Deno.test("trainingOutcome() reads class counts, first loss, epochs and dead units from a record", () => {
  const record = makeRecord({ observed: true });
  const { counts, firstLoss, ...others } = trainingOutcome(record);
  assertEquals(others, {
    classes: 10,
    epochs: record.epochs,
    modelEpoch: 5,
    stopsEarly: false,
    hidden: [{ layer: "relu1", units: 128, dead: 5 }],
  });
  assertEquals(firstLoss, record.steps.loss[0]);
  assertEquals(Object.keys(counts).toSorted(), ["test", "train", "validation"]);
});

Deno.test("trainingOutcome() of a run without observers has the counts of evaluated splits", () => {
  const { counts, hidden } = trainingOutcome(makeRecord());
  const twenty = Array(10).fill(20);
  assertEquals([counts, hidden], [{ validation: twenty, test: twenty }, []]);
});

Deno.test("runFindings() reports findings from the record, and none of a run without epochs", () => {
  const few = makeRecord({ observed: true, epochs: 2 });
  assertEquals(runFindings(few).map(({ name }) => name), ["stillImproving"]);
  const steps = { ...few.steps, loss: new Float32Array() };
  assertEquals(runFindings({ ...makeRecord(), epochs: [], steps }), []);
});

Deno.test("modelEpoch() is the last epoch, or the one that early stopping restored", () => {
  const record = makeRecord();
  const losses = [0.5, 0.3, 0.4, 0.45, 0.5];
  const epochs = record.epochs.map((epoch, index) => ({
    ...epoch,
    validation: { loss: losses[index], accuracy: 0.8 + index / 100 },
  }));
  const ended = (options: object) => modelEpoch(withTraining({ ...record, epochs }, options));
  assertEquals(ended({}), 5);
  assertEquals(ended({ earlyStopping: {} }), 2);
  assertEquals(ended({ earlyStopping: { restoreBest: false } }), 5);
  assertEquals(ended({ earlyStopping: {}, best: "validation.accuracy" }), 5);
  assertEquals(ended({ earlyStopping: { metric: "unknown" } }), 5); // of a version to come
  assertEquals(modelEpoch({ epochs: [], config: undefined }), 0);
});
