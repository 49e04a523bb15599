/**
 * Draws expected speeds of steps by ranks.
 *
 * @module
 */
import {
  chart,
  column,
  document,
  type Figure,
  label,
  line,
  paragraph,
  row,
  rule,
  space,
} from "deno-plot-svg";

/** A network with the times of its step [µs] by each number of ranks, for links of some speeds [Gbit/s]. */
interface DrawnNetwork {
  readonly name: string;
  readonly bySpeed: readonly { readonly speed: number; readonly times: readonly number[] }[];
}

const WIDTH = 340;
const GAP = 28;
const TONES = ["orange", "purple", "green", "blue"] as const;

/** Draws a chart for each network: the speed of its steps, relative to that of one rank. */
export function drawRankTimes(
  counts: readonly number[],
  networks: readonly DrawnNetwork[],
): string {
  const figures = networks.map(({ name, bySpeed }): Figure => {
    const marks = bySpeed.map(({ speed, times }, index) =>
      line({ x: counts, y: times.map((time) => times[0] / time) }, {
        tone: TONES[index],
        label: `${speed} Gbit/s`,
      })
    );
    return column([
      label(name, { size: 14, bold: true }),
      chart({
        width: WIDTH,
        height: 220,
        x: {
          title: "ranks",
          scale: "log",
          ticks: counts.map((value) => ({ value, label: `${value}` })),
        },
        y: { title: "speed, 1 rank = 1", scale: "log" },
        marks: [rule({ y: 1 }), ...marks],
      }),
    ]);
  });
  const [width, pairs] = [2 * WIDTH + GAP, [figures.slice(0, 2), figures.slice(2)]];
  const description = "Expected speed of training steps by 1 to 64 ranks, for links of 1, 10, 25 " +
    "and 100 Gbit/s with 30 µs latency. Below the line at 1, ranks do not pay.";
  const page = column([
    label("Ranks", { size: 20, bold: true }),
    paragraph(description, width, { tone: "muted" }),
    ...pairs.flatMap(([first, second]) => [space(width, 16), row([first, space(GAP, 1), second])]),
  ]);
  return document(page, { title: "Ranks", description, margin: 16 });
}
