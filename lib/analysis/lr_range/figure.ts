import {
  chart,
  column,
  document,
  dots,
  labels,
  line,
  type Mark,
  paragraph,
  type Points,
  rule,
  space,
} from "deno-plot-svg";
import { formatCount, formatNumber } from "../../format/numbers.ts";
import { MARGIN, PAGE } from "../../report/grid.ts";

interface DrawnRange {
  readonly name: string;
  readonly title: string;
  readonly rates: readonly number[];
  readonly losses: readonly number[];
  readonly smoothed: readonly number[];
  readonly diverged: boolean;
  readonly valley: readonly [first: number, last: number];
  /** The rate that the test names, the middle of the valley. */
  readonly named: number;
  readonly steepest: number;
}

/** Room above the largest smoothed loss, for single steps that are above it. */
const HEADROOM = 1.15;

export function rangeDrawing(range: DrawnRange): string {
  const { name, title, rates, losses, smoothed, named, diverged } = range;
  const highest = HEADROOM * smoothed.reduce((most, loss) => Math.max(most, loss));
  const page = column([
    paragraph(name, PAGE, { tone: "muted" }),
    paragraph(`${title}: learning rate range test`, PAGE, { size: 26, bold: true }),
    paragraph(`Named rate: ${formatNumber(named, 2)}`, PAGE, { size: 20 }),
    paragraph(
      `${formatCount(rates.length)} steps under a rising rate${
        diverged ? ", until training diverged" : ""
      }. Thin: loss of each step's batch. Thick: its mean over neighbouring steps. Named is the ` +
        "middle of the valley, where that mean is within 10 % of its smallest value (green).",
      PAGE,
      { tone: "muted" },
    ),
    space(PAGE, 16),
    chart({
      width: PAGE,
      height: 420,
      x: { title: "learning rate (log scale)", scale: "log", count: 8 },
      y: { title: "loss", domain: [0, highest] },
      marks: [
        // what is far above leaves the chart; a gap is better than a line across all that stands around
        line({ x: rates, y: losses.map((loss) => loss > highest ? NaN : loss) }, {
          tone: "blue",
          thickness: 1,
          opacity: 0.4,
        }),
        line({ x: rates, y: smoothed }, { tone: "blue", thickness: 2.5 }),
        ...rateMarks(range),
      ],
    }),
  ]);
  return document(page, {
    title: `Learning rate range test ${name}`,
    description: `Loss over learning rates from ${formatNumber(rates[0])} to ${
      formatNumber(rates.at(-1) as number)
    }; named rate ${formatNumber(named, 2)}`,
    margin: MARGIN,
  });
}

function rateMarks({ rates, smoothed, valley, named, steepest }: DrawnRange): readonly Mark[] {
  const point: Points = { x: [steepest], y: [smoothed[rates.indexOf(steepest)]] };
  const [first, last] = valley.map((rate) => rates.indexOf(rate)) as [number, number];
  const inside = { x: rates.slice(first, last + 1), y: smoothed.slice(first, last + 1) };
  return [
    line(inside, { tone: "green", thickness: 5 }),
    rule({ x: named }, { tone: "orange", label: `named: ${formatNumber(named, 2)}` }),
    dots(point, { tone: "blue" }),
    labels(point, { content: () => `steepest: ${formatNumber(steepest, 2)}` }),
  ];
}
