import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { sha256 } from "../../lib/data/sha256.ts";
import { downloadFile, type DownloadProgress } from "../../lib/io/download.ts";
import { startMirror, startRaw } from "./server.ts";

const CONTENT = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
const PACKED = pack(CONTENT);
const FILE = { name: "digits", bytes: CONTENT.length, sha256: sha256(CONTENT) };
const HTML = "<!DOCTYPE html><title>Moved</title>";

function pack(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(content));
}

/** A response of bytes, in several pieces if wanted, with a pause before each but the first. */
function inPieces(pieces: readonly Uint8Array<ArrayBuffer>[], pause: number): Response {
  return new Response(
    new ReadableStream({
      async start(controller) {
        for (const [i, piece] of pieces.entries()) {
          if (i > 0) await new Promise((resolve) => setTimeout(resolve, pause));
          controller.enqueue(piece);
        }
        controller.close();
      },
    }),
  );
}

/** The message with which a download from one bad mirror fails. */
async function failure(answer: () => Response | Promise<Response>, patience?: number) {
  await using mirror = startMirror(answer);
  const error = await assertRejects(() => downloadFile(FILE, [mirror.url], { patience }), Error);
  assertStringIncludes(
    error.message,
    `Cannot download "digits": none of 1 mirrors gives it:\n  ${mirror.url}digits.gz: `,
  );
  return error.message;
}

Deno.test("downloadFile() returns the decompressed content and reports progress", async () => {
  await using mirror = startMirror(() => new Response(PACKED));
  const seen: DownloadProgress[] = [];
  const content = await downloadFile(FILE, [mirror.url], { onProgress: (at) => seen.push(at) });
  assertEquals(content, CONTENT);
  assertEquals(mirror.asked, ["/mirror/digits.gz"]);
  assertEquals(seen.at(-1), {
    received: PACKED.length,
    total: PACKED.length,
    host: new URL(mirror.url).host,
  });
});

Deno.test("downloadFile() accepts plain files, several gzip members, and decompression by the server", async () => {
  const members = [CONTENT.subarray(0, 10), CONTENT.subarray(10)].map((
    part,
  ) => [...gzipSync(part)]);
  const packings = [
    () => new Response(CONTENT),
    () => new Response(Uint8Array.from(members.flat())),
    () => new Response(PACKED, { headers: { "content-encoding": "gzip" } }),
    () => inPieces([PACKED.slice(0, 100), PACKED.slice(100)], 0), // of unknown length
  ];
  for (const answer of packings) {
    await using mirror = startMirror(answer);
    assertEquals(await downloadFile(FILE, [mirror.url]), CONTENT);
  }
});

Deno.test("downloadFile() tries the next mirror if one fails", async () => {
  await using first = startMirror(() => new Response("no", { status: 404 }));
  await using second = startMirror(() => new Response(HTML));
  await using third = startMirror(() => new Response(PACKED));
  assertEquals(await downloadFile(FILE, [first.url, second.url, third.url]), CONTENT);
  assertEquals([first, second, third].map(({ asked }) => asked.length), [1, 1, 1]);
});

Deno.test("downloadFile() gives the reason of failure for each mirror", async () => {
  await using first = startMirror(() => new Response("no", { status: 403 }));
  await using second = startMirror(() => new Response(HTML));
  const error = await assertRejects(() => downloadFile(FILE, [first.url, second.url]), Error);
  assertEquals(
    error.message,
    'Cannot download "digits": none of 2 mirrors gives it:\n' +
      `  ${first.url}digits.gz: expected status 200: received 403 Forbidden\n` +
      `  ${second.url}digits.gz: Cannot use "${second.url}digits.gz": expected 100000 bytes of ` +
      "content: received 35 bytes, an HTML page",
  );
});

