/**
 * The charts of a sweep's figure, over an option or with a row for each setting.
 *
 * @module
 */
import {
  type AxisOptions,
  band,
  chart,
  column,
  dots,
  type Figure,
  label,
  line,
  linearScale,
  type Mark,
  row,
  textWidth,
  type Tone,
  truncate,
} from "deno-plot-svg";
import { chunks } from "../../report/chunks.ts";
import {
  type AccuracyAxis,
  accuracyAxis,
  accuracyTitle,
  AROUND,
  optionAxis,
  valueTicks,
} from "../../report/runs/axes.ts";
import { nameBelowStage, namedValue } from "../../report/runs/names.ts";
import { defined } from "../../config/defined.ts";
import type { Compared } from "../../run/scored_run.ts";
import type { Curve, Curves, SettingPoint } from "./points.ts";

/** Width of a figure in pixels, but for names at the left of rows. */
export const WIDTH = 720;

const HEIGHT = 340;

/** Room beside an axis for the numbers of the other and for names, in pixels: about. */
const ROOM = 50;

/** Colours of curves in one chart; more curves than these get a chart each. */
const TONES: readonly Tone[] = ["blue", "orange", "green", "purple"];

/** A chart, or several, and what its caption has to say of it. */
export interface SweepChart {
  readonly figure: Figure;
  /** Whether equal distances in it are equal ratios of mistakes. */
  readonly isRatios: boolean;
  /** Whether thin lines connect the runs of each seed. */
  readonly hasLines?: boolean;
}

/** Accuracy over an option: all curves in one chart, or each in its own before the others. */
export function curveChart({ key, values, curves }: Curves, split: Compared): SweepChart {
  const isOne = curves.length <= TONES.length;
  const { width, height } = isOne ? { width: WIDTH, height: HEIGHT } : SMALL;
  const accuracy = axisOf(curves.flatMap(({ points }) => points), split, height - AROUND);
  const x = optionAxis(nameBelowStage(key), values, width - ROOM);
  const placed = curves.map(({ points, ...curve }): PlacedCurve => ({
    ...curve,
    points: points.map((point) => placedOn(accuracy, point)),
  }));
  const lines = placed.length === 1 ? repeatLines(placed[0]) : [];
  const look = { isRatios: accuracy.isRatios, hasLines: lines.length > 0 };
  if (!isOne) return { figure: smallCharts(placed, x, accuracy.axis), ...look };
  const marks = placed.flatMap((curve, index) => curveMarks(curve, TONES[index], curve.name));
  const y = accuracy.axis;
  return { figure: chart({ width, height, x, y, marks: [...lines, ...marks] }), ...look };
}

/** The axis of the accuracies of some settings on a split, with the ends of their deviations. */
function axisOf(points: readonly SettingPoint[], split: Compared, length: number): AccuracyAxis {
  const { axis, ...rest } = accuracyAxis(
    points.flatMap(({ accuracies }) => accuracies),
    length,
    points.flatMap(({ spread }) => endsOf(spread)),
  );
  return { ...rest, axis: { ...axis, title: accuracyTitle(split) } };
}

/** Mean − deviation and mean + deviation; without a deviation both are the mean. */
function endsOf({ mean, deviation = 0 }: SettingPoint["spread"]): readonly number[] {
  return [mean - deviation, mean + deviation];
}

/** Where the runs of a setting, their mean and the ends of their deviation stand on an axis. */
interface PlacedPoint {
  readonly runs: readonly number[];
  readonly mean: number;
  readonly ends: readonly number[];
}

/** A curve whose settings stand on an axis. */
interface PlacedCurve extends Omit<Curve, "points"> {
  readonly points: readonly PlacedPoint[];
}

function placedOn({ at }: AccuracyAxis, { accuracies, spread }: SettingPoint): PlacedPoint {
  return { runs: accuracies.map(at), mean: at(spread.mean), ends: endsOf(spread).map(at) };
}

/** A chart for one of many curves, in pixels. */
const SMALL = { width: 224, height: 190, columns: 3, gap: 24 };

/** A chart for each curve, with all others behind it; axes are named at the left and below. */
function smallCharts(curves: readonly PlacedCurve[], x: AxisOptions, y: AxisOptions): Figure {
  const { width, height, columns, gap } = SMALL;
  const charts = curves.map((curve, index) => {
    const isLeft = index % columns === 0;
    const isLowest = index + columns >= curves.length;
    const others = curves.filter((other) => other !== curve);
    return column([
      label(curve.name ?? "", { bold: true, width }),
      chart({
        width,
        height,
        x: isLowest ? x : { ...x, title: "" },
        y: isLeft ? y : { ...y, title: "" },
        marks: [
          ...others.map((other) => meanLine(other, { tone: "muted", opacity: 0.3 })),
          ...curveMarks(curve, "blue"),
        ],
      }),
    ]);
  });
  return column(chunks(charts, columns).map((line) => row(line, { gap })), { gap: 12 });
}

