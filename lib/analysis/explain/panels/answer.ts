import { barList, column, space, table } from "deno-plot-svg";
import { formatNumber } from "../../../format/numbers.ts";
import type { Panel } from "../../../report/panel.ts";
import { probabilityBar } from "../../../report/listed.ts";
import type { Explanation } from "../explanation.ts";
import { answerTable, rankClasses } from "../text.ts";

/** Number of most probable classes whose probabilities are drawn as bars. */
const BARS = 3;

/** Returns the panel with the logits and probabilities of classes, and the loss. */
export function answerPanel({ subject, answer }: Explanation): Panel {
  const { model: { classes }, sample: { labels } } = subject;
  const [label] = labels;
  const ranked = rankClasses(answer.probabilities);
  const top = ranked.slice(0, BARS);
  const shown = top.includes(label) ? top : [...top, label];
  const items = shown.map((index) =>
    probabilityBar(
      classes[index],
      answer.probabilities[index],
      index === label ? "blue" : index === ranked[0] ? "orange" : "muted",
    )
  );
  return {
    title: "Answer",
    caption:
      `Bars: probabilities of classes. Blue: the sample's class; orange: a wrong answer. The loss is ${
        formatNumber(answer.loss, 6)
      }.`,
    span: 1,
    draw: (width) =>
      column([
        barList({ width, items, most: 1 }),
        space(width, 12),
        table({ width, ...answerTable(subject, answer) }),
      ]),
  };
}
