// Loaded for chats in which people talk to each other: it brings the reading of markdown along.
export { mentionsMate } from "@openmates-share/client";
