import { accuracy } from "./accuracy.ts";
import { calibration } from "./calibration.ts";
import { classes } from "./classes.ts";
import { confusion } from "./confusion.ts";
import { learningRate } from "./learning_rate.ts";
import { loss } from "./loss.ts";
import { mistakes } from "./mistakes.ts";
import type { PanelOf } from "./panel.ts";
import { scree } from "./scree.ts";
import { settings } from "./settings.ts";

/** The panels of a report by name, in the order of the pipeline. */
export const panels: Readonly<Record<string, PanelOf>> = {
  settings,
  scree,
  loss,
  accuracy,
  learningRate,
  confusion,
  classes,
  calibration,
  mistakes,
};
