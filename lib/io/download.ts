/**
 * Downloads of data files from mirrors, verified against known lengths and hashes.
 *
 * @module
 */
import { joinBytes, readContent } from "../data/formats/content.ts";
import type { KnownFile } from "../data/datasets/source.ts";
import { storedBytes, type StoredFile } from "../data/formats/gzip.ts";
import { describeContent } from "../data/formats/sniff.ts";

/** Progress of a download. */
export interface DownloadProgress {
  /** Bytes received. */
  readonly received: number;
  /** Total bytes, if the mirror states them. */
  readonly total: number | undefined;
  /** Host of the mirror. */
  readonly host: string;
}

interface DownloadOptions {
  readonly fetch?: typeof fetch | undefined;
  /** Longest wait for the first and for the next bytes of a mirror (ms). */
  readonly patience?: number | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** Default of `patience` (ms). */
const PATIENCE = 20_000;

const MOST_REDIRECTS = 5;

/** Bytes that gzip may add to content that it cannot compress. */
const GZIP_OVERHEAD = 65_536;

/** A download from one mirror. */
interface MirrorRequest {
  readonly file: KnownFile;
  readonly url: URL;
  /** Hosts of all mirrors, the only ones that a redirect may lead to. */
  readonly hosts: ReadonlySet<string>;
  readonly options: DownloadOptions;
}

/**
 * Downloads a file from the first mirror that has it, decompresses it, and verifies its length and
 * SHA-256.
 *
 * @param mirrors addresses to which the file's name and ".gz" are appended
 * @throws {Error} if no mirror gives the expected content; the message has the reason for each mirror
 */
export async function download(
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
      return await decompressVerified(storedBytes(await receiveBody(request), url.href), file);
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
 * Decompresses a file and verifies its length and SHA-256.
 *
 * @param stored the file, compressed by gzip or not
 * @throws {RangeError} if the content has another length or SHA-256
 */
export async function decompressVerified(stored: StoredFile, file: KnownFile): Promise<Uint8Array> {
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

/** Returns the body of a mirror's response, after redirects. */
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
    return joinBytes(pieces);
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

/** Returns the first response that is not a redirect. Follows redirects only to hosts of mirrors. */
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

/** Returns the length of a body in bytes, unless the server states none or fetch decompresses the body. */
function bodyLength(headers: Headers): number | undefined {
  const length = headers.get("content-length");
  return length === null || headers.has("content-encoding") ? undefined : Number(length);
}

/** Returns a signal that aborts `patience` milliseconds after its start or its last reset. */
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

/** Returns why a download failed. `fetch` puts the reason into the cause of its error. */
function failureReason(error: Error | undefined): string {
  const cause = error?.message === "fetch failed" ? error.cause : undefined;
  if (!(cause instanceof Error)) return `${error?.message}`;
  const { message } = cause;
  if (message.includes("dns error")) return "no connection: its address cannot be looked up";
  return `no connection: ${message.replace(/^error sending request for url \(\S*\): /, "")}`;
}
