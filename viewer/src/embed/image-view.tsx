import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { Dialog } from "../app/dialog.tsx";
import { Icon } from "../app/icons.tsx";
import { safeFileName } from "./file-names.ts";
import { useNear } from "./use-near.ts";
import { type OpenPicture, usePicture } from "./use-picture.ts";

export interface ImageViewProps {
  readonly name: string;
  readonly alt: string;
  /** Pixels, where they are known: then nothing moves when it comes. */
  readonly width: number | null;
  readonly height: number | null;
  readonly open: OpenPicture;
  /** What can be done with it, upon the picture. */
  readonly children?: ComponentChildren;
}

/** A picture that is fetched and decrypted when it comes near the screen. */
export function ImageView({ name, alt, width, height, open, children }: ImageViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [attempt, setAttempt] = useState(0);
  const [broken, setBroken] = useState(false);
  const [large, setLarge] = useState(false);
  const picture = usePicture({ wanted: useNear(frame), open, attempt });
  const described = alt || safeFileName(name);
  const problem = picture.state === "problem" ? picture.sentence : broken ? "This picture can’t be shown." : null;
  return (
    <div
      ref={frame}
      class={width && height ? "embed-image" : "embed-image unmeasured"}
      style={frameStyle(width, height)}
    >
      {problem && (
        <div class="embed-image-problem">
          <p>
            <Icon name="image" /> <b dir="auto">{described}</b>
          </p>
          <p class="hint">{problem}</p>
          <button
            type="button"
            class="button small"
            onClick={() => {
              setBroken(false);
              setAttempt(attempt + 1);
            }}
          >
            Try again
          </button>
        </div>
      )}
      {!problem && picture.state === "waiting" && <span class="unseen">{`Loading the picture ${described}…`}</span>}
      {!problem && picture.state === "ready" && (
        <button
          type="button"
          class="embed-image-open"
          aria-label={`Show large: ${described}`}
          onClick={() => setLarge(true)}
        >
          <img
            src={picture.url}
            alt={described}
            width={width ?? undefined}
            height={height ?? undefined}
            decoding="async"
            onError={() => setBroken(true)}
          />
        </button>
      )}
      {children}
      {large && picture.state === "ready" && (
        <Dialog title={described} wide onClose={() => setLarge(false)}>
          <img class="embed-image-large" src={picture.url} alt={described} />
        </Dialog>
      )}
    </div>
  );
}

/** The place that the picture will take, so that what follows stays where it is. */
function frameStyle(width: number | null, height: number | null) {
  if (!width || !height) return { minHeight: "8rem" };
  return { aspectRatio: `${width} / ${height}`, width: `min(100%, ${width}px, calc(28rem * ${width / height}))` };
}
