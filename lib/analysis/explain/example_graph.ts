import { type Figure, type GraphEdge, type GraphNode, layeredGraph } from "deno-plot-svg";
import { formatNumber } from "../../format/numbers.ts";
import { dimension, sizeOf, type Tensor } from "../../tensor/mod.ts";
import { elementName } from "./equation.ts";
import { type Term, termsOf, type WorkedExample } from "./example.ts";

/** A term that another is computed from, and the matrix between them, if there is one. */
interface Connection {
  readonly from: Term;
  readonly matrix?: Term | undefined;
}

/** A term in the graph. */
interface Placed {
  readonly term: Term;
  readonly connections: readonly Connection[];
  /** Column of the graph, from 0. */
  readonly depth: number;
}

/** Significant digits of numbers in the graph. */
const DIGITS = 4;

/**
 * Draws the forward pass of an example as a graph from left to right: a node for each number, with its gradient;
 * weights as edges.
 */
export function exampleGraph(example: WorkedExample, width: number): Figure {
  const placed = placedTerms(example);
  const depth = placed.reduce((most, each) => Math.max(most, each.depth), 0);
  const columns = Array.from(
    { length: depth + 1 },
    (_, column) => placed.filter((each) => each.depth === column),
  );
  /** Returns column and row of an element of a term. */
  const placeOf = (term: Term, index: number): readonly [layer: number, node: number] => {
    const column = columns.findIndex((all) => all.some((each) => each.term === term));
    const all = columns[column].map((each) => each.term);
    const before = all.slice(0, all.indexOf(term));
    return [column, before.reduce((sum, { tensor }) => sum + sizeOf(tensor.shape), index)];
  };
  return layeredGraph({
    width,
    layers: columns.map((all) => all.flatMap(({ term }) => nodesOf(term, example))),
    edges: placed.flatMap(({ term, connections }) =>
      connections.flatMap((connection) => edgesOf(term, connection, { example, placeOf }))
    ),
  });
}

function nodesOf({ symbol, tensor }: Term, example: WorkedExample): readonly GraphNode[] {
  const gradient = gradientOf(symbol, example);
  const bias = biasOf(tensor, example);
  return Array.from(example.valuesOf(tensor), (value, index) => ({
    name: elementName(symbol, tensor, index),
    value: formatNumber(value, DIGITS),
    notes: [
      ...(gradient === undefined ? [] : [`d ${formatNumber(gradient[index], DIGITS)}`]),
      ...(bias === undefined ? [] : [
        `${bias.symbol}[${index + 1}] ${
          formatNumber(example.valuesOf(bias.tensor)[index], DIGITS)
        }`,
      ]),
    ],
  }));
}

function edgesOf(
  term: Term,
  { from, matrix }: Connection,
  { example, placeOf }: {
    readonly example: WorkedExample;
    readonly placeOf: (term: Term, index: number) => readonly [layer: number, node: number];
  },
): readonly GraphEdge[] {
  const [inputs, outputs] = [from, term].map((each) => sizeOf(each.tensor.shape));
  const gradient = matrix && gradientOf(matrix.symbol, example);
  const isOneToOne = matrix === undefined && inputs === outputs;
  const pairs = Array.from({ length: inputs * outputs }, (_, index) => ({
    index,
    source: Math.floor(index / outputs),
    target: index % outputs,
  })).filter(({ source, target }) => !isOneToOne || source === target);
  return pairs.map(({ index, source, target }) => {
    const ends = { from: placeOf(from, source), to: placeOf(term, target) };
    if (matrix === undefined) return ends;
    const weight = example.valuesOf(matrix.tensor)[index];
    const value = formatNumber(weight, DIGITS);
    const slope = gradient === undefined ? "" : formatNumber(gradient[index], DIGITS);
    return {
      ...ends,
      weight,
      label: slope === "" ? [value] : [value, slope],
      title: `${elementName(matrix.symbol, matrix.tensor, index)} = ${value}` +
        (slope === "" ? "" : `, gradient ${slope}`),
    };
  });
}

function gradientOf(symbol: string, example: WorkedExample): ArrayLike<number> | undefined {
  const gradient = termsOf(example).find(({ gradientOf }) => gradientOf === symbol);
  return gradient && example.valuesOf(gradient.tensor);
}

/** Returns the known vector that a product is added to, if the tensor is such a sum. */
function biasOf({ operation, inputs }: Tensor, { known }: WorkedExample): Term | undefined {
  if (operation.kind !== "primitive" || operation.name !== "add") return undefined;
  const added = inputs.flatMap((each) => each.operation.kind === "broadcast" ? each.inputs : []);
  return known.find(({ tensor }) => added.includes(tensor));
}

/** Returns the terms of the forward pass, and the known ones that they read. */
function placedTerms(example: WorkedExample): readonly Placed[] {
  const terms = termsOf(example);
  const firstGradient = terms.findIndex(({ gradientOf }) => gradientOf !== undefined);
  const forward = terms.slice(example.known.length, firstGradient);
  const placed: Placed[] = [];
  for (const term of forward.filter(({ isAuxiliary = false }) => !isAuxiliary)) {
    const readable = terms.slice(0, terms.indexOf(term));
    const connections = connectionsOf(term, readable);
    const depths = connections.map(({ from }) =>
      placed.find((each) => each.term === from)?.depth ?? 0
    );
    const depth = 1 + Math.max(0, ...depths);
    for (const { from } of connections) {
      if (placed.some((each) => each.term === from)) continue;
      placed.push({ term: from, connections: [], depth: depth - 1 });
    }
    placed.push({ term, connections, depth });
  }
  return placed;
}

/** Finds the rows [1, n] that a term is computed from, and the matrices that they are multiplied by. */
function connectionsOf(term: Term, readable: readonly Term[]): readonly Connection[] {
  const found = new Map<Tensor, Connection>();
  const visit = (node: Tensor, isStart = false) => {
    const named = readable.find(({ tensor, isAuxiliary = false }) =>
      tensor === node && !isAuxiliary
    );
    if (named !== undefined && !isStart) {
      const isRow = node.shape.length === 2 && dimension(node, 0) === 1 && node.type === "float";
      if (isRow && !found.has(node)) found.set(node, { from: named });
      return;
    }
    const [left, right] = node.inputs;
    if (node.operation.kind === "matmul") {
      const from = readable.find(({ tensor }) => tensor === left);
      const matrix = readable.find(({ tensor }) => tensor === right);
      if (from !== undefined && matrix !== undefined) {
        found.set(left, { from, matrix });
        return;
      }
    }
    node.inputs.forEach((input) => visit(input));
  };
  visit(term.tensor, true);
  return [...found.values()];
}
