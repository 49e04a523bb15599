import { formatNumber } from "../../format/numbers.ts";
import { elementName, equationReader } from "./equation.ts";
import type { Section, Term, WorkedExample } from "./example.ts";

/** Significant digits of the numbers of an example. */
const DIGITS = 9;

/** Elements of an input that are listed in a line. */
const PER_LINE = 8;

/**
 * Returns the text of a worked example: for each number its equation, the equation in numbers, and the value;
 * for each gradient also its central difference.
 */
export function exampleLines(example: WorkedExample): readonly string[] {
  const reader = equationReader(example);
  return [
    "given",
    ...example.known.flatMap((term) => knownLines(term, example)),
    ...example.sections.flatMap((section) => sectionLines(section, example, reader)),
  ];
}

function knownLines({ symbol, tensor }: Term, { valuesOf }: WorkedExample): readonly string[] {
  const texts = Array.from(
    valuesOf(tensor),
    (value, index) => `${elementName(symbol, tensor, index)} = ${formatNumber(value, DIGITS)}`,
  );
  const lines: string[] = [];
  for (let start = 0; start < texts.length; start += PER_LINE) {
    lines.push(`  ${texts.slice(start, start + PER_LINE).join("   ")}`);
  }
  return lines;
}

function sectionLines(
  { title, note, terms }: Section,
  { valuesOf, differences }: WorkedExample,
  reader: ReturnType<typeof equationReader>,
): readonly string[] {
  const rows = terms.flatMap((term) => {
    const { symbol, tensor } = term;
    return Array.from(valuesOf(tensor), (value, index) => {
      const { symbols, numbers, conditions } = reader(term, index);
      const shown = formatNumber(value, DIGITS);
      const difference = differences.get(symbol)?.[index];
      return {
        name: elementName(symbol, tensor, index),
        equation: symbols === numbers || numbers === shown ? symbols : `${symbols} = ${numbers}`,
        value: shown,
        remarks: [
          ...(conditions.length === 0 ? [] : [`as ${conditions.join(", ")}`]),
          ...(difference === undefined
            ? []
            : [`central difference ${formatNumber(difference, DIGITS)}`]),
        ].join("; "),
      };
    });
  });
  const widthOf = (field: "name" | "value") =>
    rows.reduce((most, row) => Math.max(most, row[field].length), 0);
  const [names, values] = [widthOf("name"), widthOf("value")];
  return [
    "",
    note === undefined ? title : `${title}: ${note}`,
    ...rows.map(({ name, equation, value, remarks }) => {
      const line = equation === value ? "" : `   = ${equation}`;
      const remark = remarks === "" ? "" : `   (${remarks})`;
      return `  ${name.padEnd(names)} = ${value.padEnd(values)}${line}${remark}`.trimEnd();
    }),
  ];
}
