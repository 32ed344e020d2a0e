import type { OpenedEmbed } from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { sentenceOf } from "../app/problem.tsx";
import { pictureOf } from "./image-format.ts";

/** Whatever a picture's bytes come from. */
export type OpenPicture = (signal: AbortSignal) => Promise<Pick<OpenedEmbed, "blob">>;

export type Picture =
  | { readonly state: "waiting" }
  | { readonly state: "ready"; readonly url: string }
  | { readonly state: "problem"; readonly sentence: string };

const WAITING: Picture = { state: "waiting" };

/** Fetches and decrypts a picture while it is `wanted`, and lets go of it when it is not any more. */
export function usePicture(options: {
  wanted: boolean;
  open: OpenPicture;
  /** A new one tries again. */
  attempt: number;
}): Picture {
  const { wanted, open, attempt } = options;
  const [picture, setPicture] = useState<Picture>(WAITING);
  useEffect(() => {
    if (!wanted) return;
    const abort = new AbortController();
    let url: string | null = null;
    load(open, abort.signal)
      .then((blob) => {
        if (abort.signal.aborted) return;
        url = URL.createObjectURL(blob);
        setPicture({ state: "ready", url });
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setPicture({ state: "problem", sentence: sentenceOf(error) });
      });
    return () => {
      abort.abort();
      if (url) URL.revokeObjectURL(url);
      setPicture(WAITING);
    };
  }, [wanted, open, attempt]);
  return picture;
}

async function load(open: OpenPicture, signal: AbortSignal): Promise<Blob> {
  const embed = await open(signal);
  return pictureOf(await embed.blob({ signal }));
}
