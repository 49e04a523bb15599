/**
 * Draws the accuracies of a sweep: over the values of an option, or with a row for each setting.
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
import { splitIntoChunks } from "../../report/chunks.ts";
import {
  type AccuracyAxis,
  accuracyAxis,
  accuracyTitle,
  AROUND,
  optionAxis,
  valueTicks,
} from "../../report/runs/axes.ts";
import { formatSetting, pathBelowStage } from "../../report/runs/names.ts";
import { defined } from "../../config/defined.ts";
import type { Compared } from "../../run/scored_run.ts";
import type { Curve, Curves, SettingPoint } from "./points.ts";

/** Width [px] of a chart without the names of rows. */
export const WIDTH = 720;

const HEIGHT = 340;

/** Approximate width [px] that the numbers of the y axis and the names of curves take beside the x axis. */
const ROOM = 50;

/** Colours of the curves in one chart. If there are more curves, each is drawn in a separate chart. */
const TONES: readonly Tone[] = ["blue", "orange", "green", "purple"];

/** Chart of a sweep's accuracies, with facts for the caption of its page. */
export interface SweepChart {
  readonly figure: Figure;
  /** Whether the axis of accuracy is logarithmic in the error rate. */
  readonly isLogarithmic: boolean;
  /** Whether thin lines connect the runs of each seed. */
  readonly hasLines?: boolean;
}

/**
 * Draws accuracy over the values of an option. A few curves share one chart. If there are more, each has a
 * chart of its own, with the others in grey behind it.
 *
 * @param split split on which the accuracies were measured
 */
export function curveChart({ key, values, curves }: Curves, split: Compared): SweepChart {
  const isOne = curves.length <= TONES.length;
  const { width, height } = isOne ? { width: WIDTH, height: HEIGHT } : SMALL;
  const accuracy = settingsAccuracyAxis(
    curves.flatMap(({ points }) => points),
    split,
    height - AROUND,
  );
  const x = optionAxis(pathBelowStage(key), values, width - ROOM);
  const placed = curves.map(({ points, ...curve }): PlacedCurve => ({
    ...curve,
    points: points.map((point) => toPositions(accuracy, point)),
  }));
  const lines = placed.length === 1 ? repeatLines(placed[0]) : [];
  const facts = { isLogarithmic: accuracy.isLogarithmic, hasLines: lines.length > 0 };
  if (!isOne) return { figure: smallCharts(placed, x, accuracy.axis), ...facts };
  const marks = placed.flatMap((curve, index) => curveMarks(curve, TONES[index], curve.name));
  const y = accuracy.axis;
  return { figure: chart({ width, height, x, y, marks: [...lines, ...marks] }), ...facts };
}

/**
 * Returns an axis of accuracy on a split, on which the runs of some settings fit, and mean ± standard deviation
 * of each setting.
 *
 * @param length length of the axis [px]
 */
function settingsAccuracyAxis(
  points: readonly SettingPoint[],
  split: Compared,
  length: number,
): AccuracyAxis {
  const { axis, ...rest } = accuracyAxis(
    points.flatMap(({ accuracies }) => accuracies),
    length,
    points.flatMap(({ spread }) => deviationInterval(spread)),
  );
  return { ...rest, axis: { ...axis, title: accuracyTitle(split) } };
}

/** Returns mean − deviation and mean + deviation. Without a deviation, both are the mean. */
function deviationInterval({ mean, deviation = 0 }: SettingPoint["spread"]): readonly number[] {
  return [mean - deviation, mean + deviation];
}

/** Positions of the numbers of a setting on an axis of accuracy. */
interface PlacedPoint {
  /** Position of the accuracy of each run. */
  readonly runs: readonly number[];
  /** Position of the mean accuracy. */
  readonly mean: number;
  /** Positions of mean − deviation and mean + deviation. */
  readonly ends: readonly number[];
}

