import { chart, document, line, rule } from "deno-plot-svg";

/** A log axis: what it cannot show, zero and what is not finite, leaves gaps. */
export function draw(): string {
  const steps = Array.from({ length: 200 }, (_, i) => i);
  const loss = steps.map((i) => i % 40 === 20 ? 0 : 2 / (1 + i * i / 100));
  const figure = chart({
    width: 360,
    height: 240,
    x: { title: "step" },
    y: { title: "loss (nats, log scale)", scale: "log" },
    marks: [
      rule({ y: 0.1 }, { label: "target" }),
      line({ x: steps, y: loss.map((value, i) => i === 100 ? null : value) }, {
        tone: "blue",
        title: (i) => `step ${i}: ${loss[i]?.toFixed(4)}`,
      }),
    ],
  });
  return document(figure, {
    title: "Loss over steps",
    description: "Loss falls from 2 to 0.005 nats over 200 steps, on a log scale",
  });
}