Deno.test("downloadFile() rejects content with another SHA-256", async () => {
  const other = CONTENT.slice();
  other[5] = 99;
  assertStringIncludes(
    await failure(() => new Response(pack(other))),
    `expected content with the SHA-256 ${FILE.sha256}: received ${sha256(other)}`,
  );
});

Deno.test("downloadFile() rejects a truncated file, and one that is too long", async () => {
  assertStringIncludes(
    await failure(() => new Response(PACKED.slice(0, 500))),
    "received a file of 500 bytes that ends in the middle",
  );
  assertStringIncludes(
    await failure(() => new Response(pack(new Uint8Array(CONTENT.length + 1)))),
    "expected at most 100000 bytes of content: received more",
  );
  assertStringIncludes(
    await failure(() => inPieces(new Array(40).fill(CONTENT), 0)),
    "expected at most 165536 bytes: received more",
  );
});

Deno.test("downloadFile() gives up a mirror that is silent before or within its response", async () => {
  const never = Promise.withResolvers<Response>();
  assertStringIncludes(
    await failure(async () => {
      await Promise.race([never.promise, new Promise((resolve) => setTimeout(resolve, 300))]);
      return new Response("late");
    }, 100),
    "expected an answer within 0.1 s: received nothing new",
  );
  assertStringIncludes(
    await failure(() => inPieces([PACKED.slice(0, 100), PACKED.slice(100)], 300), 100),
    "expected an answer within 0.1 s: received nothing new",
  );
});

Deno.test("downloadFile() waits for a mirror that is slow but never silent for long", async () => {
  const pieces = Array.from(
    { length: 5 },
    (_, i) => PACKED.slice(i * 30, i < 4 ? i * 30 + 30 : undefined),
  );
  await using mirror = startMirror(() => inPieces(pieces, 60)); // 240 ms in all
  assertEquals(await downloadFile(FILE, [mirror.url], { patience: 150 }), CONTENT);
});

Deno.test("downloadFile() survives a server that fails midway, or does not exist", async () => {
  const header = "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n";
  await using dying = startRaw(`${header}only the beginning`);
  const gone = startMirror(() => new Response(PACKED));
  await gone[Symbol.asyncDispose]();
  await using good = startMirror(() => new Response(PACKED));
  assertEquals(await downloadFile(FILE, [dying.url, gone.url, good.url]), CONTENT);
  const { message } = await assertRejects(() => downloadFile(FILE, [dying.url, gone.url]), Error);
  assertStringIncludes(message, `${dying.url}digits.gz: error reading a body from connection`);
  assertStringIncludes(message, `${gone.url}digits.gz: no connection: `);
  assertStringIncludes(message, "Connection refused");
});

Deno.test("downloadFile() follows redirects among the mirrors' hosts only", async () => {
  await using target = startMirror(() => new Response(PACKED));
  await using sender = startMirror(() => Response.redirect(`${target.url}moved/digits.gz`));
  const error = await assertRejects(() => downloadFile(FILE, [sender.url]), Error);
  assertStringIncludes(
    error.message,
    `expected no redirect to another host: received one to "${new URL(target.url).host}"`,
  );
  assertEquals(target.asked, []);
  // where both are mirrors the same redirect is followed
  assertEquals(await downloadFile(FILE, [sender.url, `${target.url}unused/`]), CONTENT);
  assertEquals(target.asked, ["/mirror/moved/digits.gz"]);
});

Deno.test("downloadFile() follows relative redirects, up to a limit", async () => {
  await using once = startMirror((path) =>
    path.endsWith("/digits.gz")
      ? new Response(null, { status: 301, headers: { location: "there" } })
      : new Response(PACKED)
  );
  assertEquals(await downloadFile(FILE, [once.url]), CONTENT);
  assertEquals(once.asked, ["/mirror/digits.gz", "/mirror/there"]);
  const location = "digits.gz";
  assertStringIncludes(
    await failure(() => new Response(null, { status: 302, headers: { location } })),
    "expected at most 5 redirects: received more",
  );
});
