import { column, divergingImage, document, type Image, imageSheet, label } from "deno-plot-svg";

/** Many small images as one: grey, turned over in the dark; and on both sides of zero. */
export function draw(): string {
  const values = (image: number) =>
    Array.from({ length: 16 }, (_, index) => (index * (image + 3)) % 16);
  const grey = Array.from({ length: 7 }, (_, image): Image => {
    const pixels = Uint8Array.from(values(image), (value) => value * 17);
    return { width: 4, height: 4, channels: 1, pixels };
  });
  const signed = Array.from({ length: 7 }, (_, image) => {
    const centred = values(image).map((value) => value - 8);
    return divergingImage({ width: 4, height: 4, values: centred }, 8);
  });
  const sheet = (images: readonly Image[], name: string) =>
    column([label(name), imageSheet({ images, columns: 4, scale: 8, name })], { gap: 4 });
  return document(column([sheet(grey, "grey"), sheet(signed, "signed")], { gap: 16 }), {
    title: "Sheets",
    description: "Seven grey images, and seven of numbers on both sides of zero",
  });
}
