import { accuracy } from "./accuracy.ts";
import { activations } from "./activations.ts";
import { balance } from "./balance.ts";
import { calibration } from "./calibration.ts";
import { classes } from "./classes.ts";
import { confusion } from "./confusion.ts";
import { deformed } from "./deformed.ts";
import { embedding } from "./embedding.ts";
import { gradients } from "./gradients.ts";
import { learningRate } from "./learning_rate.ts";
import { loss } from "./loss.ts";
import { means } from "./means.ts";
import { members } from "./members.ts";
import { mistakes } from "./mistakes.ts";
import { network } from "./network.ts";
import type { PanelOf } from "./panel.ts";
import { parameters } from "./parameters.ts";
import { result } from "./result_panel.ts";
import { samples } from "./samples.ts";
import { scree } from "./scree.ts";
import { settings } from "./settings.ts";
import { suspicious } from "./suspicious.ts";
import { weights } from "./weights.ts";

/** The panels of a report by section and name, in the order of the pipeline. */
export const sections = {
  "": { result, settings, members },
  "Data": { samples, balance, means, scree, deformed },
  "Training": { loss, accuracy, learningRate, activations, parameters, gradients },
  "Network": { network, embedding, weights },
  "Evaluation": { confusion, classes, calibration, mistakes, suspicious },
} as const satisfies Readonly<Record<string, Readonly<Record<string, PanelOf>>>>;

/** The panels of a report by name, in the order of the pipeline. */
export const panels: Readonly<Record<string, PanelOf>> = Object.assign(
  {},
  ...Object.values(sections),
);
