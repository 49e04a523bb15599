import { accuracy } from "./accuracy.ts";
import { calibration } from "./calibration.ts";
import { classes } from "./classes.ts";
import { confusion } from "./confusion.ts";
import { deformed } from "./deformed.ts";
import { learningRate } from "./learning_rate.ts";
import { loss } from "./loss.ts";
import { members } from "./members.ts";
import { mistakes } from "./mistakes.ts";
import type { PanelOf } from "./panel.ts";
import { scree } from "./scree.ts";
import { settings } from "./settings.ts";
import { suspicious } from "./suspicious.ts";

/** The panels of a report by name, in the order of the pipeline. */
export const panels: Readonly<Record<string, PanelOf>> = {
  settings,
  scree,
  deformed,
  members,
  loss,
  accuracy,
  learningRate,
  confusion,
  classes,
  calibration,
  mistakes,
  suspicious,
};
