import { column, divergingBar, label, row } from "deno-plot-svg";
import { weightsOverTime as observer } from "../../observe/weights_over_time.ts";
import type { RunRecord } from "../../run/record.ts";
import { splitIntoChunks } from "../chunks.ts";
import { GUTTER } from "../grid.ts";
import {
  COLOUR_BAR_WIDTH,
  colourLimit,
  drawFirstWeights,
  formatShownUnits,
  isTable,
  weightsForm,
} from "../network/first_layer.ts";
import { momentTitle } from "../network/moments.ts";
import { observedValue } from "../observed.ts";
import type { Panel } from "../panel.ts";

/** Returns the panel with the weights of the first layer at some moments of training. */
export function weightsOverTime(record: RunRecord): Panel | undefined {
  const found = observedValue(record, observer);
  const form = found === undefined ? undefined : weightsForm(record, found.inputs);
  if (found === undefined || form === undefined) return undefined;
  const size = found.shown * found.inputs;
  const limit = colourLimit([...found.weights]);
  const perRow = isTable(form) ? 2 : 1;
  return {
    title: "First-layer weights during training",
    caption: `Weights ${found.parameter} of ${formatShownUnits(found)}` +
      (isTable(form) ? ", with a row for each input and a column for each unit" : "") +
      ". White is 0; the colours saturate at the 99\u00a0% quantile of the weights' magnitudes.",
    span: 3,
    draw(width) {
      const room = (width - (perRow - 1) * GUTTER) / perRow;
      const blocks = Array.from(found.epochs, (_, moment) => {
        const name = momentTitle(found, moment);
        const weights = found.weights.subarray(moment * size, (moment + 1) * size);
        const drawn = drawFirstWeights(record, found, form, { weights, limit, name, room });
        return { ...column([label(name), drawn], { gap: 4 }), width: room };
      });
      const rows = splitIntoChunks(blocks, perRow).map((each) => row(each, { gap: GUTTER }));
      return column([...rows, divergingBar(limit, { width: COLOUR_BAR_WIDTH })], { gap: 10 });
    },
  };
}
