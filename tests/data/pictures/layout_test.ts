/** Classes and splits of the pictures of a folder. */
import { assertEquals, assertThrows } from "@std/assert";
import { arrangePictures, type FolderEntry } from "../../../lib/data/pictures/layout.ts";

/** Returns the listing of a folder with some files; a path that ends with a slash is an empty folder. */
function listed(...paths: readonly string[]): readonly FolderEntry[] {
  const tree: FolderEntry[] = [];
  for (const path of paths) {
    let entries = tree;
    for (const [index, name] of path.split("/").entries()) {
      if (name === "") continue;
      const isFolder = index < path.split("/").length - 1;
      let found = entries.find((entry) => entry.name === name);
      if (found === undefined) entries.push(found = { name, ...(isFolder ? { entries: [] } : {}) });
      entries = found.entries as FolderEntry[] ?? [];
    }
  }
  return tree;
}

Deno.test("classes and files are sorted, whatever the order in which they are listed", () => {
  const { classes, train, test } = arrangePictures(
    listed(
      "dog/b.png",
      ".git/x",
      "cat/10.jpg",
      "cat/2.jpg",
      "cat/.DS_Store",
      "Thumbs.db",
      "dog/B.png",
    ),
    "pets",
  );
  assertEquals(classes, ["cat", "dog"]);
  assertEquals(test, undefined);
  assertEquals(train, [
    { path: "cat/10.jpg", label: 0 },
    { path: "cat/2.jpg", label: 0 },
    { path: "dog/B.png", label: 1 },
    { path: "dog/b.png", label: 1 },
  ]);
  assertEquals(arrangePictures(listed("10/a", "9/a", "-1/a"), "n").classes, ["-1", "9", "10"]);
});

Deno.test("train and test are splits, and a class may lack test pictures", () => {
  const { classes, train, test } = arrangePictures(
    listed("test/b/1.png", "train/b/2.png", "train/a/3.png"),
    "x",
  );
  assertEquals(classes, ["a", "b"]);
  assertEquals(train.map(({ path }) => path), ["train/a/3.png", "train/b/2.png"]);
  assertEquals(test, [{ path: "test/b/1.png", label: 1 }]);
  const given = arrangePictures(listed("a/1", "b/1"), "x", ["b", "a"]);
  assertEquals(given.train, [{ path: "b/1", label: 0 }, { path: "a/1", label: 1 }]);
});

Deno.test("a folder that is not a data set of pictures is rejected with the reason", () => {
  const cases: readonly (readonly [readonly FolderEntry[], string, (readonly string[])?])[] = [
    [listed(), '"x": expected 2 to 65536 folders, one for each class: received 0'],
    [listed("a/1.png"), '"x": expected 2 to 65536 folders, one for each class: received 1'],
    [
      listed("train/a/1.png"),
      '"x": expected 2 to 65536 folders in train/, one for each class: received 1',
    ],
    [listed("a/1.png", "b/"), '"x/b": expected pictures, PNG or JPEG: received none'],
    [
      listed("a/1.png", "b/c/1.png"),
      '"x/b": expected pictures, PNG or JPEG: received the folder "c"',
    ],
    [
      listed("a/1.png", "b/1.png", "c.png"),
      '"x": expected folders alone, one for each class: received the file "c.png"',
    ],
    [
      listed("train/a/1.png", "train/b/1.png", "cat/1.png"),
      '"x": expected nothing beside the folders train and test: received "cat"',
    ],
    [
      listed("train/cat/1.png", "train/dog/1.png", "test/cats/1.png"),
      '"x": expected folders of the 2 classes: received "test/cats": did you mean "cat"?',
    ],
    [
      listed("train/a/1", "train/b/1", "test/.keep"),
      '"x/test": expected folders of classes with pictures: received none',
    ],
    [listed("a/1.png", "b/1.png"), '"x/c": expected pictures, PNG or JPEG: received none', [
      "a",
      "b",
      "c",
    ]],
  ];
  for (const [entries, message, classes] of cases) {
    const error = assertThrows(() => arrangePictures(entries, "x", classes), RangeError);
    assertEquals(error.message, `Cannot read ${message}`);
  }
});
