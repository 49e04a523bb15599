/**
 * Compiles passes through a network of any size: forward with the gradient of the loss, and gradients of chosen
 * outputs with respect to features and hidden units.
 *
 * Scaled features are raw features times the scale of the normalization, before its shift and its reduction, so that
 * 0 is black in every image.
 *
 * @module
 */
import { compile } from "../../engine/compiler/compile.ts";
import { openLocalMachine } from "../../engine/workers/machine.ts";
import { backward, forward, type Network, type Tensors } from "../../nn/mod.ts";
import { hiddenOutputs } from "../../observe/hidden.ts";
import { dimension, dot, input, matmul, sizeOf, type Tensor, transpose } from "../../tensor/mod.ts";
import type { Trained } from "../../train/inference/trained.ts";
import { adversarialSamples } from "../../train/step/adversarial.ts";
import { normalized } from "../../train/step/batch.ts";
import { lossAndGradients } from "../../train/step/loss_and_gradients.ts";
import { modelWithInputs, readsInput, writeModel } from "./model_inputs.ts";
import { buildUpdate, type Update, updateInputs } from "./update.ts";

type Vector = Float32Array<ArrayBuffer>;

/** Euclidean norms of the gradient of the loss of one sample, with respect to a layer's parameters and input. */
export interface LayerGradientNorms {
  /** Name of the layer: "dense1". */
  readonly layer: string;
  /** Euclidean norm of the gradient with respect to the layer's parameters; undefined if the layer has none. */
  readonly parameters?: number;
  /** Euclidean norm of the gradient with respect to the layer's input. */
  readonly input: number;
}

/** Results of a forward and a backward pass of one sample. */
export interface PassResult {
  readonly logits: Vector;
  readonly probabilities: Vector;
  readonly loss: number;
  /** Loss of the sample after the update by its gradient. */
  readonly lossAfter: number;
  /** Outputs of the first and of the last hidden layer; undefined if the network has no hidden layers. */
  readonly hidden?: { readonly first: Vector; readonly last: Vector };
  /** Norms of the gradient of the loss, an entry for each layer from the first to the last. */
  readonly gradients: readonly LayerGradientNorms[];
}

/** Logits of a sample, and the gradients of a weighted sum of them. */
export interface LogitGradients {
  readonly logits: Vector;
  /** Gradient with respect to the scaled features [features]. */
  readonly features: Vector;
  /** Scaled features after a step of length 1 along the gradient; unchanged if the gradient is 0 [features]. */
  readonly moved: Vector;
  /** Gradient with respect to the outputs of the first hidden layer; undefined without hidden layers. */
  readonly hidden?: Vector;
}

/** Compiled passes through a trained network. The features that its methods receive are scaled: see the module. */
export interface Probe {
  readonly network: Network;
  /** Number of samples that each call of {@linkcode Probe.logitsOf} computes. */
  readonly rows: number;
  /**
   * Runs a sample forward and backward, updates a copy of the parameters by its gradient, and runs it forward
   * again.
   *
   * @param label index of the class of the sample
   */
  pass(features: Vector, label: number): PassResult;
  /**
   * Computes the gradients of Σ weights · logits for one sample.
   *
   * @param weights weight of each logit [classes]
   */
  logitGradients(features: Vector, weights: Vector): LogitGradients;
  /**
   * Computes the gradients of some units of the first layer with weights, before any activation, with respect
   * to the scaled features: a vector [features] for each unit.
   *
   * @param units indices of the units
   */
  unitGradients(features: Vector, units: readonly number[]): readonly Vector[];
  /**
   * Computes the gradients of some logits with respect to the outputs of the last hidden layer: a vector
   * [units] for each class. The network must have a hidden layer.
   *
   * @param hidden outputs of the last hidden layer at which the gradients are computed [units]
   * @param classes indices of the logits
   */
  hiddenGradients(hidden: Vector, classes: readonly number[]): readonly Vector[];
  /** Computes the logits of several samples [rows, classes], given their scaled features [rows, features]. */
  logitsOf(features: Vector): Vector;
}

