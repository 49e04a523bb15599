/**
 * Computes findings about a training: problems and hints, each with its numbers and a remedy.
 *
 * Findings are pure functions of the outcome of a training. Every threshold is a constant with its reason,
 * chosen so that the recipes in `configs/` have no false findings.
 *
 * @module
 */
import { chanceLevel } from "./chance_level.ts";
import { deadUnits } from "./dead_units.ts";
import { diverged } from "./diverged.ts";
import { earlyBest } from "./early_best.ts";
import type { Finding, FindingEntry, TrainingOutcome } from "./finding.ts";
import { idleEpochs } from "./idle_epochs.ts";
import { overfitting } from "./overfitting.ts";
import { stillImproving } from "./still_improving.ts";

export type { Finding, Severity, TrainingOutcome } from "./finding.ts";

/** Kinds of findings by name. A finding that may explain another one precedes it. */
export const findingTable = {
  diverged,
  chanceLevel,
  overfitting,
  earlyBest,
  deadUnits,
  idleEpochs,
  stillImproving,
} as const satisfies Readonly<Record<string, FindingEntry>>;

/**
 * Returns the findings about a training, warnings before notes. A finding is omitted if another one of the training
 * explains it.
 */
export function findings(outcome: TrainingOutcome): readonly Finding[] {
  const entries: readonly (readonly [string, FindingEntry])[] = Object.entries(findingTable);
  const found = entries.flatMap(([name, { remedy, explainedBy = [], find }]) => {
    const finding = find(outcome);
    return finding === undefined ? [] : [{ name, remedy, explainedBy, ...finding }];
  });
  const names = found.map(({ name }) => name);
  const unexplained = found
    .filter(({ explainedBy }) => !explainedBy.some((name) => names.includes(name)))
    .map(({ name, severity, text, remedy }): Finding => ({ name, severity, text, remedy }));
  return [
    ...unexplained.filter(({ severity }) => severity === "warning"),
    ...unexplained.filter(({ severity }) => severity === "note"),
  ];
}
