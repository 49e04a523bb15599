import {
  captionWidth,
  column,
  divergingBar,
  divergingImage,
  type Image,
  imageGrid,
  largestMagnitude,
  paragraph,
  space,
  table,
} from "deno-plot-svg";
import { formatNumber } from "../../../format/numbers.ts";
import { imageShape } from "../../../report/images.ts";
import type { Panel } from "../../../report/panel.ts";
import type { Explanation } from "../explanation.ts";
import { imageSide, sampleImage, sumChannels, unscaleFeatures } from "../images.ts";
import { changeTable, formatChange } from "../text.ts";

/**
 * Returns the panel with the smallest change found after which the network predicts another class: images, or a
 * table. Returns undefined for small networks.
 */
export function smallestChangePanel({ subject, influences }: Explanation): Panel | undefined {
  if (influences === undefined) return undefined;
  const { change, answer } = influences;
  const { classes, shape } = subject.model;
  const image = imageShape(shape);
  const before = sampleImage(subject);
  const caption = formatChange(subject, influences);
  const title = "Smallest change of the answer";
  if (change === undefined || image === undefined || before === undefined) {
    const texts = changeTable(subject, influences);
    return {
      title,
      caption,
      span: 1,
      draw: (width) => texts === undefined ? space(width, 0) : table({ width, ...texts }),
    };
  }
  const raw = unscaleFeatures(subject, change.features);
  const moves = raw.map((value, feature) => value - subject.sample.values[feature]);
  const sums = sumChannels(moves, image);
  const limit = largestMagnitude(sums);
  const tile = (image: Image, name: string, about: string) => ({ image, name, about });
  const tiles = [
    tile(before, classes[answer], "The sample."),
    tile(
      divergingImage({ ...image, values: sums }, limit),
      "Change",
      `Colours reach from −${formatNumber(limit, 3)} to ${formatNumber(limit, 3)}.`,
    ),
    tile(
      sampleImage(subject, raw) ?? before,
      classes[change.answer],
      "The sample after the change.",
    ),
  ];
  return {
    title,
    caption,
    span: 3,
    draw(width) {
      const options = { width, columns: 3, side: imageSide(image, 168) };
      const room = captionWidth(options);
      return imageGrid({
        ...options,
        tiles: tiles.map(({ image, name, about }, index) => ({
          image,
          name,
          caption: column([
            paragraph(name, room, { bold: true }),
            paragraph(about, room, { tone: "muted" }),
            ...(index === 1 ? [divergingBar(limit, { width: room })] : []),
          ], { gap: 8 }),
        })),
      });
    },
  };
}
