import * as v from "valibot";
import type { Block, Card } from "../slack/slack.ts";
import { section } from "./mrkdwn-text.ts";
import { type ShareForm, shareFormSchema } from "./share-form.ts";
import { type Origin, originSchema } from "./share-modal.ts";

/** The button that opens a form again as it was filled in. */
export const AGAIN_ACTION = "share_again";
/** Slack's limit for what a button carries. */
const VALUE_LIMIT = 2000;

const offerSchema = v.object({ form: shareFormSchema, origin: originSchema, passwordWanted: v.boolean() });
/** What is needed to try again. The password is not part of it. */
export type Offer = v.InferOutput<typeof offerSchema>;

/** @throws ValiError for a button that is not ours */
export function readOffer(value: string): Offer {
  return v.parse(v.pipe(v.string(), v.parseJson(), offerSchema), value);
}

/** Says what went wrong, and offers the form again: nothing that somebody filled in is lost. */
export function againOffer(
  sentence: string,
  offer: { form: ShareForm; origin: Origin; passwordWanted: boolean },
): Card {
  const value = JSON.stringify({ ...offer, origin: { ...offer.origin, responseUrl: null } });
  const button: Block[] =
    value.length > VALUE_LIMIT
      ? []
      : [
          {
            type: "actions",
            elements: [
              { type: "button", action_id: AGAIN_ACTION, text: { type: "plain_text", text: "Try again" }, value },
            ],
          },
        ];
  return { text: sentence, blocks: [section(sentence), ...button] };
}
