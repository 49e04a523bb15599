import { assertEquals } from "@std/assert";
import { type Layer, type LayerContext, layers, type Tensors } from "../../lib/nn/mod.ts";
import { dot, input, key, reshape, type Shape, sizeOf, type Tensor } from "../../lib/tensor/mod.ts";
import { assertGradient } from "../nn/gradient.ts";
import { deepFrozen, fingerprint, normalValues } from "../numbers.ts";
import { testEntries } from "./contract.ts";

/** Options that each layer is tested with, and the hash of what it computes from fixed numbers. */
const CASES: Readonly<Record<typeof layers.names[number], { options: object; golden: string }>> = {
  dense: {
    options: { units: 4 },
    golden: "eaf99813ee9f37b6848ebdc68116c2e1526f00a3fce9bc98147a97be0930ee95",
  },
  relu: {
    options: {},
    golden: "8d60af30a81a0e8bdea9d80b37d687d74df3538f9e17b6667a61eb7187d16e8a",
  },
};

/** Batch and width of the input: one, several, and more than a vector register holds. */
const SIZES = [[1, 1], [3, 2], [2, 5]] as const;

testEntries(layers, { dense: { units: 4 } });

for (const [name] of layers) {
  const { options, golden } = CASES[name];
  const layer: Layer = layers.create(layers.schema.parse({ name, ...options }));

  /** Forward and backward in training, on named inputs: the parameters, "x" and "dy". */
  const both = ([batch, inputs]: readonly [number, number]) => {
    const shapes: Record<string, Shape> = { x: [batch, inputs] };
    for (const { name, shape } of layer.parameters(inputs)) shapes[name] = shape;
    const named = (of: Readonly<Record<string, Shape>>): Tensors =>
      Object.fromEntries(Object.entries(of).map(([name, shape]) => [name, input(name, shape)]));
    const args = named(shapes);
    const dy = input("dy", [batch, layer.width(inputs)]);
    const states = layer.state(inputs);
    const context: LayerContext = {
      state: named(Object.fromEntries(states.map(({ name, shape }) => [name, shape]))),
      training: {
        key: key(1, "layer", name),
        samples: input("samples", [batch], "integer"),
        step: input("step", [], "integer"),
      },
    };
    const given = {
      dy: normalValues("dy", dy.shape),
      samples: Array.from({ length: batch }, (_, index) => index),
      step: [1],
      ...Object.fromEntries(
        states.map(({ name, shape, first }) => [name, Array(sizeOf(shape)).fill(first)]),
      ),
    };
    const run = ({ x, ...params }: Tensors) => ({
      ...layer.forward(params, x as Tensor, context),
      ...layer.backward(params, x as Tensor, dy, context),
    });
    return { shapes, args, dy, context, given, run };
  };

  Deno.test(`layer "${name}" is called by its name in the config`, () => {
    assertEquals(layer.kind, name);
  });

  for (const size of SIZES) {
    Deno.test(`layer "${name}" gives the shapes it declares for x [${size}]`, () => {
      const { shapes, args, run } = both(size);
      const { y, state, dx, grads } = run(args);
      assertEquals(y.shape, [size[0], layer.width(size[1])]);
      assertEquals(dx.shape, shapes.x as Shape);
      assertEquals(
        Object.entries(grads).map(([name, { shape }]) => ({ name, shape })),
        layer.parameters(size[1]).map(({ name, shape }) => ({ name, shape })),
      );
      assertEquals(
        Object.entries(state).map(([name, { shape }]) => ({ name, shape })),
        layer.state(size[1]).map(({ name, shape }) => ({ name, shape })),
      );
    });

    Deno.test(`layer "${name}" has the gradients of central differences for x [${size}]`, () => {
      const { shapes, dy, given, run } = both(size);
      const outputs = sizeOf(dy.shape);
      assertGradient({
        value: (args) => dot(reshape(run(args).y, [outputs]), reshape(dy, [outputs])),
        gradients(args) {
          const { dx, grads } = run(args);
          return { x: dx, ...grads };
        },
        shapes,
        inputs: given,
      });
    });
  }

  Deno.test(`layer "${name}" leaves its inputs unchanged`, () => {
    const { args, dy, context, run } = both([2, 5]);
    deepFrozen([dy, context]);
    run(deepFrozen(args));
  });

  Deno.test(`layer "${name}" computes the same bits as ever`, async () => {
    const { shapes, args, given, run } = both([2, 5]);
    const { y, dx, grads } = run(args);
    const values = Object.entries(shapes).map(([name, shape]) => [name, normalValues(name, shape)]);
    const bindings = { inputs: { ...given, ...Object.fromEntries(values) } };
    assertEquals(await fingerprint([y, dx, ...Object.values(grads)], bindings), golden);
  });
}
