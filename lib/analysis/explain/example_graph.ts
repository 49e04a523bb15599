import { type Figure, type GraphEdge, type GraphNode, layeredGraph } from "deno-plot-svg";
import { formatNumber } from "../../format/numbers.ts";
import { dimension, sizeOf, type Tensor } from "../../tensor/mod.ts";
import { elementName } from "./equation.ts";
import { listTerms, type Term, type WorkedExample } from "./example.ts";

/**
 * An earlier term from which a term is computed directly, and the weight matrix by which it is multiplied,
 * if any.
 */
interface Connection {
  readonly from: Term;
  readonly matrix?: Term | undefined;
}

/** A term of the graph, with its column and the earlier terms from which it is computed. */
interface PlacedTerm {
  readonly term: Term;
  readonly connections: readonly Connection[];
  /** Column of the graph, from 0. */
  readonly depth: number;
}

/** Number of significant digits of numbers in the graph. */
const DIGITS = 4;

/**
 * Draws the forward pass of a worked example as a graph from left to right. Each number is a node with its
 * value and gradient, each weight an edge.
 *
 * @param width width of the drawing [px]
 */
export function drawExampleGraph(example: WorkedExample, width: number): Figure {
  const placed = placeTerms(example);
  const depth = placed.reduce((most, each) => Math.max(most, each.depth), 0);
  const columns = Array.from(
    { length: depth + 1 },
    (_, column) => placed.filter((each) => each.depth === column),
  );
  /** Returns the column and the row of an element of a term in the graph. */
  const placeOf = (term: Term, index: number): readonly [layer: number, node: number] => {
    const column = columns.findIndex((all) => all.some((each) => each.term === term));
    const all = columns[column].map((each) => each.term);
    const before = all.slice(0, all.indexOf(term));
    return [column, before.reduce((sum, { tensor }) => sum + sizeOf(tensor.shape), index)];
  };
  return layeredGraph({
    width,
    layers: columns.map((all) => all.flatMap(({ term }) => graphNodes(term, example))),
    edges: placed.flatMap(({ term, connections }) =>
      connections.flatMap((connection) => graphEdges(term, connection, { example, placeOf }))
    ),
  });
}

/** Returns a node for each element of a term, with its value, gradient and bias. */
function graphNodes({ symbol, tensor }: Term, example: WorkedExample): readonly GraphNode[] {
  const gradient = findGradient(symbol, example);
  const bias = findBias(tensor, example);
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

/**
 * Returns the edges of a connection to a term: one for each weight or, without a matrix, one for each pair of
 * elements, or of equal indices if both have as many elements.
 *
 * @param placeOf returns the column and row of an element in the graph
 */
function graphEdges(
  term: Term,
  { from, matrix }: Connection,
  { example, placeOf }: {
    readonly example: WorkedExample;
    readonly placeOf: (term: Term, index: number) => readonly [layer: number, node: number];
  },
): readonly GraphEdge[] {
  const [inputs, outputs] = [from, term].map((each) => sizeOf(each.tensor.shape));
  const gradient = matrix && findGradient(matrix.symbol, example);
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

/**
 * Returns the elements of the gradient with respect to a term; undefined if the example has none.
 *
 * @param symbol symbol of the term
 */
function findGradient(symbol: string, example: WorkedExample): ArrayLike<number> | undefined {
  const gradient = listTerms(example).find(({ gradientOf }) => gradientOf === symbol);
  return gradient && example.valuesOf(gradient.tensor);
}

/** Returns the term of the bias if a tensor is the sum of a product and a bias; undefined otherwise. */
function findBias({ operation, inputs }: Tensor, { known }: WorkedExample): Term | undefined {
  if (operation.kind !== "primitive" || operation.name !== "add") return undefined;
  const added = inputs.flatMap((each) => each.operation.kind === "broadcast" ? each.inputs : []);
  return known.find(({ tensor }) => added.includes(tensor));
}

/**
 * Returns the terms of the forward pass, and the inputs from which they are computed, each with its column: one
 * to the right of the terms on which it depends.
 */
function placeTerms(example: WorkedExample): readonly PlacedTerm[] {
  const terms = listTerms(example);
  const firstGradient = terms.findIndex(({ gradientOf }) => gradientOf !== undefined);
  const forward = terms.slice(example.known.length, firstGradient);
  const placed: PlacedTerm[] = [];
  for (const term of forward.filter(({ isAuxiliary = false }) => !isAuxiliary)) {
    const readable = terms.slice(0, terms.indexOf(term));
    const connections = findConnections(term, readable);
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

/**
 * Finds the terms [1, n] from which a term is computed directly, and the matrices with which they are
 * multiplied.
 *
 * @param readable terms that precede the term in the example
 */
function findConnections(term: Term, readable: readonly Term[]): readonly Connection[] {
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
