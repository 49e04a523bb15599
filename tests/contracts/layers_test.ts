import { assertEquals } from "@std/assert";
import { type Layer, type LayerContext, layers, type Tensors } from "../../lib/nn/mod.ts";
import { dot, input, key, reshape, type Shape, sizeOf } from "../../lib/tensor/mod.ts";
import { assertGradient } from "../nn/gradient.ts";
import { assertAgrees, computed } from "../engine/bits.ts";
import { assertWithinRunningError } from "../nn/running_error.ts";
import { deepFrozen, fingerprint, normalValues } from "../numbers.ts";
import { testEntries } from "./contract.ts";

/** Batch and width of an input. */
type Size = readonly [number, number];

interface Case {
  readonly options?: object;
  /** Hash of what the layer computes from fixed numbers. */
  readonly golden: string;
  /** Inputs that it is tested with, {@linkcode SIZES} if not given. */
  readonly sizes?: readonly Size[];
}

/** One, several, and more than a vector register holds. */
const SIZES: readonly Size[] = [[1, 1], [3, 2], [2, 5]];

/** Options and committed hash of each tested layer. */
const CASES: Readonly<Record<typeof layers.names[number], readonly Case[]>> = {
  dense: [{
    options: { units: 4 },
    golden: "eaf99813ee9f37b6848ebdc68116c2e1526f00a3fce9bc98147a97be0930ee95",
  }],
  relu: [{ golden: "8d60af30a81a0e8bdea9d80b37d687d74df3538f9e17b6667a61eb7187d16e8a" }],
  leakyRelu: [{
    options: { slope: 0.2 },
    golden: "d89f2ac75c3069c1bb6612cabe06430a5c5859f7cd530ce77ac4c85b9cbd1a0c",
  }],
  elu: [{
    options: { alpha: 0.7 },
    golden: "11748634d23ddb0abe0134d9264acb428987e1cea6df348d16dd25c5ed3d2bea",
  }],
  gelu: [{ golden: "5064e2a973ce6fbb39aa8d568b3c40af1f0cc28c719b7b386222a2c7d002e6cb" }, {
    options: { approximate: "tanh" },
    golden: "33e5f22c2f5218a5439798662f5518df404963ea9ce61c27d9e8e4070a040867",
  }],
  silu: [{ golden: "e48f52570d32aa9f140374e1ee0e44a48117d24b453b30dff641682cbb024e1c" }],
  tanh: [{ golden: "de5f61c21b2911091f52cd7796f564f9c70fed6b95ffd217182b346e5eb67ec2" }],
  sigmoid: [{ golden: "4f253df26f6707f9289bee0771eadf6f23ebd491655cec5d42336947106dcfe7" }],
  softplus: [{
    options: { beta: 1.5 },
    golden: "f121c66786f2647179c954629a4f96762fbd1285bf46e7e9c331e784f09d14cf",
  }],
  batchNorm: [{
    golden: "6088e122cb5b0e5049db062dc8b91a4b6e7b3234d6eadd1f9bae69ca7428ca9c",
    sizes: [[5, 2], [2, 3], [8, 5]],
  }],
  layerNorm: [{
    golden: "de2b8f44b4c24cf0672993f5e3dd0ff51e4fbd3a7261e2fec2a866c138c11fc8",
    sizes: [[1, 3], [3, 2], [2, 5]],
  }],
  dropout: [
    {
      options: { rate: 0.4 },
      golden: "f5c02e3ed8e744d22a29f1fc972867e32b6fd9cc8f611d1e676b7b6155dbe210",
    },
    {
      options: { rate: 0 },
      golden: "517648c8422a387c65637687f8df7ce06c954eba9d8ac11b137db3f508b00202",
    },
  ],
  gaussianNoise: [{
    options: { stddev: 0.3 },
    golden: "5f829e55b2540d054927f436bbe32cee1524da77b6a4073745e37b54f33b620e",
  }],
  maxout: [{
    options: { units: 3, pieces: 2 },
    golden: "f4dc4fe6bab4791a00819aaf28cb33e4e18c9b3de5669d918b4ee79280b4e5cb",
  }],
  residual: [
    {
      options: { layers: [{ name: "tanh" }, { name: "dropout", rate: 0.3 }] },
      golden: "4e2ab6da9c0c44e775c7060b2b874daf06d163cd090b6c206b4028f1114dad9c",
    },
    {
      options: {
        layers: [{ name: "dense", units: 3 }, { name: "batchNorm" }, { name: "silu" }, {
          name: "dense",
          units: 5,
        }],
      },
      golden: "4414c9c86d916b42ef3f389df25ac47aed9be91e665ba94ad46228fc76036287",
      sizes: [[2, 5], [6, 5]],
    },
  ],
};

