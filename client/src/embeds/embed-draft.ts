import { EMBED_TYPES, type EmbedType } from "@openmates-share/protocol/wire";

/** What a file is shown as, by its media type and, where that says little, by the end of its name. */
export function embedTypeOf({ name, mediaType }: { name: string; mediaType: string }): EmbedType {
  const [type = ""] = mediaType.toLowerCase().split(";");
  const [kind = "", sort = ""] = type.trim().split("/");
  if (kind === "image" || kind === "video" || kind === "audio") return kind;
  if (sort === "pdf") return "pdf";
  if (SHEETS.test(sort) || /\.(csv|tsv|xlsx?|ods)$/i.test(name)) return "sheet";
  if (sort === "markdown" || /\.(md|markdown)$/i.test(name)) return "document";
  if (CODE.test(name)) return "code";
  return "file";
}

const SHEETS = /^(csv|tab-separated-values|vnd\.ms-excel|vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet)$/;
const CODE =
  /\.(c|cc|cpp|cs|css|go|h|hpp|html?|java|jsx?|json|kt|lua|m|mjs|php|pl|py|r|rb|rs|scala|sh|sql|swift|toml|tsx?|vue|xml|ya?ml|zig)$/i;

export function isEmbedType(type: string): type is EmbedType {
  return (EMBED_TYPES as readonly string[]).includes(type);
}
