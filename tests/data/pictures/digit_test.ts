/** Pictures of a digit in the form of MNIST. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { extractDigit } from "../../../lib/data/pictures/digit.ts";
import type { GreyImage } from "../../../lib/data/pictures/size.ts";
import { computeMoments } from "../../../lib/data/prepare/image.ts";

const FIELD = { height: 28, width: 28 };

/** A rectangle in a picture. */
function drawn(
  { height, width }: { readonly height: number; readonly width: number },
  [paper, ink]: readonly [number, number],
  [top, left, bottom, right]: readonly [number, number, number, number],
): GreyImage {
  const values = new Uint8Array(height * width).fill(paper);
  for (let row = top; row < bottom; row++) {
    values.fill(ink, row * width + left, row * width + right);
  }
  return { height, width, values };
}

Deno.test("a digit is scaled to 20 pixels with its proportions kept, and centred by its centre of mass", () => {
  const { values } = extractDigit(
    drawn({ height: 90, width: 60 }, [255, 0], [10, 5, 70, 35]),
    FIELD,
    "a",
  );
  const rows = Array.from({ length: 28 }, (_, row) => values.subarray(row * 28, row * 28 + 28));
  const filled = rows.filter((row) => row.some((value) => value > 0));
  assertEquals(filled.length, 20);
  assert(filled.every((row) => row.filter((value) => value === 255).length === 10));
  const { mass, x, y } = computeMoments(values, FIELD);
  assertEquals([Math.round(x / mass - 14), Math.round(y / mass - 14)].map(Math.abs), [0, 0]);
});

Deno.test("pixels that differ from the margin, darker or brighter, become bright on black", () => {
  const size = { height: 40, width: 40 };
  const box = [12, 14, 30, 20] as const;
  const expected = extractDigit(drawn(size, [0, 255], box), FIELD, "a").values;
  for (const pair of [[255, 0], [128, 10], [128, 250], [90, 60], [0, 40]] as const) {
    assertEquals(extractDigit(drawn(size, pair, box), FIELD, "a").values, expected);
  }
});

Deno.test("the position and size of a digit in the picture make no difference", () => {
  const one = extractDigit(drawn({ height: 56, width: 56 }, [255, 0], [8, 16, 48, 24]), FIELD, "a");
  const other = extractDigit(
    drawn({ height: 112, width: 140 }, [255, 0], [2, 100, 82, 116]),
    FIELD,
    "a",
  );
  assertEquals(one, other);
});

Deno.test("a picture without contrast is rejected", () => {
  const blank = drawn({ height: 9, width: 9 }, [200, 190], [3, 3, 5, 5]);
  const error = assertThrows(() => extractDigit(blank, FIELD, "blank.png"), RangeError);
  assertEquals(
    error.message,
    'Cannot read "blank.png": expected a digit that stands out from its background: received a ' +
      "picture whose greys differ by 10 of 255",
  );
});
