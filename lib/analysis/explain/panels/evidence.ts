import {
  captionWidth,
  column,
  divergingBar,
  divergingImage,
  imageGrid,
  largestMagnitude,
  paragraph,
  table,
} from "deno-plot-svg";
import { imageShape } from "../../../report/images.ts";
import type { Panel } from "../../../report/panel.ts";
import type { Explanation } from "../explanation.ts";
import { imageSide, sumChannels } from "../images.ts";
import { EVIDENCE_LIMITS, evidenceTable, GRADIENT_LIMITS } from "../text.ts";

/**
 * Returns the panel with the pixels or features that support the predicted class, and those that support the
 * second most probable class. Returns undefined for small networks.
 */
export function evidencePanel({ subject, influences }: Explanation): Panel | undefined {
  if (influences === undefined) return undefined;
  const { gradientTimesInput, occlusion, answer, runnerUp } = influences;
  const { classes, shape } = subject.model;
  const image = imageShape(shape);
  const title = `Evidence for ${classes[answer]} rather than ${classes[runnerUp]}`;
  if (image === undefined || occlusion === undefined) {
    return {
      title,
      caption:
        "Gradient of the difference of the two logits with respect to each normalized feature, times " +
        `the feature. ${GRADIENT_LIMITS}`,
      span: 1,
      draw: (width) => table({ width, ...evidenceTable(subject, influences) }),
    };
  }
  const maps = [
    {
      name: "Gradient × input",
      about:
        "Gradient of the difference of the two logits with respect to each pixel, times the pixel.",
      values: sumChannels(gradientTimesInput, image),
    },
    {
      name: "Occlusion",
      about: "Decrease of the difference when a square of " +
        `${occlusion.side} × ${occlusion.side} pixels is set to 0: mean over the squares with the pixel.`,
      values: occlusion.falls,
    },
  ];
  return {
    title,
    caption: `Orange pixels are evidence for ${classes[answer]}, blue pixels for ${
      classes[runnerUp]
    }. ${EVIDENCE_LIMITS}`,
    span: 2,
    draw(width) {
      const options = { width, columns: 2, side: imageSide(image, 168) };
      const room = captionWidth(options);
      const tiles = maps.map(({ name, about, values }) => {
        const limit = largestMagnitude(values);
        return {
          image: divergingImage({ ...image, values }, limit),
          name,
          caption: column([
            paragraph(name, room, { bold: true }),
            paragraph(about, room, { tone: "muted" }),
            divergingBar(limit, { width: room }),
          ], { gap: 8 }),
        };
      });
      return imageGrid({ ...options, tiles });
    },
  };
}
