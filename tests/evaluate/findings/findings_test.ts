import { assertEquals } from "@std/assert";
import type { TrainingOutcome } from "../../../lib/evaluate/findings/finding.ts";
import { findings, findingTable } from "../../../lib/evaluate/findings/mod.ts";
import { epochsOf, GOOD, outcomeOf, OUTCOMES, UNKNOWN } from "./outcomes.ts";

type Name = keyof typeof findingTable;

/** Returns the severity of an entry's finding, or undefined. */
function severity(name: Name, outcome: TrainingOutcome) {
  return findingTable[name].find(outcome)?.severity;
}

function textOf(name: Name, outcome: TrainingOutcome) {
  return findingTable[name].find(outcome)?.text;
}

Deno.test("findings() is empty for a good training, and for one of which nothing is known", () => {
  assertEquals(findings(GOOD), []);
  assertEquals(findings(UNKNOWN), []);
});

Deno.test("findings() returns warnings first, without those that another one explains", () => {
  const names = (outcome: TrainingOutcome) => findings(outcome).map(({ name }) => name);
  // the classes of 1,000 samples were guessed, and half of the units are dead: divergence explains both
  const hidden = [{ layer: "relu1", units: 8, dead: 4 }];
  assertEquals(names({ ...OUTCOMES.diverged, hidden }), ["diverged"]);
  assertEquals(names({ ...OUTCOMES.overfitting, hidden }), ["deadUnits", "overfitting"]);
  const idle = Array(10).fill([0.01, 1] as const);
  const held = Array(10).fill([0.4, 0.9] as const);
  const outcome = outcomeOf(epochsOf(idle, held));
  assertEquals(severity("idleEpochs", outcome), "note");
  assertEquals(names(outcome), ["overfitting"]);
});

Deno.test("diverged is found for a training loss above twice that of the first step or of a guess", () => {
  const ended = (loss: number, firstLoss?: number) =>
    outcomeOf(epochsOf([[1, 0.5], [loss, 0.5]]), { firstLoss });
  assertEquals(severity("diverged", ended(5.99, 3)), undefined);
  assertEquals(severity("diverged", ended(6.01, 3)), "warning");
  // training began with the weights of another run: 4 is below twice ln 10 = 2.3026
  assertEquals(severity("diverged", ended(4.6, 0.01)), undefined);
  assertEquals(severity("diverged", ended(4.61, 0.01)), "warning");
  assertEquals(severity("diverged", ended(100, undefined)), undefined);
  assertEquals(severity("diverged", ended(Infinity, undefined)), "warning");
  assertEquals(
    textOf("diverged", ended(95263546, 2.31)),
    "Training diverged: the loss rose from 2.3100 in the first step to 95,263,546 in epoch 2",
  );
  const held = outcomeOf(epochsOf([[1, 0.5]], [[Infinity, 0.5]]));
  assertEquals(textOf("diverged", held), "The loss is not finite after epoch 1");
});

Deno.test("chanceLevel is found if the accuracy's interval reaches the fraction of the most frequent class", () => {
  const at = (accuracy: number, counts: TrainingOutcome["counts"], classes = 10) =>
    outcomeOf(epochsOf([[2, accuracy]], [[2, accuracy]]), { counts, classes });
  const even = { train: [500, 500], validation: [500, 500] };
  // Wilson: the interval of 530 of 1,000 begins at 49.90 %, that of 531 at 50.001 %
  assertEquals(severity("chanceLevel", at(0.53, even, 2)), "warning");
  assertEquals(severity("chanceLevel", at(0.531, even, 2)), undefined);
  const uneven = { train: [900, 100], validation: [900, 100] };
  // 918: from 89.94 % on; 919: from 90.04 % on
  assertEquals(severity("chanceLevel", at(0.918, uneven, 2)), "warning");
  assertEquals(severity("chanceLevel", at(0.919, uneven, 2)), undefined);
  assertEquals(
    textOf("chanceLevel", OUTCOMES.chanceLevel),
    "The validation accuracy of 10.00 % (95 %: 8.29–12.02 %) is not above chance level, 10.00 %",
  );
});

Deno.test("chanceLevel is not found for a well trained network on few samples, nor for data of one class", () => {
  const counts = { train: [500, 500], validation: [6, 6] };
  const few = outcomeOf(epochsOf([[0.2, 0.95]], [[0.3, 8 / 12]]), { counts, classes: 2 });
  assertEquals(severity("chanceLevel", few), undefined);
  const one = outcomeOf(epochsOf([[0, 1]]), { counts: { train: [10] }, classes: 1 });
  assertEquals(severity("chanceLevel", one), undefined);
  // without a validation split the training samples alone count
  const training = outcomeOf(epochsOf([[2.3, 0.1]]), { counts: { train: [50, 50] }, classes: 2 });
  assertEquals(severity("chanceLevel", training), "warning");
});

Deno.test("overfitting is found for a gap of two points between intervals, with a warning from ten", () => {
  // 1,000 of 1,000: from 99.617 % on; 967, 966, 878 and 877: up to 97.641, 97.557, 89.685 and 89.593 %
  const gap = (accuracy: number) => outcomeOf(epochsOf([[0.1, 1]], [[0.2, accuracy]]));
  assertEquals(severity("overfitting", gap(0.967)), undefined);
  assertEquals(severity("overfitting", gap(0.966)), "note");
  assertEquals(severity("overfitting", gap(0.878)), "note");
  assertEquals(severity("overfitting", gap(0.877)), "warning");
  const few = { counts: { train: [500, 500], validation: [15, 15] } };
  assertEquals(severity("overfitting", { ...gap(28 / 30), ...few }), undefined); // up to 98.15 %
  assertEquals(severity("overfitting", { ...gap(0.5), counts: {} }), undefined);
  assertEquals(
    textOf("overfitting", gap(0.9)),
    "The training accuracy of 100.00 % and the validation accuracy of 90.00 % are 7.9 points further " +
      "apart than their 95 % intervals explain",
  );
});

