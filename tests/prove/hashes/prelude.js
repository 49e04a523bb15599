/**
 * What engines that are not in a browser lack of the web's interfaces, and older ones of the language, as
 * far as the program needs it. It stands before the bundle and defines only what is missing.
 */
(() => {
  const scope = globalThis;
  const define = (target, name, value) => {
    if (target[name] === undefined) {
      Object.defineProperty(target, name, { value, writable: true, configurable: true });
    }
  };
  define(scope, "atob", (text) => {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let [bits, count, binary] = [0, 0, ""];
    for (const letter of text.replace(/[\s=]/g, "")) {
      bits = (bits << 6 | letters.indexOf(letter)) & 0xffffff;
      count += 6;
      if (count >= 8) binary += String.fromCharCode(bits >> (count -= 8) & 255);
    }
    return binary;
  });
  define(
    scope,
    "TextEncoder",
    class {
      encode(text) {
        const binary = unescape(encodeURIComponent(text));
        return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
      }
    },
  );
  define(
    scope,
    "TextDecoder",
    class {
      constructor(label = "utf-8") {
        this.encoding = label;
      }
      decode(bytes) {
        const binary = String.fromCharCode(...bytes);
        return this.encoding === "latin1" ? binary : decodeURIComponent(escape(binary));
      }
    },
  );
  define(
    scope,
    "AbortController",
    class {
      signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
      abort() {
        this.signal.aborted = true;
      }
    },
  );
  const { prototype } = Array;
  define(prototype, "toSorted", function (compare) {
    return [...this].sort(compare);
  });
  define(prototype, "toReversed", function () {
    return [...this].reverse();
  });
  define(Map, "groupBy", (items, keyOf) => {
    const groups = new Map();
    for (const item of items) {
      const key = keyOf(item);
      groups.set(key, [...groups.get(key) ?? [], item]);
    }
    return groups;
  });
})();

/** SHA-256 (FIPS 180-4) in the place of Node's: checkpoints are read back only if their sum is right. */
// deno-lint-ignore no-unused-vars -- the bundle after this uses it
const nodeCrypto = (() => {
  // The first 32 bits of the fractions of the square and cube roots of the first primes
  const fraction = (root) => BigInt.asUintN(32, root);
  const roots = (prime, power) => {
    let [low, high] = [0n, 1n << 40n];
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** power <= prime << (32n * power)) low = middle;
      else high = middle;
    }
    return Number(fraction(low));
  };
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const start = primes.slice(0, 8).map((prime) => roots(BigInt(prime), 2n));
  const constants = primes.map((prime) => roots(BigInt(prime), 3n));
  const turn = (word, by) => word >>> by | word << (32 - by);

  function addBlock(sum, view, at) {
    const words = Array.from({ length: 16 }, (_, i) => view.getUint32(at + 4 * i));
    for (let i = 16; i < 64; i++) {
      const [x, y] = [words[i - 15], words[i - 2]];
      const left = turn(x, 7) ^ turn(x, 18) ^ x >>> 3;
      const right = turn(y, 17) ^ turn(y, 19) ^ y >>> 10;
      words.push(words[i - 16] + left + words[i - 7] + right | 0);
    }
    let [a, b, c, d, e, f, g, h] = sum;
    for (let i = 0; i < 64; i++) {
      const mixed = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const first = h + mixed + (e & f ^ ~e & g) + constants[i] + words[i] | 0;
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
      [a, b, c, d, e, f, g, h] = [first + second | 0, a, b, c, d + first | 0, e, f, g];
    }
    return [a, b, c, d, e, f, g, h].map((word, i) => word + sum[i] | 0);
  }

  function digestOf(pieces) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const bytes = new Uint8Array((length + 72) & ~63);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    bytes[length] = 128;
    const view = new DataView(bytes.buffer);
    view.setUint32(bytes.length - 4, 8 * length);
    let sum = start;
    for (let block = 0; block < bytes.length; block += 64) sum = addBlock(sum, view, block);
    return sum.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  return {
    createHash() {
      const pieces = [];
      const hash = {
        update(piece) {
          pieces.push(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
          return hash;
        },
        digest: () => digestOf(pieces),
      };
      return hash;
    },
  };
})();
