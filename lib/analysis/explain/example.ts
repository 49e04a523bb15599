/**
 * Worked examples: an expression with the names of its tensors in the order of the computation, and all
 * their numbers in double precision.
 *
 * @module
 */
import { type Elements, evaluate } from "../../engine/reference/reference.ts";
import { rebuild } from "../../tensor/rewrite.ts";
import { input, type Tensor, topologicalOrder } from "../../tensor/mod.ts";

/** A tensor with the name that equations call it by. */
export interface Term {
  /** Its name: "z1"; elements are "z1[2]", or "W1[2,3]" of a matrix with several rows. */
  readonly symbol: string;
  readonly tensor: Tensor;
  /** Symbol of the term whose gradient it is, if it is one. */
  readonly gradientOf?: string;
  /** Symbol of the known term that it replaces after the step, if it is an update. */
  readonly updateOf?: string;
  /** Whether the drawing leaves it out, as a part of the terms that are computed from it. */
  readonly isAuxiliary?: boolean;
}

/** Terms that belong together, such as those of a layer's forward pass. */
export interface Section {
  readonly title: string;
  /** Explanation in a sentence. Defaults to none. */
  readonly note?: string | undefined;
  readonly terms: readonly Term[];
}

/** A computation with the names of its tensors. */
export interface Example {
  /** Elements of the expression's inputs, row-major, by their names in the expression. */
  readonly inputs: Readonly<Record<string, ArrayLike<number>>>;
  /** Terms that are inputs: features, parameters, targets. */
  readonly known: readonly Term[];
  /** Steps of the computation, each from terms before it: forward, loss, backward, update. */
  readonly sections: readonly Section[];
  /** The loss, one element, whose gradients the example has. */
  readonly loss: Term;
}

/** A worked example with its numbers. Equal nodes of its expression are one node. */
export interface WorkedExample extends Example {
  /** Elements of every node. */
  readonly valuesOf: (tensor: Tensor) => Elements;
  /** Central difference for each element of a gradient, by the symbol of the gradient. */
  readonly differences: ReadonlyMap<string, readonly number[]>;
  /** The loss with the updated terms in place of the known ones. */
  readonly lossAfter: number;
}

/** Computes all numbers of an example, and the central difference of each of its gradients. */
export function workOut(example: Example): WorkedExample {
  const merged = mergeNodes(example);
  const nodes = topologicalOrder(termsOf(merged).map(({ tensor }) => tensor));
  const elements = evaluate(nodes, merged, "f64");
  const values = new Map(nodes.map((node, index) => [node, elements[index]]));
  const valuesOf = (tensor: Tensor) => values.get(tensor) as Elements;
  const gradients = termsOf(merged).filter(({ gradientOf }) => gradientOf !== undefined);
  const differences = new Map(
    gradients.map(({ symbol, gradientOf }) => {
      const of = termsOf(merged).find((term) => term.symbol === gradientOf) as Term;
      return [symbol, centralDifferences(merged, of.tensor, valuesOf(of.tensor))];
    }),
  );
  const updated = termsOf(merged).flatMap(({ tensor, updateOf }) => {
    const { operation } = merged.known.find(({ symbol }) => symbol === updateOf)?.tensor ?? {};
    return operation?.kind === "input" ? [[operation.name, valuesOf(tensor)] as const] : [];
  });
  const inputs = { ...merged.inputs, ...Object.fromEntries(updated) };
  const [[lossAfter]] = evaluate([merged.loss.tensor], { inputs }, "f64");
  return { ...merged, valuesOf, differences, lossAfter };
}

/** Returns all terms of an example, the known ones first. */
export function termsOf({ known, sections }: Example): readonly Term[] {
  return [...known, ...sections.flatMap(({ terms }) => terms)];
}

/** Replaces equal nodes by one of them, so that a term is recognized wherever it is computed again. */
function mergeNodes(example: Example): Example {
  const numbers = new Map<Tensor, number>();
  const unique = new Map<string, Tensor>();
  const terms = [...termsOf(example), example.loss];
  const { outputs } = rebuild(
    Object.fromEntries(terms.map(({ symbol, tensor }) => [symbol, tensor])),
    new Map(),
    (node) => {
      if (numbers.has(node)) return node;
      const { operation, shape, type, inputs } = node;
      const id = JSON.stringify([operation, shape, type, inputs.map((each) => numbers.get(each))]);
      const known = unique.get(id) ?? node;
      unique.set(id, known);
      if (!numbers.has(known)) numbers.set(known, numbers.size);
      return known;
    },
  );
  const merged = (term: Term) => ({ ...term, tensor: outputs[term.symbol] });
  return {
    ...example,
    known: example.known.map(merged),
    sections: example.sections.map((each) => ({ ...each, terms: each.terms.map(merged) })),
    loss: merged(example.loss),
  };
}

/** Step of a central difference for numbers of size 1: near the cube root of the unit roundoff. */
const STEP = 1e-5;

/** Computes (L(v + h) − L(v − h)) / 2h for each element v of a node, all else that it does not reach equal. */
function centralDifferences(
  { inputs, loss }: Example,
  node: Tensor,
  values: Elements,
): readonly number[] {
  const name = "varied";
  const { outputs: { varied } } = rebuild(
    { varied: loss.tensor },
    new Map(),
    (each) => each === node ? input(name, node.shape) : each,
  );
  const moved = Float64Array.from(values);
  const lossAt = (index: number, value: number) => {
    moved[index] = value;
    const [[result]] = evaluate([varied], { inputs: { ...inputs, [name]: moved } }, "f64");
    moved[index] = values[index];
    return result;
  };
  return Array.from(values, (value, index) => {
    const h = STEP * Math.max(1, Math.abs(value));
    return (lossAt(index, value + h) - lossAt(index, value - h)) / (2 * h);
  });
}
