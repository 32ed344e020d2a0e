import { BlobReader, BlobWriter, ZipWriter, type ZipWriterAddDataOptions } from "@zip.js/zip.js/lib/zip-core-native.js";

export interface ZippedFile {
  readonly name: string;
  readonly content: string | Uint8Array | Blob;
  readonly options?: ZipWriterAddDataOptions;
}

/** A zip archive with these files. */
export async function zipOf(files: readonly ZippedFile[]): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter("application/zip"), { useWebWorkers: false });
  for (const { name, content, options } of files) {
    const blob = content instanceof Blob ? content : new Blob([content as BlobPart]);
    await writer.add(name, new BlobReader(blob), options);
  }
  return writer.close();
}