Deno.test("overfitting is found for a validation loss that rises by a quarter while the training loss falls", () => {
  const rise = (loss: number, accuracy = 0.9, train = 0.2) =>
    outcomeOf(epochsOf([[0.4, 0.9], [train, 0.93]], [[0.4, 0.9], [loss, accuracy]]));
  assertEquals(severity("overfitting", rise(0.499)), undefined);
  assertEquals(severity("overfitting", rise(0.501)), "note");
  assertEquals(severity("overfitting", rise(0.6, 0.905)), undefined); // accuracy still rises
  assertEquals(severity("overfitting", rise(0.6, 0.9, 0.41)), undefined); // so does the training loss
  assertEquals(severity("overfitting", { ...rise(0.6), modelEpoch: 1 }), undefined); // restored
});

Deno.test("earlyBest is found if validation accuracy falls by more mistakes than chance explains", () => {
  // 100 mistakes in 1,000; then m: 1.96 √(100 + m) is 28.9 for 129 → 29.66, and 30 > 29.7 for 130
  const ended = (mistakes: number, changes: Partial<TrainingOutcome> = {}) =>
    outcomeOf(
      epochsOf(Array(4).fill([0.4, 0.9]), [
        [0.4, 0.9],
        [0.4, 0.89],
        [0.4, 0.88],
        [0.4, 1 - mistakes / 1000],
      ]),
      changes,
    );
  assertEquals(severity("earlyBest", ended(129)), undefined);
  assertEquals(severity("earlyBest", ended(130)), "warning");
  assertEquals(severity("earlyBest", ended(300, { modelEpoch: 2 })), undefined);
  assertEquals(severity("earlyBest", ended(300, { counts: {} })), undefined);
  assertEquals(
    textOf("earlyBest", ended(200)),
    "The validation accuracy was 90.00 % in epoch 1 and is 80.00 % in epoch 4, the epoch of the model",
  );
  // the best epoch is the last but one: not long before
  const late = epochsOf(Array(5).fill([0.4, 0.9]), [
    ...Array(3).fill([0.4, 0.8] as const),
    [0.4, 0.9],
    [0.4, 0.8],
  ]);
  assertEquals(severity("earlyBest", outcomeOf(late)), undefined);
});

Deno.test("deadUnits is found for more than a sixteenth of a layer, with a warning from half", () => {
  const layers = (...hidden: (readonly [units: number, dead: number])[]): TrainingOutcome => ({
    ...GOOD,
    hidden: hidden.map(([units, dead], index) => ({ layer: `relu${index + 1}`, units, dead })),
  });
  assertEquals(severity("deadUnits", layers([128, 8])), undefined);
  assertEquals(severity("deadUnits", layers([128, 9])), "note");
  assertEquals(severity("deadUnits", layers([128, 63])), "note");
  assertEquals(severity("deadUnits", layers([128, 0], [128, 64])), "warning");
  assertEquals(
    textOf("deadUnits", layers([128, 12], [64, 0], [64, 8])),
    "12 of 128 units of relu1 (9 %) and 8 of 64 units of relu3 (13 %) are 0 for all observed samples, " +
      "so they receive no gradient",
  );
});

Deno.test("idleEpochs is found for a second half, of at least five epochs, without a better score", () => {
  const best = (at: number, epochs: number, changes: Partial<TrainingOutcome> = {}) =>
    outcomeOf(
      epochsOf(
        Array.from({ length: epochs }, (_, index) => [1 / (index + 1), 0.9]),
        Array.from({ length: epochs }, (_, index) => index + 1 === at ? [0.3, 0.9] : [0.4, 0.89]),
      ),
      changes,
    );
  assertEquals(severity("idleEpochs", best(5, 10)), "note");
  assertEquals(severity("idleEpochs", best(6, 10)), undefined);
  assertEquals(severity("idleEpochs", best(4, 8)), undefined); // four epochs
  assertEquals(severity("idleEpochs", best(5, 10, { stopsEarly: true })), undefined);
  assertEquals(
    textOf("idleEpochs", best(4, 10)),
    "No epoch after 4 of 10 had a lower validation loss or a higher validation accuracy",
  );
  const unvalidated = outcomeOf(epochsOf(Array(10).fill([0.5, 0.8])));
  assertEquals(
    textOf("idleEpochs", unvalidated),
    "No epoch after 1 of 10 had a lower training loss or a higher training accuracy",
  );
});

Deno.test("stillImproving is found for a loss that fell by a twentieth in the last tenth of training", () => {
  const fall = (from: number, to: number, epochs = 4) =>
    outcomeOf(epochsOf(
      Array.from({ length: epochs }, (_, index) => [index === epochs - 1 ? to : from, 0.8]),
    ));
  assertEquals(severity("stillImproving", fall(1, 0.951)), undefined);
  assertEquals(severity("stillImproving", fall(1, 0.949)), "note");
  assertEquals(severity("stillImproving", fall(1, 0.9, 1)), undefined); // nothing to compare with
  assertEquals(
    textOf("stillImproving", fall(1.2, 0.6)),
    "The training loss was still falling: 1.2000 in epoch 1, 0.6000 in epoch 4, the last",
  );
  // the validation loss counts where there is one, and accuracy must not fall
  const held = (accuracy: number) =>
    outcomeOf(epochsOf([[1, 0.8], [0.5, 0.8]], [[1, 0.8], [0.9, accuracy]]));
  assertEquals(severity("stillImproving", held(0.8)), "note");
  assertEquals(severity("stillImproving", held(0.79)), undefined);
});
