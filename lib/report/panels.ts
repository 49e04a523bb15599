import { accuracy } from "./panels/accuracy.ts";
import { activations } from "./panels/activations.ts";
import { balance } from "./panels/balance.ts";
import { boundary } from "./panels/boundary.ts";
import { calibration } from "./panels/calibration.ts";
import { classes } from "./panels/classes.ts";
import { confusion } from "./panels/confusion.ts";
import { augmented } from "./panels/augmented.ts";
import { embedding } from "./panels/embedding.ts";
import { gradients } from "./panels/gradients.ts";
import { learningRate } from "./panels/learning_rate.ts";
import { loss } from "./panels/loss.ts";
import { means } from "./panels/means.ts";
import { members } from "./panels/members.ts";
import { mistakes } from "./panels/mistakes.ts";
import { network } from "./panels/network.ts";
import type { PanelOf } from "./panel.ts";
import { parameters } from "./panels/parameters.ts";
import { result } from "./panels/result_panel.ts";
import { samples } from "./panels/samples.ts";
import { scree } from "./panels/scree.ts";
import { settings } from "./panels/settings.ts";
import { suspicious } from "./panels/suspicious.ts";
import { units } from "./panels/units.ts";
import { weights } from "./panels/weights.ts";
import { weightsOverTime } from "./panels/weights_over_time.ts";

/** Panels by the title of their section; the first section has no title. */
export const sections = {
  "": { result, settings, members },
  "Data": { samples, balance, means, scree, augmented },
  "Training": {
    loss,
    accuracy,
    learningRate,
    activations,
    parameters,
    gradients,
  },
  "Network": { network, embedding, boundary, units, weights, weightsOverTime },
  "Evaluation": { confusion, classes, calibration, mistakes, suspicious },
} as const satisfies Readonly<Record<string, Readonly<Record<string, PanelOf>>>>;

/** All panels by name, in the order of the report. */
export const panels: Readonly<Record<string, PanelOf>> = Object.assign(
  {},
  ...Object.values(sections),
);
