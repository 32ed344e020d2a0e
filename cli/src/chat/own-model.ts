import { fetchedModel, LIMITS, type OwnModel } from "@openmates-share/client";
import { UsageError } from "../usage-error.ts";

export interface OwnModelFlags {
  readonly model?: string;
  readonly modelUrl?: string;
  readonly answerOthers?: boolean;
}

/** The key of one's own model; never an argument, which every process of the machine can read. */
export const MODEL_KEY = "OMSHARE_MODEL_KEY";

/** A model of one's own in the place of the server's; null where none is named. @throws UsageError */
export function ownModelFrom(flags: OwnModelFlags, env: Readonly<Record<string, string | undefined>>): OwnModel | null {
  const { model, modelUrl, answerOthers = false } = flags;
  if (model === undefined && modelUrl === undefined) {
    if (answerOthers) throw new UsageError("--answer-others needs a model of your own: --model and --model-url.");
    return null;
  }
  if (!model || !modelUrl) throw new UsageError("A model of your own needs both --model and --model-url.");
  if (model.length > LIMITS.modelName)
    throw new UsageError(`A model's name has at most ${LIMITS.modelName} characters.`);
  const address = modelUrl.replace(/\/+$/, "");
  if (!/^https?:$/.test(protocolOf(address)))
    throw new UsageError("--model-url is an address that begins with http(s)://.");
  return fetchedModel({ address, model, key: env[MODEL_KEY] || null });
}

function protocolOf(address: string): string {
  return URL.canParse(address) ? new URL(address).protocol : "";
}
