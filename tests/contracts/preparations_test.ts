import { assertEquals } from "@std/assert";
import { preparations } from "../../lib/data/prepare/mod.ts";
import { sha256 } from "../../lib/data/sha256.ts";
import { testEntries } from "./contract.ts";

const SIZE = { height: 9, width: 12 };

/** Hash of what becomes of {@link IMAGE}. */
const GOLDEN: Readonly<Record<typeof preparations.names[number], string>> = {
  deskew: "6bbeb2c22d6daf9706ad4c9955f435f960e41973383c67e94953f18c529ace34",
  center: "e6983518b0e074a1aedeb13173e2fa1eb19b5d6c77625adfe975138eaa12896d",
};

/** Two strokes, slanted and off the middle. */
const IMAGE = Uint8Array.from({ length: 9 * 12 }, (_, i) => {
  const [row, column] = [Math.floor(i / 12), i % 12];
  const distance = Math.abs(2 * column - row - 3);
  return row > 5 || distance > 4 ? 0 : 255 - 60 * distance + row;
});

testEntries(preparations);

for (const [name] of preparations) {
  const map = preparations.create(preparations.schema.parse({ name }))(SIZE);
  const prepared = (image: Uint8Array) => {
    const out = new Uint8Array(image.length).fill(77); // every pixel is written
    map(image, out);
    return out;
  };

  Deno.test(`preparation "${name}" changes an image with something to correct, and not its argument`, () => {
    const image = IMAGE.slice();
    const out = prepared(image);
    assertEquals(image, IMAGE);
    assertEquals(out.every((value, i) => value === IMAGE[i]), false);
    assertEquals(prepared(image), out);
  });

  Deno.test(`preparation "${name}" keeps an empty image empty, and accepts a single pixel or row`, () => {
    const empty = new Uint8Array(IMAGE.length);
    assertEquals(prepared(empty), empty);
    for (const { height, width } of [{ height: 1, width: 1 }, { height: 1, width: 5 }]) {
      const out = new Uint8Array(width);
      preparations.create(preparations.schema.parse({ name }))({ height, width })(
        new Uint8Array(width).fill(255),
        out,
      );
      assertEquals(out, new Uint8Array(width).fill(255));
    }
  });

  Deno.test(`preparation "${name}" gives the bytes of its committed hash`, () => {
    assertEquals(sha256(prepared(IMAGE)), GOLDEN[name]);
  });
}
