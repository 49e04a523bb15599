/**
 * Draws an explanation as a page of panels, and each panel as a separate file.
 *
 * @module
 */
import { type Drawings, panelDrawings } from "../../report/charts.ts";
import { drawPageHead } from "../../report/header.ts";
import type { Panel } from "../../report/panel.ts";
import type { Explanation } from "./explanation.ts";
import { answerPanel } from "./panels/answer.ts";
import { smallestChangePanel } from "./panels/change.ts";
import { contributionsPanel } from "./panels/contributions.ts";
import { equationsPanel } from "./panels/equations.ts";
import { evidencePanel } from "./panels/evidence.ts";
import { gradientNormsPanel } from "./panels/gradients.ts";
import { graphPanel } from "./panels/graph.ts";
import { samplePanel } from "./panels/sample.ts";
import { strongestUnitsPanel } from "./panels/units.ts";
import { formatAnswer, formatBatch, formatTitle } from "./text.ts";

/**
 * Function that returns a panel of an explanation, or undefined if the panel does not apply to the network or
 * its data.
 */
type ExplanationPanel = (explanation: Explanation) => Panel | undefined;

/** Panels of an explanation by the names of their files, in the order of the page. */
export const explanationPanels: Readonly<Record<string, ExplanationPanel>> = {
  sample: samplePanel,
  answer: answerPanel,
  gradients: gradientNormsPanel,
  graph: graphPanel,
  equations: equationsPanel,
  units: strongestUnitsPanel,
  contributions: contributionsPanel,
  evidence: evidencePanel,
  change: smallestChangePanel,
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
