import { document, imageGrid, label } from "deno-plot-svg";

/** Images in rows: grey, turned over in the dark; in colour; a frame where there is none. */
export function draw(): string {
  const grey = Uint8Array.from({ length: 16 }, (_, index) => index * 17);
  const colour = Uint8Array.from({ length: 48 }, (_, index) => (index * 53) % 256);
  const figure = imageGrid({
    width: 300,
    columns: 2,
    side: 64,
    tiles: [
      {
        name: "grey",
        image: { width: 4, height: 4, channels: 1, pixels: grey },
        caption: label("grey"),
      },
      {
        name: "colour",
        image: { width: 8, height: 2, channels: 3, pixels: colour },
        caption: label("colour"),
      },
      { name: "none", caption: label("none") },
    ],
  });
  return document(figure, {
    title: "Images",
    description: "A grey image, an image in colour and an empty frame",
  });
}
