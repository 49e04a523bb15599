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

/** Results of a learning-rate range test, as drawn: see {@linkcode RateCurve} and {@linkcode RateAdvice}. */
interface DrawnRange {
  /** Name of the test's folder. */
  readonly name: string;
  /** Name of the config. */
  readonly title: string;
  readonly rates: readonly number[];
  readonly losses: readonly number[];
  readonly smoothed: readonly number[];
  readonly diverged: boolean;
  readonly valley: readonly [first: number, last: number];
  /** Suggested rate, the middle of the valley. */
  readonly named: number;
  readonly steepest: number;
}

/**
 * Upper end of the loss axis as a multiple of the largest smoothed loss. Larger losses of single steps are not
 * drawn.
 */
const HEADROOM = 1.15;

/** Draws the result of a learning-rate range test as an SVG file: loss over learning rates, and the suggested rate. */
export function drawRangeTest(range: DrawnRange): string {
  const { name, title, rates, losses, smoothed, named, diverged } = range;
  const highest = HEADROOM * smoothed.reduce((most, loss) => Math.max(most, loss));
  const page = column([
    paragraph(name, PAGE, { tone: "muted" }),
    paragraph(`${title}: learning-rate range test`, PAGE, { size: 26, bold: true }),
    paragraph(`Suggested rate: ${formatNumber(named, 2)}`, PAGE, { size: 20 }),
    paragraph(
      `${formatCount(rates.length)} steps at a rising learning rate${
        diverged ? ", until training diverged" : ""
      }. Thin line: loss of each mini-batch; thick line: smoothed loss. The suggested rate is the middle of the ` +
        "valley (green), where the smoothed loss is within 10 % of its minimum.",
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
        // losses far above leave a gap in the curve instead of a line outside of the chart
        line({ x: rates, y: losses.map((loss) => loss > highest ? NaN : loss) }, {
          tone: "blue",
          thickness: 1,
          opacity: 0.4,
        }),
        line({ x: rates, y: smoothed }, { tone: "blue", thickness: 2.5 }),
        ...rangeMarks(range),
      ],
    }),
  ]);
  return document(page, {
    title: `Learning-rate range test ${name}`,
    description: `Loss over learning rates from ${formatNumber(rates[0])} to ${
      formatNumber(rates.at(-1) as number)
    }; suggested rate ${formatNumber(named, 2)}`,
    margin: MARGIN,
  });
}

/** Returns the marks of the valley, the suggested rate, and the rate at which the loss falls fastest. */
function rangeMarks({ rates, smoothed, valley, named, steepest }: DrawnRange): readonly Mark[] {
  const point: Points = { x: [steepest], y: [smoothed[rates.indexOf(steepest)]] };
  const [first, last] = valley.map((rate) => rates.indexOf(rate)) as [number, number];
  const inside = { x: rates.slice(first, last + 1), y: smoothed.slice(first, last + 1) };
  return [
    line(inside, { tone: "green", thickness: 5 }),
    rule({ x: named }, { tone: "orange", label: `suggested: ${formatNumber(named, 2)}` }),
    dots(point, { tone: "blue" }),
    labels(point, { content: () => `steepest: ${formatNumber(steepest, 2)}` }),
  ];
}
