import {
  ClientError,
  type FilePart,
  type ImagePart,
  type KeptChat,
  type Part,
  ProtocolError,
  partText,
  type SenderId,
} from "@openmates-share/client";
import { useEffect, useState } from "preact/hooks";
import { pictureOf } from "../embed/image-format.ts";
import { saveFile } from "../embed/save-file.ts";
import { Markdown } from "../markdown/markdown.tsx";

interface KeptPartProps {
  readonly part: Part;
  readonly breaks: boolean;
  readonly kept: KeptChat;
  readonly sender: SenderId;
}

/** One part of a message: everything but pictures and files is shown as its markdown. */
export function KeptPart({ part, breaks, kept, sender }: KeptPartProps) {
  if (part.type === "markdown") return <Markdown text={part.text} breaks={breaks} />;
  if (part.type !== "image" && part.type !== "file") return <Markdown text={partText(part)} />;
  if (!part.embed) return <p class="notice">{part.name}: not in what was imported</p>;
  const { embed } = part;
  const open = async () => (await kept.openEmbed({ ref: embed, chat: kept.room.chat, sender })).blob();
  const drawn = part.type === "image" && !/svg|xml/i.test(part.mediaType);
  return drawn ? <Picture part={part} open={open} /> : <File part={part} open={open} />;
}

interface Openable<T> {
  readonly part: T;
  readonly open: () => Promise<Blob>;
}

function Picture({ part, open }: Openable<ImagePart>) {
  const [url, setUrl] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    open()
      .then(pictureOf)
      .then((blob) => {
        made = URL.createObjectURL(blob);
        setUrl(made);
      })
      .catch((error: unknown) => setProblem(sentenceOf(error)));
    return () => {
      if (made) URL.revokeObjectURL(made);
    };
  }, []);
  if (problem) return <Problem name={part.name} sentence={problem} />;
  return url && <img class="kept-picture" src={url} alt={part.alt || part.name} />;
}

function File({ part, open }: Openable<FilePart | ImagePart>) {
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    try {
      saveFile(await open(), part.name);
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  };
  if (problem) return <Problem name={part.name} sentence={problem} />;
  return (
    <p>
      <button type="button" class="button" onClick={() => void save()}>
        Save {part.name}
      </button>
    </p>
  );
}

function Problem({ name, sentence }: { name: string; sentence: string }) {
  return (
    <p class="notice bad">
      <b dir="auto">{name}</b>: {sentence}
    </p>
  );
}

function sentenceOf(error: unknown): string {
  if (error instanceof ClientError || error instanceof ProtocolError) return error.message;
  return "This picture can’t be shown.";
}
