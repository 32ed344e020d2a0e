import { Buffer } from "node:buffer";
import type { Trace } from "@openmates-share/testing/leak-search";
import type { Page } from "playwright-core";

/** Everything that a page's origin keeps in the browser, as whoever copies the profile or runs a script in it would find it. */
export async function deviceDump(page: Page): Promise<Trace> {
  const pieces = await page.evaluate(async () => {
    const opened = (request: IDBOpenDBRequest | IDBRequest) =>
      new Promise<unknown>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const said: string[] = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
    const tell = (value: unknown): void => {
      if (value instanceof ArrayBuffer) tell(new Uint8Array(value));
      else if (ArrayBuffer.isView(value)) {
        said.push(
          Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), (b) =>
            String.fromCharCode(b),
          ).join(""),
        );
      } else if (typeof value === "object" && value !== null) {
        for (const [name, field] of Object.entries(value)) {
          said.push(name);
          tell(field);
        }
      } else said.push(String(value));
    };
    for (const { name } of await indexedDB.databases()) {
      const database = (await opened(indexedDB.open(name ?? ""))) as IDBDatabase;
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([opened(all.getAllKeys()), opened(all.getAll())]);
        tell(keys);
        tell(values);
      }
      database.close();
    }
    for (const cache of await caches.keys()) {
      for (const { url } of await (await caches.open(cache)).keys()) said.push(url);
    }
    return said;
  });
  // Bytes came as characters of their own value, and text as text.
  return { name: "the browser", bytes: Buffer.concat(pieces.flatMap((piece) => [latin1(piece), Buffer.from(piece)])) };
}

const latin1 = (text: string) => Buffer.from(text, "latin1");
