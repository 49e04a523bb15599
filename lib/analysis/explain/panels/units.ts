import {
  captionWidth,
  column,
  divergingBar,
  divergingImage,
  imageGrid,
  largestMagnitude,
} from "deno-plot-svg";
import { formatNumber } from "../../../format/numbers.ts";
import { drawDefinitions } from "../../../report/definitions.ts";
import { imageShape } from "../../../report/images.ts";
import type { Panel } from "../../../report/panel.ts";
import type { Explanation } from "../explanation.ts";
import { imageSide, sumChannels } from "../images.ts";

/**
 * Returns the panel with weight × input, as images, for the units of the first hidden layer with the largest
 * influence or, without hidden layers, for two logits. Returns undefined for small networks, and for data that
 * are not images.
 */
export function strongestUnitsPanel({ subject, influences }: Explanation): Panel | undefined {
  const image = imageShape(subject.model.shape);
  if (influences === undefined || image === undefined) return undefined;
  const { areHidden, answer, runnerUp } = influences;
  const { classes } = subject.model;
  const fields = influences.units.map(({ weightTimesInput }) =>
    sumChannels(weightTimesInput, image)
  );
  const limit = largestMagnitude(fields.flatMap((field) => [...field]));
  const columns = 4;
  const side = imageSide(image, 112);
  const margin = `${classes[answer]} less ${classes[runnerUp]}`;
  return {
    title: areHidden ? "Strongest hidden units" : "Weight × input",
    caption: areHidden
      ? "Weight × input at each pixel, for the units of the first hidden layer with the most influence on the " +
        `difference of logits, ${margin}. Orange pixels raise the unit's weighted sum, blue pixels lower it.`
      : "Weight × input at each pixel, for the logits of the two most probable classes. Orange pixels raise " +
        "the logit, blue pixels lower it.",
    span: 3,
    draw(width) {
      const room = captionWidth({ width, columns, side });
      const tiles = influences.units.map(({ unit, output, influence }, index) => {
        const title = areHidden ? `unit ${unit}` : classes[unit - 1];
        return {
          image: divergingImage({ ...image, values: fields[index] }, limit),
          name: `weight × input of ${title}`,
          caption: drawDefinitions([
            [areHidden ? "unit" : "class", areHidden ? `${unit}` : title],
            [areHidden ? "output" : "logit", formatNumber(output)],
            ...(areHidden ? [["influence", formatNumber(influence)] as const] : []),
          ], room),
        };
      });
      const bar = divergingBar(limit, { width: 240 });
      return column([imageGrid({ width, columns, side, tiles }), bar], { gap: 16 });
    },
  };
}
