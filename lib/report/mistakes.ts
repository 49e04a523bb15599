import {
  captionWidth,
  type Figure,
  formatCount,
  formatPercent,
  type Image,
  imageGrid,
  table,
} from "deno-plot-svg";
import { findMistakes, type Mistake } from "../evaluate/mod.ts";
import type { RunRecord } from "../run/record.ts";
import { definitions } from "./definitions.ts";
import type { Panel } from "./panel.ts";
import { mainEvaluation, partWords } from "./result.ts";
import { galleryImages, imageShape } from "./samples.ts";

/** Mistakes shown at most. */
const MOST_MISTAKES = 24;

/** Values of pixels in the file at most; with more the report would be too large to pass around. */
const MOST_PIXELS = 300_000;

const TILES_A_ROW = 4;

/** Longer side of an image at most, in pixels. */
const LARGEST_SIDE = 96;

/** A mistake with the names of its classes and its picture, if there is one. */
interface Shown extends Mistake {
  readonly labelName: string;
  readonly predictedName: string;
  readonly image?: Image;
}

/** The mistakes that the network is most sure of, as pictures, or as a table if they have none. */
export function mistakes(record: RunRecord): Panel | undefined {
  const evaluation = mainEvaluation(record);
  if (evaluation === undefined) return undefined;
  const all = findMistakes(evaluation, record.classes.length);
  const shown = withImages(record, all.slice(0, MOST_MISTAKES));
  const part = partWords(evaluation.part);
  if (shown.length === 0) {
    return {
      title: "Mistakes",
      caption: `None on the ${part} part.`,
      span: 1,
      draw: () => NOTHING,
    };
  }
  const illustrated = shown.some(({ image }) => image !== undefined);
  const count = shown.length === all.length
    ? `All ${formatCount(all.length)} mistakes`
    : `The ${shown.length} most confident of ${formatCount(all.length)} mistakes`;
  return {
    title: "Mistakes",
    caption: `${count} on the ${part} part, by the probability of the wrong class.`,
    span: illustrated ? 3 : 2,
    draw: (width) => illustrated ? pictures(shown, width) : list(shown, width),
  };
}

const NOTHING: Figure = { width: 0, height: 0, markup: "" };

function withImages(
  { classes, galleries, ...record }: RunRecord,
  found: readonly Mistake[],
): readonly Shown[] {
  const part = mainEvaluation({ classes, galleries, ...record })?.part;
  const gallery = galleries.find((each) => each.part === part);
  const shape = gallery === undefined ? undefined : imageShape(gallery.shape);
  const size = shape === undefined ? Infinity : shape.height * shape.width * shape.channels;
  const images = gallery === undefined || shape === undefined || size > MOST_PIXELS
    ? new Map<number, Image>()
    : galleryImages(gallery, shape);
  const most = images.size === 0 ? found.length : Math.floor(MOST_PIXELS / size);
  return found.slice(0, most).map((mistake) => {
    const image = images.get(mistake.row);
    return {
      ...mistake,
      labelName: classes[mistake.label] as string,
      predictedName: classes[mistake.predicted] as string,
      ...(image === undefined ? {} : { image }),
    };
  });
}

function pictures(shown: readonly Shown[], width: number): Figure {
  const options = { width, columns: TILES_A_ROW, side: sideOf(shown) };
  const tiles = shown.map((mistake) => ({
    ...(mistake.image === undefined ? {} : { image: mistake.image }),
    name: `row ${mistake.row}, true ${mistake.labelName}, predicted ${mistake.predictedName}`,
    caption: definitions(
      [
        ["true", mistake.labelName],
        ["predicted", mistake.predictedName],
        ["probability", formatPercent(mistake.confidence)],
        ["row", String(mistake.row)],
      ],
      captionWidth(options),
      { long: "cut" },
    ),
  }));
  return imageGrid({ ...options, gap: 24, tiles });
}

/** The largest whole multiple of the image's size that is not too large, so pixels stay square. */
function sideOf(shown: readonly Shown[]): number {
  const image = shown.find((each) => each.image !== undefined)?.image;
  const longer = image === undefined ? LARGEST_SIDE : Math.max(image.width, image.height);
  return longer > LARGEST_SIDE ? LARGEST_SIDE : Math.floor(LARGEST_SIDE / longer) * longer;
}

function list(shown: readonly Shown[], width: number): Figure {
  return table({
    width,
    columns: [
      { title: "true class", align: "left" },
      { title: "predicted class", align: "left" },
      { title: "probability" },
      { title: "row" },
    ],
    rows: shown.map(({ row, labelName, predictedName, confidence }) => [
      labelName,
      predictedName,
      formatPercent(confidence),
      String(row),
    ]),
  });
}
