import { imageGrid, table } from "deno-plot-svg";
import type { Panel } from "../../../report/panel.ts";
import type { Explanation } from "../explanation.ts";
import { imageSide, sampleImage } from "../images.ts";
import { featureTable } from "../text.ts";

/** Returns the panel with the image of the sample or, for other data, a table of its features. */
export function samplePanel(explanation: Explanation): Panel {
  const { subject } = explanation;
  const image = sampleImage(subject);
  const name = `row ${subject.row}, class ${subject.model.classes[subject.sample.labels[0]]}`;
  if (image === undefined) {
    return {
      title: "Sample",
      caption: "Features, and the inputs of the network computed from them.",
      span: 1,
      draw: (width) => table({ width, ...featureTable(explanation) }),
    };
  }
  return {
    title: "Sample",
    caption: "The image as the network reads it, after any preparation.",
    span: 1,
    draw: (width) =>
      imageGrid({ width, columns: 1, side: imageSide(image), tiles: [{ image, name }] }),
  };
}
