-- Who has had a chat, in signed words that the server only keeps; and an offer that nobody has accepted yet.
ALTER TABLE "chats" ADD COLUMN "successions" BYTEA,
ADD COLUMN "offer" BYTEA,
ADD COLUMN "bequest" BYTEA,
ADD COLUMN "offered_to" BYTEA,
ADD COLUMN "offered_link" BYTEA;
