import { assertEquals } from "@std/assert";
import { epochTable, formatRate } from "../../../pipelines/cli/epoch_table.ts";

Deno.test("epochTable() has columns of fixed width, and a dash for a missing score", () => {
  const { heading, row } = epochTable(["validation", "average"]);
  const scores = { train: { loss: 0.5, accuracy: 0.9 } };
  const held = { loss: 0.25, accuracy: 1 };
  assertEquals([
    heading,
    row({ epoch: 9, step: 1, learningRate: 0.05, ...scores }),
    row({
      epoch: 10,
      step: 2,
      learningRate: 2.4e-9,
      ...scores,
      validation: held,
      average: { loss: 0.2, accuracy: 0.075 },
    }),
  ], [
    "epoch  train loss  accuracy  validation loss  accuracy  averaged loss  accuracy        rate",
    "    9      0.5000   90.00 %                –         –              –         –        0.05",
    "   10      0.5000   90.00 %           0.2500  100.00 %         0.2000    7.50 %  < 0.000001",
  ]);
});

Deno.test("formatRate() has three digits and no power of ten", () => {
  const texts = [990, 1000, 0.00449, 0.0000012345, 1e-6, 9.9e-7, 0].map(formatRate);
  const expected = ["990", "1000", "0.00449", "0.00000123", "0.000001", "< 0.000001", "0"];
  assertEquals(texts, expected);
});