/** A curve whose accuracies are replaced by their positions on an axis. */
interface PlacedCurve extends Omit<Curve, "points"> {
  readonly points: readonly PlacedPoint[];
}

/** Replaces the accuracies of a setting by their positions on an axis. */
function toPositions({ at }: AccuracyAxis, { accuracies, spread }: SettingPoint): PlacedPoint {
  return {
    runs: accuracies.map(at),
    mean: at(spread.mean),
    ends: deviationInterval(spread).map(at),
  };
}

/** Size [px] of each chart if every curve has a chart of its own, and the arrangement of these charts. */
const SMALL = { width: 224, height: 190, columns: 3, gap: 24 };

/** Draws a chart for each curve, with the other curves in grey behind it. Only the outer axes have titles. */
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
  return column(splitIntoChunks(charts, columns).map((line) => row(line, { gap })), { gap: 12 });
}

/** Returns the marks of a curve: small dots for runs, bars for deviations, and a line and dots for means. */
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

/** Radius [px] of the dot of a single run. */
const RUN = 2;

/** Radius [px] of the dot of a setting's mean. */
const MEAN = 3.5;

/**
 * Returns a thin line for each repeat, such as each seed, through the accuracies of its runs. Returns an empty
 * list if settings have a single run each, or different numbers of runs.
 */
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

/** Returns the line through the means of a curve. */
function meanLine(
  { x, points }: PlacedCurve,
  options: { readonly tone: Tone; readonly label?: string; readonly opacity?: number },
): Mark {
  return line({ x, y: points.map(({ mean }) => mean) }, { thickness: 1.5, ...options });
}

/** Size [px] of the row of a setting: the smallest width on the right of its name, and the height. */
const ROW = { width: 440, height: 22 };

/** Font size and largest width [px] of the names of settings. */
const NAME = { size: 11, width: 560 };

/**
 * Draws a row for each setting, in the order of the grid: the values of its options, and the accuracies of its
 * runs.
 *
 * @param keys keys of the options whose values are shown
 */
export function rowChart(
  points: readonly SettingPoint[],
  keys: readonly string[],
  split: Compared,
): SweepChart {
  const names = points.map(({ settings }) =>
    truncate(
      settings.filter(({ key }) => keys.includes(key)).map(formatSetting).join(" · "),
      NAME.width,
      { size: NAME.size },
    )
  );
  const widest = Math.max(0, ...names.map((name) => textWidth(name, { size: NAME.size })));
  const width = Math.max(WIDTH, widest + ROW.width);
  const accuracy = settingsAccuracyAxis(points, split, width - widest - ROOM);
  const figure = chart({
    width,
    height: AROUND + ROW.height * points.length,
    x: accuracy.axis,
    y: {
      title: "",
      domain: [points.length - 0.5, -0.5], // the first row is at the top
      ticks: names.map((label, value) => ({ value, label })),
      longest: NAME.width,
    },
    marks: points.flatMap((point, place) => {
      const { runs, mean, ends } = toPositions(accuracy, point);
      return [
        line({ x: ends, y: [place, place] }, { tone: "blue", opacity: 0.6 }),
        dots({ x: runs, y: runs.map(() => place) }, { tone: "blue", radius: RUN }),
        dots({ x: [mean], y: [place] }, { tone: "blue", radius: MEAN }),
      ];
    }),
  });
  return { figure, isLogarithmic: accuracy.isLogarithmic };
}

/**
 * Draws the accuracies of a sweep's only setting, in the order of its runs, over a band of mean ± deviation.
 *
 * @param title title of the x axis, along which the runs are drawn
 */
export function repeatChart(point: SettingPoint, title: string, split: Compared): SweepChart {
  const accuracy = settingsAccuracyAxis([point], split, HEIGHT - AROUND);
  const { runs, mean, ends: [low, high] } = toPositions(accuracy, point);
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
  return { figure, isLogarithmic: accuracy.isLogarithmic };
}
