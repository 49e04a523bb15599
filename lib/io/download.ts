/**
 * Downloads of data files from mirrors. Every file is verified against its known length and SHA-256.
 *
 * @module
 */
import { concatenateBytes, readContent } from "../data/formats/content.ts";
import type { KnownFile } from "../data/datasets/source.ts";
import { type StoredFile, storedFileFromBytes } from "../data/formats/gzip.ts";
import { describeContent } from "../data/formats/sniff.ts";

/** Progress of a download. */
export interface DownloadProgress {
  /** Number of bytes of the compressed file received so far. */
  readonly received: number;
  /** Length of the compressed file in bytes, or undefined if the mirror does not state it. */
  readonly total: number | undefined;
  /** Host name of the mirror. */
  readonly host: string;
}

/** Options of {@linkcode downloadFile}. */
interface DownloadOptions {
  readonly fetch?: typeof fetch | undefined;
  /** Largest time to wait for the first or the next bytes of a mirror (ms). Defaults to 20,000. */
  readonly patience?: number | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** Default time to wait for the next bytes of a mirror (ms). */
const PATIENCE = 20_000;

const MOST_REDIRECTS = 5;

/** Largest number of bytes by which a compressed file may exceed its decompressed content. */
const GZIP_OVERHEAD = 65_536;

/** A request for one file to one mirror. */
interface MirrorRequest {
  readonly file: KnownFile;
  readonly url: URL;
  /** Host names of all mirrors. Redirects to other hosts are rejected. */
  readonly hosts: ReadonlySet<string>;
  readonly options: DownloadOptions;
}

/**
 * Downloads a file from the first mirror that returns the expected content, and decompresses it. The length
 * and SHA-256 of the content are verified.
 *
 * @param mirrors URLs of folders, with a slash at the end, to which the name of the file and ".gz" are
 *     appended
 * @throws {Error} if no mirror has the expected content. The message gives a reason for each mirror
 */
export async function downloadFile(
  file: KnownFile,
  mirrors: readonly string[],
  options: DownloadOptions = {},
): Promise<Uint8Array> {
  const urls = mirrors.map((mirror) => new URL(`${file.name}.gz`, mirror));
  const hosts = new Set(urls.map(({ host }) => host));
  const failures: Error[] = [];
  for (const url of urls) {
    try {
      const request = { file, url, hosts, options };
      return await decompressAndVerify(
        storedFileFromBytes(await receiveBody(request), url.href),
        file,
      );
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(`${error}`));
    }
  }
  const reasons = urls.map((url, i) => `\n  ${url.href}: ${failureReason(failures[i])}`);
  throw new Error(
    `Cannot download "${file.name}": none of ${urls.length} mirrors gives it:${reasons.join("")}`,
    { cause: new AggregateError(failures) },
  );
}

/**
 * Reads a file, decompresses it if it is compressed, and verifies the length and SHA-256 of its content.
 * Returns the content.
 *
 * @param stored the file on disk or from a mirror, compressed by gzip or not
 * @param file the expected length and SHA-256 of the decompressed content
 * @throws {RangeError} if the content has another length or SHA-256
 */
export async function decompressAndVerify(
  stored: StoredFile,
  file: KnownFile,
): Promise<Uint8Array> {
  const { bytes, sha256 } = await readContent(stored, 0, () => file.bytes);
  if (bytes.length !== file.bytes) {
    const received = `${bytes.length} bytes, ${describeContent(bytes)}`;
    throw new RangeError(
      `Cannot use "${stored.origin}": expected ${file.bytes} bytes of content: received ${received}`,
    );
  }
  if (sha256 !== file.sha256) {
    throw new RangeError(
      `Cannot use "${stored.origin}": expected content with the SHA-256 ${file.sha256}: ` +
        `received ${sha256}`,
    );
  }
  return bytes;
}

/**
 * Sends a request to a mirror, follows redirects, and returns the body of the response as it was sent.
 * Throws if the body is longer than the compressed file can be, or is not complete.
 */
async function receiveBody(request: MirrorRequest): Promise<Uint8Array<ArrayBuffer>> {
  const { options: { patience = PATIENCE, onProgress }, url, file } = request;
  using silence = startTimeout(patience);
  try {
    const response = await followRedirects(request, silence.signal);
    const total = bodyLength(response.headers);
    const limit = file.bytes + GZIP_OVERHEAD;
    const pieces: Uint8Array[] = [];
    let received = 0;
    for await (const piece of response.body ?? []) {
      silence.reset();
      received += piece.length;
      if (received > limit) {
        throw new RangeError(`expected at most ${limit} bytes: received more`);
      }
      pieces.push(piece);
      onProgress?.({ received, total, host: url.host });
    }
    if (total !== undefined && received !== total) {
      throw new RangeError(`expected ${total} bytes: the connection ended after ${received}`);
    }
    return concatenateBytes(pieces);
  } catch (error) {
    if (silence.signal.aborted) {
      throw new Error(`expected an answer within ${patience / 1000} s: received nothing new`);
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new Error(
        `this program was started without permission for the network: ` +
          `run it with --allow-net=${url.host}, or without downloads by --data-dir`,
        { cause: error },
      );
    }
    throw error;
  }
}

/**
 * Sends a request and follows redirects, but only to hosts of mirrors. Returns the response with status
 * 200. Throws if a response has another status and is not such a redirect, or if there are too many
 * redirects.
 */
async function followRedirects(
  { url, hosts, options: { fetch: get = fetch } }: MirrorRequest,
  signal: AbortSignal,
): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await get(at, { signal, redirect: "manual" });
    if (response.status === 200) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) {
      const status = `${response.status} ${response.statusText}`.trim();
      throw new Error(`expected status 200: received ${status}`);
    }
    at = new URL(location, at);
    if (!hosts.has(at.host)) {
      throw new Error(`expected no redirect to another host: received one to "${at.host}"`);
    }
  }
  throw new Error(`expected at most ${MOST_REDIRECTS} redirects: received more`);
}

/**
 * Returns the number of bytes that the body of a response will have. Returns undefined if the server does
 * not state it, or if `fetch` decompresses the body.
 */
function bodyLength(headers: Headers): number | undefined {
  const length = headers.get("content-length");
  return length === null || headers.has("content-encoding") ? undefined : Number(length);
}

/**
 * Starts a timeout. Returns its signal, which is aborted `patience` milliseconds after the start or the
 * last reset. Disposing of the timeout cancels it.
 */
function startTimeout(
  patience: number,
): Disposable & { readonly signal: AbortSignal; reset(): void } {
  const controller = new AbortController();
  const start = () => setTimeout(() => controller.abort(), patience);
  let timer = start();
  const stop = () => clearTimeout(timer);
  return {
    signal: controller.signal,
    reset() {
      stop();
      timer = start();
    },
    [Symbol.dispose]: stop,
  };
}

/**
 * Returns the reason for which a download failed, in plain words. If `fetch` failed, the reason is in the
 * cause of its error.
 */
function failureReason(error: Error | undefined): string {
  const cause = error?.message === "fetch failed" ? error.cause : undefined;
  if (!(cause instanceof Error)) return `${error?.message}`;
  const { message } = cause;
  if (message.includes("dns error")) return "no connection: its address cannot be looked up";
  return `no connection: ${message.replace(/^error sending request for url \(\S*\): /, "")}`;
}
