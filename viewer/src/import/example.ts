import { type Conversation, type ConversationMessage, textParts } from "@openmates-share/client";

/** For who wants to see what sharing is like before bringing anything in. It has something to mask, too. */
export function exampleConversation(): Conversation {
  return {
    title: "Example: a team day in May",
    messages: [
      said("user", QUESTION),
      said("assistant", PLACES),
      said("user", "The lake it is. Who owes what, if two of us only come for lunch? Lunch is 22 € each."),
      said("assistant", BILL),
    ],
  };
}

function said(role: ConversationMessage["role"], text: string): ConversationMessage {
  return { role, name: "", parts: textParts(text), time: null, model: null };
}

const QUESTION = `We are 14 people in Berlin and want one day out in May, at most 60 € each, train included. Where to?

Ada books the train: ada@example.org, +1 202 555 0142.`;

const PLACES = `Three places that fit, cheapest first:

| Where | Train | What to do | Each |
|---|---|---|---:|
| Wannsee | 35 min | lake, boats, barbecue | 38 € |
| Spreewald | 70 min | canoes through the forest | 52 € |
| Sanssouci, Potsdam | 40 min | palaces, long lunch | 57 € |

**I would take the lake**: it works in rain, too, and leaves $14 \\times (60 - 38) = 308$ € for cake.

- [x] Barbecue can be booked until the Friday before
- [ ] Ask who does not eat meat`;

const BILL = `Those two pay for lunch and nothing else; the others share the rest.

\`\`\`python
people, day, lunch = 14, 38, 22
short = 2

total = people * day
rest = total - short * lunch
print(f"{rest / (people - short):.2f} € each, {lunch} € for the two at lunch")
\`\`\`

That prints \`40.67 € each, 22 € for the two at lunch\`.`;
