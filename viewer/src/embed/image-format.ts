/** Pictures that browsers draw and that can do nothing else; SVG is a document with scripts and is not among them. */
const FORMATS: readonly { readonly type: string; readonly is: (head: Uint8Array) => boolean }[] = [
  { type: "image/png", is: (head) => begins(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { type: "image/jpeg", is: (head) => begins(head, [0xff, 0xd8, 0xff]) },
  { type: "image/gif", is: (head) => /^GIF8[79]a/.test(ascii(head)) },
  { type: "image/webp", is: (head) => /^RIFF.{4}WEBP/s.test(ascii(head)) },
  { type: "image/avif", is: (head) => /^.{4}ftypavi[fs]/s.test(ascii(head)) },
  { type: "image/bmp", is: (head) => /^BM.{4}\0{4}/s.test(ascii(head)) },
];

/** Whether a picture is drawn: SVG and the like are called pictures and are documents; here they are files. */
export function isDrawn({ mediaType }: { readonly mediaType: string }): boolean {
  return !/svg|xml/i.test(mediaType);
}

/** What a picture is by its first bytes, whatever it claims to be; null for everything else. */
export function imageFormat(head: Uint8Array): string | null {
  return FORMATS.find(({ is }) => is(head))?.type ?? null;
}

/** The picture itself, as what it is. @throws TypeError for what is no picture */
export async function pictureOf(blob: Blob): Promise<Blob> {
  const type = imageFormat(new Uint8Array(await blob.slice(0, 16).arrayBuffer()));
  if (!type) throw new TypeError("not a picture");
  return blob.slice(0, blob.size, type);
}

/** Pixels of a picture that is at hand; null for what a browser cannot draw. */
export async function measure(blob: Blob): Promise<{ width: number; height: number } | null> {
  try {
    const bitmap = await createImageBitmap(await pictureOf(blob));
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  } catch {
    return null;
  }
}

function begins(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, at) => head[at] === byte);
}

function ascii(head: Uint8Array): string {
  return String.fromCharCode(...head.subarray(0, 16));
}