/** Compiles the passes of a probe through a trained network. */
export function openProbe(trained: Trained, { rows, units, update }: {
  /** Number of samples that each call of {@linkcode Probe.logitsOf} computes. */
  readonly rows: number;
  /**
   * Largest number of units of {@linkcode Probe.unitGradients}, and of classes of {@linkcode
   * Probe.hiddenGradients}.
   */
  readonly units: number;
  /** Update by the gradient of the sample in {@linkcode Probe.pass}. */
  readonly update: Update;
}): Probe {
  const { normalization } = trained;
  const features = sizeOf(trained.shape);
  const model = modelWithInputs(trained);
  const { network, parameters, context } = model;
  const hidden = hiddenOutputs(network);
  const [firstRead, lastRead] = [hidden[0]?.readBy, hidden.at(-1)?.readBy];
  const isWeighted = (layer: Network["layers"][number]) =>
    layer.parameters.some(({ role }) => role === "weight");
  const firstWeighted = network.layers.findIndex(isWeighted);
  const part = (from: number, to?: number): Network => ({
    ...network,
    layers: network.layers.slice(from, to),
  });
  const [reads, fieldsOf] = [part(lastRead ?? 0), part(0, firstWeighted + 1)];
  const fieldWidth = network.layers[firstWeighted].layer.width(
    network.layers[firstWeighted].inputs,
  );
  const scaled = (name: string, rows: number) => {
    const tensor = input(name, [rows, features]);
    return { tensor, x: normalized(tensor, normalization) };
  };
  /**
   * Computes the gradient with respect to the scaled features from dx, the gradient with respect to the
   * network's input. Returns dx itself unless a reduction projects the features.
   */
  const scaledFeatureGradient = (dx: Tensor) =>
    normalization.reduction === undefined
      ? dx
      : matmul(dx, transpose(input("projection", [features, dimension(dx, 1)])));

  const sample = scaled("sample", 1);
  const labels = input("label", [1], "integer");
  const learned = lossAndGradients(model, sample.x, labels);
  const passed = forward(network, parameters, sample.x, context);
  const gradientAt = (title: string) =>
    learned.origins.find(({ name }) => name === `backward of ${title}`)?.tensors[0] as Tensor;
  const updated = buildUpdate(parameters, learned.grads, update);
  const after = forward(network, updated.parameters, sample.x, context);
  const squared = (tensor: Tensor) => dot(tensor, tensor);

  const weights = input("weights", [1, network.outputs]);
  const { dx, origins } = backward(network, parameters, passed, { dy: weights, context });
  const featureSlope = scaledFeatureGradient(dx);
  const hiddenSlope = firstRead === undefined
    ? undefined
    : origins.find(({ name }) => name === `backward of ${network.layers[firstRead].title}`)
      ?.tensors[0] as Tensor;

  const several = scaled("several", units);
  const chosen = input("chosen", [units, fieldWidth]);
  const before = forward(fieldsOf, parameters, several.x, context);
  const fields = backward(fieldsOf, parameters, before, { dy: chosen, context });

  const read = input("hidden", [units, part(lastRead ?? 0).layers[0].inputs]);
  const into = input("classes", [units, network.outputs]);
  const fromRead = forward(reads, parameters, read, context);
  const readSlopes = backward(reads, parameters, fromRead, { dy: into, context });

  const many = scaled("many", rows);
  const compiled = (outputs: Tensors) => compile({ outputs, densePanels: false });
  const programs = {
    pass: compiled({
      logits: passed.y,
      probabilities: learned.probabilities,
      loss: learned.losses,
      lossAfter: model.loss.forward(after.y, labels).loss,
      ...(firstRead === undefined || lastRead === undefined
        ? {}
        : { first: passed.inputs[firstRead], last: passed.inputs[lastRead] }),
      ...Object.fromEntries(
        network.layers.map(({ name, title }) => [`input.${name}`, squared(gradientAt(title))]),
      ),
      ...Object.fromEntries(
        Object.entries(learned.grads).map(([name, tensor]) => [`square.${name}`, squared(tensor)]),
      ),
    }),
    slope: compiled({
      outputs: passed.y,
      slope: featureSlope,
      moved: adversarialSamples(sample.tensor, featureSlope, { radius: 1 }),
      ...(hiddenSlope === undefined ? {} : { hiddenSlope }),
    }),
    fields: compiled({ fields: scaledFeatureGradient(fields.dx) }),
    ...(lastRead === undefined ? {} : { into: compiled({ into: readSlopes.dx }) }),
    many: compiled({ many: forward(network, parameters, many.x, context).y }),
  };
  const machine = openLocalMachine({ programs, sources: {}, perStep: [], steps: 1 });
  writeModel(machine, programs, trained);
  const write = (name: string, values: ArrayLike<number>) => {
    if (readsInput(programs, name)) machine.floats(`in:${name}`).set(values);
  };
  const { step, ...others } = updateInputs(update);
  if (readsInput(programs, "step")) machine.integers("in:step").set(step);
  for (const [name, values] of Object.entries(others)) write(name, values);
  const out = (name: string): Vector => Float32Array.from(machine.floats(`out:${name}`));
  const rowsOf = (values: Vector, count: number): readonly Vector[] =>
    Array.from({ length: count }, (_, row) => {
      const width = values.length / units;
      return values.slice(row * width, (row + 1) * width);
    });
  const oneHotRows = (indices: readonly number[], width: number): Vector => {
    const hot = new Float32Array(units * width);
    indices.forEach((index, row) => hot[row * width + index] = 1);
    return hot;
  };
  const repeated = (values: Vector): Vector => {
    const all = new Float32Array(units * values.length);
    for (let row = 0; row < units; row++) all.set(values, row * values.length);
    return all;
  };
  return {
    network,
    rows,
    pass(values, label) {
      write("sample", values);
      machine.integers("in:label")[0] = label;
      machine.run("pass");
      const norm = (name: string) => Math.sqrt(out(name)[0]);
      return {
        logits: out("logits"),
        probabilities: out("probabilities"),
        loss: out("loss")[0],
        lossAfter: out("lossAfter")[0],
        ...(firstRead === undefined ? {} : { hidden: { first: out("first"), last: out("last") } }),
        gradients: network.layers.map(({ name, parameters }) => {
          const squares = parameters.map((each) => out(`square.${name}.${each.name}`)[0]);
          const sum = squares.reduce((all, square) => all + square, 0);
          return {
            layer: name,
            ...(squares.length === 0 ? {} : { parameters: Math.sqrt(sum) }),
            input: norm(`input.${name}`),
          };
        }),
      };
    },
    logitGradients(values, each) {
      write("sample", values);
      write("weights", each);
      machine.run("slope");
      return {
        logits: out("outputs"),
        features: out("slope"),
        moved: out("moved"),
        ...(hiddenSlope === undefined ? {} : { hidden: out("hiddenSlope") }),
      };
    },
    unitGradients(values, indices) {
      write("several", repeated(values));
      write("chosen", oneHotRows(indices, fieldWidth));
      machine.run("fields");
      return rowsOf(out("fields"), indices.length);
    },
    hiddenGradients(values, classes) {
      write("hidden", repeated(values));
      write("classes", oneHotRows(classes, network.outputs));
      machine.run("into");
      return rowsOf(out("into"), classes.length);
    },
    logitsOf(values) {
      write("many", values);
      machine.run("many");
      return out("many");
    },
  };
}
