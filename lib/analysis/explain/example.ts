/**
 * Computes worked examples: all numbers of an expression in double precision, with names for its tensors, in the order
 * of the computation.
 *
 * @module
 */
import { type Elements, evaluate } from "../../engine/reference/reference.ts";
import { rebuild } from "../../tensor/rewrite.ts";
import { input, type Tensor, topologicalOrder } from "../../tensor/mod.ts";

/** A tensor with its name in equations. */
export interface Term {
  /** Name in equations: "z1". Elements are "z1[2]", or "W1[2,3]" for a matrix with several rows. */
  readonly symbol: string;
  readonly tensor: Tensor;
  /** If the tensor is a gradient, the symbol of the term with respect to which it is taken. */
  readonly gradientOf?: string;
  /** If the tensor is an updated parameter, the symbol of the parameter before the update. */
  readonly updateOf?: string;
  /** Whether the tensor is an intermediate result that the drawing omits. Defaults to false. */
  readonly isAuxiliary?: boolean;
}

/** Terms of one part of the computation, such as the forward pass of a layer. */
export interface Section {
  readonly title: string;
  /** Explanation of the section in a sentence. Defaults to none. */
  readonly note?: string | undefined;
  readonly terms: readonly Term[];
}

/** An expression to be worked out as an example: the values of its inputs, and symbols for its tensors. */
export interface Example {
  /** Elements of the expression's inputs, row-major, by the inputs' names. */
  readonly inputs: Readonly<Record<string, ArrayLike<number>>>;
  /** Terms that are inputs: features, parameters, learning rate. */
  readonly known: readonly Term[];
  /** Sections in the order of the computation: forward, loss, backward, update. Terms depend on earlier ones only. */
  readonly sections: readonly Section[];
  /** The loss, a single number. */
  readonly loss: Term;
}

/**
 * An example with the computed values of all tensors, in double precision. Equal nodes of the example's
 * expression are merged into one.
 */
export interface WorkedExample extends Example {
  /** Returns the elements of a tensor of the merged expression, row-major. */
  readonly valuesOf: (tensor: Tensor) => Elements;
  /** Central difference of the loss for each element of a gradient, by the symbol of the gradient. */
  readonly differences: ReadonlyMap<string, readonly number[]>;
  /** Loss of the sample after the update of the parameters. */
  readonly lossAfter: number;
}

/**
 * Computes all numbers of an example in double precision, and a central difference of the loss for each element
 * of its gradients.
 */
export function computeExample(example: Example): WorkedExample {
  const merged = mergeNodes(example);
  const nodes = topologicalOrder(listTerms(merged).map(({ tensor }) => tensor));
  const elements = evaluate(nodes, merged, "f64");
  const values = new Map(nodes.map((node, index) => [node, elements[index]]));
  const valuesOf = (tensor: Tensor) => values.get(tensor) as Elements;
  const gradients = listTerms(merged).filter(({ gradientOf }) => gradientOf !== undefined);
  const differences = new Map(
    gradients.map(({ symbol, gradientOf }) => {
      const of = listTerms(merged).find((term) => term.symbol === gradientOf) as Term;
      return [symbol, centralDifferences(merged, of.tensor, valuesOf(of.tensor))];
    }),
  );
  const updated = listTerms(merged).flatMap(({ tensor, updateOf }) => {
    const { operation } = merged.known.find(({ symbol }) => symbol === updateOf)?.tensor ?? {};
    return operation?.kind === "input" ? [[operation.name, valuesOf(tensor)] as const] : [];
  });
  const inputs = { ...merged.inputs, ...Object.fromEntries(updated) };
  const [[lossAfter]] = evaluate([merged.loss.tensor], { inputs }, "f64");
  return { ...merged, valuesOf, differences, lossAfter };
}

/** Returns all named tensors of a worked example, the inputs first. */
export function listTerms({ known, sections }: Example): readonly Term[] {
  return [...known, ...sections.flatMap(({ terms }) => terms)];
}

/**
 * Merges equal nodes of an example's expression, so that a tensor which the expression computes twice is
 * recognized as the same term in both places.
 */
function mergeNodes(example: Example): Example {
  const numbers = new Map<Tensor, number>();
  const unique = new Map<string, Tensor>();
  const terms = [...listTerms(example), example.loss];
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

/** Step h of a central difference relative to the size of the number, near the cube root of the unit roundoff. */
const STEP = 1e-5;

/**
 * Computes the central difference (L(v + h) − L(v − h)) / 2h of the loss L for each element v of a node of its
 * expression.
 *
 * @param values elements of the node
 */
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
