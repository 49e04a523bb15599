import { column, divergingBar, type Figure, label, row, space } from "deno-plot-svg";
import { defined } from "../../config/defined.ts";
import { distributions } from "../../observe/distributions.ts";
import { type FirstLayer, firstLayer } from "../../observe/first_layer.ts";
import type { RunRecord } from "../../run/record.ts";
import { GUTTER } from "../grid.ts";
import {
  COLOUR_BAR_WIDTH,
  colourLimit,
  drawFirstWeights,
  formatShownUnits,
  isTable,
  type WeightsForm,
  weightsForm,
} from "../network/first_layer.ts";
import { observedValue } from "../observed.ts";
import type { Panel } from "../panel.ts";

/** Returns the panel with the weights of the first layer before and after training. */
export function weights(record: RunRecord): Panel | undefined {
  const first = observedValue(record, firstLayer);
  const form = first === undefined ? undefined : weightsForm(record, first.inputs);
  if (first?.after === undefined || form === undefined) return undefined;
  return {
    title: "First-layer weights",
    caption: `Weights ${first.parameter} of ${formatShownUnits(first)}, ` +
      (isTable(form)
        ? "with a row for each input and a column for each unit"
        : isOutputLayer(record, first)
        ? "with an image for each class, in the order of the classes"
        : "with an image for each unit") +
      ". White is 0; the colours saturate at the 99\u00a0% quantile of the weights' magnitudes.",
    span: isOutputLayer(record, first) ? 2 : 3,
    draw: (width) => drawWeights(record, first, form, width),
  };
}

/**
 * Returns whether the first layer is also the last one, so that its units are the classes. Returns false if
 * the run did not observe its layers.
 */
function isOutputLayer(record: RunRecord, { units }: FirstLayer): boolean {
  const hidden = observedValue(record, distributions)?.series.some(({ kind }) =>
    kind === "activation"
  );
  return hidden === false && units === record.classes.length;
}

/** Draws the weights before and after training side by side, with the scale of the colours. */
function drawWeights(
  record: RunRecord,
  first: FirstLayer,
  form: WeightsForm,
  width: number,
): Figure {
  const { before, after } = first;
  const shown = Object.entries(defined({ "before training": before, "after training": after }));
  const limit = colourLimit(shown.flatMap(([, weights]) => [...weights]));
  const each = (width - GUTTER) / 2;
  const block = (name: string, weights: Float32Array) => {
    const drawn = drawFirstWeights(record, first, form, { weights, limit, name, room: each });
    return { ...column([label(name), drawn], { gap: 4 }), width: each };
  };
  const drawn = row(shown.map(([name, weights]) => block(name, weights)), { gap: GUTTER });
  return column([drawn, space(width, 10), divergingBar(limit, { width: COLOUR_BAR_WIDTH })]);
}
