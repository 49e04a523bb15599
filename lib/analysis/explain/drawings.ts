/**
 * Draws an explanation as a page of panels, and each panel as a separate file.
 *
 * @module
 */
import { type Drawings, panelDrawings } from "../../report/charts.ts";
import { drawPageHead } from "../../report/header.ts";
import type { Panel } from "../../report/panel.ts";
import type { Explanation } from "./explanation.ts";
import { answer } from "./panels/answer.ts";
import { change } from "./panels/change.ts";
import { contributions } from "./panels/contributions.ts";
import { equations } from "./panels/equations.ts";
import { evidence } from "./panels/evidence.ts";
import { gradients } from "./panels/gradients.ts";
import { graph } from "./panels/graph.ts";
import { sample } from "./panels/sample.ts";
import { units } from "./panels/units.ts";
import { formatAnswer, formatBatch, formatTitle } from "./text.ts";

/** Function that draws a panel of an explanation, or returns undefined if the panel does not apply to the network. */
type ExplanationPanel = (explanation: Explanation) => Panel | undefined;

export const explanationPanels: Readonly<Record<string, ExplanationPanel>> = {
  sample,
  answer,
  gradients,
  graph,
  equations,
  units,
  contributions,
  evidence,
  change,
};

/**
 * Draws an explanation as a page of panels, and each panel as a separate file.
 *
 * @param name name of the explanation's folder
 */
export function explanationDrawings(explanation: Explanation, name: string): Drawings {
  const { subject } = explanation;
  const about = `${formatTitle(subject)}; ${formatAnswer(subject, explanation.answer)}`;
  const head = drawPageHead({
    name,
    title: `${subject.title}: one sample`,
    about: formatTitle(subject),
    result: formatAnswer(subject, explanation.answer),
    more: subject.batch === undefined ? [] : [formatBatch(subject, subject.batch)],
    notes: [],
  });
  const panels = Object.entries(explanationPanels)
    .map(([name, panelOf]) => [name, panelOf(explanation)] as const);
  return panelDrawings(head, panels, {
    title: `One sample of ${subject.title}`,
    subject: `one sample of ${subject.title}`,
    description: about,
  });
}
