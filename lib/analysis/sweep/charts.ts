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
  AROUND,
  optionAxis,
  valueTicks,
} from "../../report/runs/axes.ts";
import { nameBelowStage, namedValue } from "../../report/runs/names.ts";
import { defined } from "../../config/defined.ts";
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
  /** What is drawn. */
  readonly figure: Figure;
  /** Whether equal distances in it are equal ratios of mistakes. */
  readonly isRatios: boolean;
  /** Whether thin lines connect the runs of each seed. */
  readonly hasLines?: boolean;
}

/** Accuracy over an option: all curves in one chart, or each in its own before the others. */
export function curveChart({ key, values, curves }: Curves): SweepChart {
  const isOne = curves.length <= TONES.length;
  const { width, height } = isOne ? { width: WIDTH, height: HEIGHT } : SMALL;
  const accuracy = axisOf(curves.flatMap(({ points }) => points), height - AROUND);
  const x = optionAxis(nameBelowStage(key), values, width - ROOM);
  const [first] = curves;
  const lines = first === undefined || curves.length > 1 ? [] : repeatLines(first, accuracy);
  const look = { isRatios: accuracy.isRatios, hasLines: lines.length > 0 };
  if (!isOne) return { figure: smallCharts(curves, x, accuracy), ...look };
  const marks = curves.flatMap((curve, index) =>
    curveMarks(curve, accuracy, TONES[index], curve.name)
  );
  const y = accuracy.axis;
  return { figure: chart({ width, height, x, y, marks: [...lines, ...marks] }), ...look };
}

/** The axis of the accuracies of some settings, with the ends of their deviations. */
function axisOf(points: readonly SettingPoint[], length: number): AccuracyAxis {
  const ends = points.flatMap(({ spread: { mean, deviation = 0 } }) => [
    mean - deviation,
    mean + deviation,
  ]);
  return accuracyAxis(points.flatMap(({ accuracies }) => accuracies), length, ends);
}

/** A chart for one of many curves, in pixels. */
const SMALL = { width: 224, height: 190, columns: 3, gap: 24 };

/** A chart for each curve, with all others behind it; axes are named at the left and below. */
function smallCharts(curves: readonly Curve[], x: AxisOptions, accuracy: AccuracyAxis): Figure {
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
        y: isLeft ? accuracy.axis : { ...accuracy.axis, title: "" },
        marks: [
          ...others.map((other) => meanLine(other, accuracy, { tone: "muted", opacity: 0.3 })),
          ...curveMarks(curve, accuracy, "blue"),
        ],
      }),
    ]);
  });
  return column(chunks(charts, columns).map((line) => row(line, { gap })), { gap: 12 });
}

/** Runs, deviations and means of a curve. */
function curveMarks(
  curve: Curve,
  accuracy: AccuracyAxis,
  tone: Tone,
  label?: string,
): readonly Mark[] {
  const { x, points } = curve;
  return [
    ...points.map(({ spread }, index) => {
      const ends = { x: [x[index], x[index]], y: deviationEnds(spread, accuracy) };
      return line(ends, { tone, opacity: 0.6 });
    }),
    meanLine(curve, accuracy, { tone, ...defined({ label }) }),
    ...points.map(({ accuracies }, index) => {
      const runs = { x: accuracies.map(() => x[index]), y: accuracies.map(accuracy.at) };
      return dots(runs, { tone, radius: RUN });
    }),
    dots({ x, y: meansOf(points, accuracy) }, { tone, radius: MEAN }),
  ];
}

/** Radius of the dot of a run in pixels. */
const RUN = 2;

/** Radius of the dot of a mean in pixels. */
const MEAN = 3.5;

/** A thin line through the runs of each seed, where no run is missing. */
function repeatLines({ x, points }: Curve, accuracy: AccuracyAxis): readonly Mark[] {
  const counts = new Set(points.map(({ accuracies }) => accuracies.length));
  const [count = 0] = counts;
  if (counts.size > 1 || count < 2) return [];
  return Array.from({ length: count }, (_, repeat) => {
    const y = points.map(({ accuracies }) => accuracy.at(accuracies[repeat]));
    return line({ x, y }, { tone: "blue", thickness: 1, opacity: 0.35 });
  });
}

function meanLine(
  { x, points }: Curve,
  accuracy: AccuracyAxis,
  options: { readonly tone: Tone; readonly label?: string; readonly opacity?: number },
): Mark {
  return line({ x, y: meansOf(points, accuracy) }, { thickness: 1.5, ...options });
}

function meansOf(points: readonly SettingPoint[], accuracy: AccuracyAxis): readonly number[] {
  return points.map(({ spread }) => accuracy.at(spread.mean));
}

/** Where mean − deviation and mean + deviation stand; without a deviation both are the mean. */
function deviationEnds(
  { mean, deviation = 0 }: SettingPoint["spread"],
  accuracy: AccuracyAxis,
): readonly [number, number] {
  return [accuracy.at(mean - deviation), accuracy.at(mean + deviation)];
}

/** The least width of a row without its name, and its height, in pixels. */
const ROW = { width: 440, height: 22 };

/** Font size of the names of rows, that of an axis, and the most room that they take, in pixels. */
const NAME = { size: 11, width: 560 };

/** A row for each setting, in the order of the grid, over accuracy. */
export function rowChart(points: readonly SettingPoint[]): SweepChart {
  const names = points.map(({ settings }) =>
    truncate(settings.map(namedValue).join(" · "), NAME.width, { size: NAME.size })
  );
  const widest = Math.max(0, ...names.map((name) => textWidth(name, { size: NAME.size })));
  const width = Math.max(WIDTH, widest + ROW.width);
  const accuracy = axisOf(points, width - widest - ROOM);
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
    marks: points.flatMap((point, index) => rowMarks(point, index, accuracy)),
  });
  return { figure, isRatios: accuracy.isRatios };
}

function rowMarks(
  { accuracies, spread }: SettingPoint,
  place: number,
  accuracy: AccuracyAxis,
): readonly Mark[] {
  const runs = { x: accuracies.map(accuracy.at), y: accuracies.map(() => place) };
  return [
    line({ x: deviationEnds(spread, accuracy), y: [place, place] }, { tone: "blue", opacity: 0.6 }),
    dots(runs, { tone: "blue", radius: RUN }),
    dots({ x: [accuracy.at(spread.mean)], y: [place] }, { tone: "blue", radius: MEAN }),
  ];
}

/** The runs of a sweep's only setting in the order of the grid, over a band of their deviation. */
export function repeatChart(point: SettingPoint, title: string): SweepChart {
  const { accuracies, spread } = point;
  const accuracy = axisOf([point], HEIGHT - AROUND);
  const x = accuracies.map((_, index) => index + 1);
  const [low, high] = deviationEnds(spread, accuracy);
  const ends = [0.5, accuracies.length + 0.5] as const;
  const scale = linearScale({ domain: ends, range: [0, WIDTH - ROOM], nice: false });
  const mean = accuracy.at(spread.mean);
  const figure = chart({
    width: WIDTH,
    height: HEIGHT,
    y: accuracy.axis,
    x: { title, domain: ends, ticks: valueTicks(x, scale) },
    marks: [
      band({ x: ends, low: [low, low], high: [high, high] }, { tone: "blue" }),
      line({ x: ends, y: [mean, mean] }, { tone: "blue" }),
      dots({ x, y: accuracies.map(accuracy.at) }, { tone: "blue", radius: MEAN }),
    ],
  });
  return { figure, isRatios: accuracy.isRatios };
}
