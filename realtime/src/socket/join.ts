import {
  type ChatId,
  type Joined,
  joinSchema,
  LIMITS,
  type LinkAccess,
  parseLinkBearer,
} from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import type { Access } from "../access/access.ts";
import { requireOwnSender } from "../access/sender-claim.ts";
import { chatNotFound, WireFailure } from "../http/failure.ts";
import type { EventHandler } from "./event-handler.ts";
import type { Line } from "./line.ts";
import type { SocketParts } from "./parts.ts";
import type { Seat } from "./seat.ts";
import { SEATS_PER_LINE, SOCKET_LIMITS } from "./socket-limits.ts";

type Join = v.InferOutput<typeof joinSchema>;

/** Comes into a chat: makes a member of whoever may be one, and answers with what the client has missed. */
export function joinHandler(parts: SocketParts): EventHandler<"join", Join> {
  return {
    event: "join",
    schema: joinSchema,
    limit: SOCKET_LIMITS.join,
    async handle(line, request) {
      const { chat, after } = request;
      requireFreeSeat(parts, line, chat);
      const link = linkOf(request);
      const { access } = await parts.turns.take({ line, chat }, () =>
        parts.watch.admit(
          () => admission(parts, line, { ...request, link }),
          (granted) => takeSeat(parts, line, { ...request, link, access: granted }),
        ),
      );
      // Read after the seat is taken: what comes in between arrives twice rather than never.
      const [page, shared] = await Promise.all([
        parts.arrivals.page({ chat, after, through: access.readThrough, limit: pageAfter(after) }),
        parts.arrivals.shared(chat),
      ]);
      const offeredTo = access.scope === "all" ? shared.offeredTo : null;
      return { role: access.role, page, ...shared, offeredTo, ...(await company(parts, chat, access)) };
    },
  };
}

/** How many messages come with the answer: to somebody new a screenful, like when a chat is opened; else what was missed. */
function pageAfter(after: number): number {
  return after === 0 ? LIMITS.firstPageMessages : LIMITS.pageMessages;
}

function requireFreeSeat({ seats }: SocketParts, line: Line, chat: ChatId): void {
  if (seats.of(line, chat) || seats.ofLine(line).length < SEATS_PER_LINE) return;
  throw new WireFailure("too_large", `One connection can be in ${SEATS_PER_LINE} chats at most.`);
}

/** @throws WireFailure `not_found`: a bearer that is none gets the answer that a wrong one gets (R6) */
function linkOf({ link }: Join): LinkAccess | null {
  if (link === null) return null;
  const parsed = parseLinkBearer(link);
  if (!parsed) throw chatNotFound();
  return parsed;
}

type Joining = Omit<Join, "link"> & { readonly link: LinkAccess | null };

async function admission(parts: SocketParts, line: Line, joining: Joining): Promise<Access> {
  const { gate, membership, mate } = parts;
  const { chat, sender, link, claim = null } = joining;
  const { account, tokenHash } = line.data;
  const access = await gate.check({ chat, account, link });
  const mayBecomeMember = access.role !== "reader" || access.linkMode === "collaborative";
  if (!sender || !account || !tokenHash || !mayBecomeMember) return access;
  if (sender === mate.sender) throw new WireFailure("forbidden", "You cannot write in this chat as this sender.");
  // Who is in has proved it before.
  if (access.role === "reader") requireOwnSender({ chat, session: tokenHash, sender, claim });
  if (!(await membership.join({ chat, account, link, sender, access }))) return access;
  return gate.check({ chat, account, link });
}

async function takeSeat(parts: SocketParts, line: Line, joining: Joining & { access: Access }): Promise<Seat> {
  const { chat, link, sender, access } = joining;
  const seat = { line, chat, link, sender: access.sender ? sender : null, access, checkedAt: Date.now() };
  await parts.rooms.enter(seat);
  return seat;
}

/** Who is here and what is being answered; readers of the shared part are not told. */
async function company(
  { rooms, arrivals, marks }: SocketParts,
  chat: ChatId,
  access: Access,
): Promise<Pick<Joined, "present" | "reads" | "asks">> {
  if (access.scope === "shared") return { present: [], reads: [], asks: [] };
  const [present, reads, asks] = await Promise.all([
    rooms.present(chat),
    marks.of(chat, access.sender),
    arrivals.asks(chat),
  ]);
  return { present, reads, asks };
}
