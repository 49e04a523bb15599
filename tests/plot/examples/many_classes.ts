import { chart, document, scatter } from "deno-plot-svg";

/** 47 classes: no two share colour and shape; a long name is cut, and whole when pointed at. */
export function draw(): string {
  const names = Array.from({ length: 47 }, (_, i) => i === 20 ? "w".repeat(90) : `letter ${i}`);
  const classes = names.map((_, index) => index);
  const figure = chart({
    width: 720,
    height: 260,
    x: { title: "component 1" },
    y: { title: "component 2" },
    marks: scatter({
      x: classes.map((each) => each % 12),
      y: classes.map((each) => -Math.floor(each / 12)),
      classes,
    }, { names, radius: 4, opacity: 1 }),
  });
  return document(figure, {
    title: "Looks of 47 classes",
    description: "A dot for each of 47 classes, in four rows",
  });
}