/** Runs, deviations and means of a curve. */
function curveMarks(curve: PlacedCurve, tone: Tone, label?: string): readonly Mark[] {
  const { x, points } = curve;
  return [
    ...points.map(({ ends }, index) =>
      line({ x: [x[index], x[index]], y: ends }, { tone, opacity: 0.6 })
    ),
    meanLine(curve, { tone, ...defined({ label }) }),
    ...points.map(({ runs }, index) =>
      dots({ x: runs.map(() => x[index]), y: runs }, { tone, radius: RUN })
    ),
    dots({ x, y: points.map(({ mean }) => mean) }, { tone, radius: MEAN }),
  ];
}

/** Radius of the dot of a run in pixels. */
const RUN = 2;

/** Radius of the dot of a mean in pixels. */
const MEAN = 3.5;

/** A thin line through the runs of each seed, where no run is missing. */
function repeatLines({ x, points }: PlacedCurve): readonly Mark[] {
  const [{ runs }] = points;
  if (runs.length < 2 || points.some((point) => point.runs.length !== runs.length)) return [];
  return runs.map((_, repeat) =>
    line({ x, y: points.map(({ runs }) => runs[repeat]) }, {
      tone: "blue",
      thickness: 1,
      opacity: 0.35,
    })
  );
}

function meanLine(
  { x, points }: PlacedCurve,
  options: { readonly tone: Tone; readonly label?: string; readonly opacity?: number },
): Mark {
  return line({ x, y: points.map(({ mean }) => mean) }, { thickness: 1.5, ...options });
}

/** The least width of a row without its name, and its height, in pixels. */
const ROW = { width: 440, height: 22 };

/** Font size of the names of rows, that of an axis, and the most room that they take, in pixels. */
const NAME = { size: 11, width: 560 };

/** A row for each setting, named by its values of the keys, in the order of the grid, over accuracy. */
export function rowChart(
  points: readonly SettingPoint[],
  keys: readonly string[],
  split: Compared,
): SweepChart {
  const names = points.map(({ settings }) =>
    truncate(
      settings.filter(({ key }) => keys.includes(key)).map(namedValue).join(" · "),
      NAME.width,
      { size: NAME.size },
    )
  );
  const widest = Math.max(0, ...names.map((name) => textWidth(name, { size: NAME.size })));
  const width = Math.max(WIDTH, widest + ROW.width);
  const accuracy = axisOf(points, split, width - widest - ROOM);
  const figure = chart({
    width,
    height: AROUND + ROW.height * points.length,
    x: accuracy.axis,
    y: {
      title: "",
      domain: [points.length - 0.5, -0.5], // the first on top
      ticks: names.map((label, value) => ({ value, label })),
      longest: NAME.width,
    },
    marks: points.flatMap((point, place) => {
      const { runs, mean, ends } = placedOn(accuracy, point);
      return [
        line({ x: ends, y: [place, place] }, { tone: "blue", opacity: 0.6 }),
        dots({ x: runs, y: runs.map(() => place) }, { tone: "blue", radius: RUN }),
        dots({ x: [mean], y: [place] }, { tone: "blue", radius: MEAN }),
      ];
    }),
  });
  return { figure, isRatios: accuracy.isRatios };
}

/** The runs of a sweep's only setting in the order of the grid, over a band of their deviation. */
export function repeatChart(point: SettingPoint, title: string, split: Compared): SweepChart {
  const accuracy = axisOf([point], split, HEIGHT - AROUND);
  const { runs, mean, ends: [low, high] } = placedOn(accuracy, point);
  const x = runs.map((_, index) => index + 1);
  const domain = [0.5, runs.length + 0.5] as const;
  const scale = linearScale({ domain, range: [0, WIDTH - ROOM], nice: false });
  const figure = chart({
    width: WIDTH,
    height: HEIGHT,
    y: accuracy.axis,
    x: { title, domain, ticks: valueTicks(x, scale) },
    marks: [
      band({ x: domain, low: [low, low], high: [high, high] }, { tone: "blue" }),
      line({ x: domain, y: [mean, mean] }, { tone: "blue" }),
      dots({ x, y: runs }, { tone: "blue", radius: MEAN }),
    ],
  });
  return { figure, isRatios: accuracy.isRatios };
}
