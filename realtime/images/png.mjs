import { deflateSync } from "node:zlib";

/** A PNG without alpha, each line under the filter that leaves the least (PNG specification, section 12.8). */
export function encodePng({ width, height, rgba }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // Eight bits, red green blue.
  const lines = Array.from({ length: height }, (_, y) => opaqueLine(rgba, { width, y }));
  const filtered = lines.map((line, y) => bestFilter(line, lines[y - 1] ?? Buffer.alloc(line.length)));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(filtered), { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const CHANNELS = 3;

function opaqueLine(rgba, { width, y }) {
  const line = Buffer.alloc(width * CHANNELS);
  for (let x = 0; x < width; x++) {
    const at = (y * width + x) * 4;
    rgba.copy(line, x * CHANNELS, at, at + CHANNELS);
  }
  return line;
}

const FILTERS = [
  () => 0,
  (left) => left,
  (_left, up) => up,
  (left, up) => (left + up) >> 1,
  (left, up, corner) => {
    const guess = left + up - corner;
    const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
    if (a <= b && a <= c) return left;
    return b <= c ? up : corner;
  },
];

function bestFilter(line, above) {
  const tried = FILTERS.map((predict, type) => {
    const out = Buffer.alloc(line.length + 1);
    out[0] = type;
    let sum = 0;
    for (let i = 0; i < line.length; i++) {
      const left = line[i - CHANNELS] ?? 0;
      const value = (line[i] - predict(left, above[i], above[i - CHANNELS] ?? 0)) & 0xff;
      out[i + 1] = value;
      sum += value < 128 ? value : 256 - value;
    }
    return { out, sum };
  });
  return tried.reduce((best, next) => (next.sum < best.sum ? next : best)).out;
}

const CRC_TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "ascii"), data]);
  const crc = body.reduce((sum, byte) => CRC_TABLE[(sum ^ byte) & 0xff] ^ (sum >>> 8), 0xffffffff);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4);
  return out;
}
