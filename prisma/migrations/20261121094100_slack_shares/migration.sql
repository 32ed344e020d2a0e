-- What a later update of a share needs: which thread it was, and up to where it was taken; and its card in the channel.
ALTER TABLE "bot_shares" ADD COLUMN "thread_ts" TEXT;
ALTER TABLE "bot_shares" ADD COLUMN "last_ts" TEXT;
ALTER TABLE "bot_shares" ADD COLUMN "card_ts" TEXT;
ALTER TABLE "bot_shares" ADD COLUMN "collaborative" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "bot_shares" ADD COLUMN "with_files" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "bot_shares" ADD COLUMN "with_replies" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "bot_shares" ADD COLUMN "expires_at" TIMESTAMPTZ(3);

CREATE INDEX "bot_shares_team_id_chat_id_idx" ON "bot_shares"("team_id", "chat_id");

-- Cards under pasted links, to be kept true: where they are and what they said, without the links.
CREATE TABLE "bot_cards" (
    "team_id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "ts" TEXT NOT NULL,
    "thread_ts" TEXT,
    "subject" TEXT NOT NULL,
    "said" BYTEA NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "posted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bot_cards_pkey" PRIMARY KEY ("team_id", "channel_id", "ts", "subject")
);

CREATE INDEX "bot_cards_checked_at_idx" ON "bot_cards"("checked_at");
CREATE INDEX "bot_cards_team_id_subject_idx" ON "bot_cards"("team_id", "subject");
