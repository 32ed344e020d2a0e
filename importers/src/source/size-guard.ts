/** Fails a stream that gives more than `most` bytes: what an archive says about its sizes need not be true. */
export function guardedBySize(
  stream: ReadableStream<Uint8Array>,
  { most, error }: { most: number; error: () => Error },
): ReadableStream<Uint8Array> {
  let bytes = 0;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > most) throw error();
        controller.enqueue(chunk);
      },
    }),
  );
}
