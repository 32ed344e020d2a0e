/** The body, if it has that many bytes; one that goes on is not read further. @throws TypeError */
export async function readExactly(response: Response, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    if (at + next.value.length > length) {
      await reader?.cancel();
      throw new TypeError("the answer is longer than it should be");
    }
    bytes.set(next.value, at);
    at += next.value.length;
  }
  if (at < length) throw new TypeError("the answer is cut short");
  return bytes;
}