testEntries(layers, {
  dropout: { rate: 0.5 },
  gaussianNoise: { stddev: 0.1 },
  residual: { layers: [{ name: "relu" }] },
});

for (const [name] of layers) {
  for (const given of CASES[name]) testLayer(name, given);
}

/** Registers the tests that every layer must pass. */
function testLayer(
  kind: typeof layers.names[number],
  { options = {}, golden, sizes = SIZES }: Case,
): void {
  const layer: Layer = layers.create(layers.schema.parse({ name: kind, ...options }));
  const name = [kind, ...Object.keys(options).length > 0 ? [JSON.stringify(options)] : []].join(
    " ",
  );

  /** Forward and backward in training, on named inputs: the parameters, "x" and "dy". */
  const both = ([batch, inputs]: Size) => {
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
        key: key(1, "layer", kind),
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
      ...layer.forward(params, x, context),
      ...layer.backward(params, x, dy, context),
    });
    return { shapes, args, dy, context, given, run };
  };

  Deno.test(`layer ${name} has its name in the config as kind`, () => {
    assertEquals(layer.kind, kind);
  });

  Deno.test(`layer ${name} has the category "weights" if it has any, and is noise only in training`, () => {
    const hasWeights = layer.parameters(5).some(({ role }) => role === "weight");
    if (hasWeights) assertEquals(layer.category, "weights");
    const x = input("x", [2, 5]);
    if (layer.category === "noise") {
      assertEquals(layer.forward({}, x, { state: {}, training: undefined }).y, x);
    }
  });

  for (const size of sizes) {
    Deno.test(`layer ${name} has the declared shapes for x [${size}]`, () => {
      const { shapes, args, run } = both(size);
      const { y, state, dx, grads } = run(args);
      assertEquals(y.shape, [size[0], layer.width(size[1])]);
      assertEquals(dx.shape, shapes.x);
      assertEquals(
        Object.entries(grads).map(([name, { shape }]) => ({ name, shape })),
        layer.parameters(size[1]).map(({ name, shape }) => ({ name, shape })),
      );
      assertEquals(
        Object.entries(state).map(([name, { shape }]) => ({ name, shape })),
        layer.state(size[1]).map(({ name, shape }) => ({ name, shape })),
      );
    });

    Deno.test(`layer ${name} has gradients that agree with central differences for x [${size}]`, () => {
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

  Deno.test(`layer ${name} compiled is as close to double precision as its roundings permit`, () => {
    const size = sizes.at(-1) ?? [1, 1];
    const { shapes, args, given, run } = both(size);
    const { y, dx, grads, state } = run(args);
    const single = (values: readonly number[]) => values.map(Math.fround);
    const inputs = {
      ...given,
      dy: single(given.dy),
      ...Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => [name, single(normalValues(name, shape))]),
      ),
    };
    const outputs = { y, dx, ...grads, ...state };
    assertAgrees({ outputs }, { inputs });
    const values = computed({ outputs }, { inputs });
    for (const [name, tensor] of Object.entries(outputs)) {
      assertWithinRunningError(name, tensor, { inputs }, values[`out:${name}`] ?? []);
    }
  });

  Deno.test(`layer ${name} does not change its inputs`, () => {
    const { args, dy, context, run } = both([2, 5]);
    deepFrozen([dy, context]);
    run(deepFrozen(args));
  });

  Deno.test(`layer ${name} computes the bits of its committed hash`, async () => {
    const { shapes, args, given, run } = both([2, 5]);
    const { y, dx, grads } = run(args);
    const values = Object.entries(shapes).map(([name, shape]) => [name, normalValues(name, shape)]);
    const bindings = { inputs: { ...given, ...Object.fromEntries(values) } };
    assertEquals(await fingerprint([y, dx, ...Object.values(grads)], bindings), golden);
  });
}
