-- Threads of Slack that are mirrored to encrypted chats. One node at a time works on one; the others tell it by poked_at.
CREATE TABLE "bot_mirrors" (
    "team_id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "thread_ts" TEXT NOT NULL,
    "chat_id" BYTEA NOT NULL,
    "user_id" TEXT NOT NULL,
    "node" TEXT,
    "leased_until" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "poked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bot_mirrors_pkey" PRIMARY KEY ("team_id", "channel_id", "thread_ts")
);

CREATE INDEX "bot_mirrors_leased_until_idx" ON "bot_mirrors"("leased_until");

-- What is on both sides: which message is which, and a hash of what was last said of it.
CREATE TABLE "bot_mirrored" (
    "team_id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "thread_ts" TEXT NOT NULL,
    "message_id" BYTEA NOT NULL,
    "ts" TEXT NOT NULL,
    "from_slack" BOOLEAN NOT NULL,
    "said" BYTEA NOT NULL,

    CONSTRAINT "bot_mirrored_pkey" PRIMARY KEY ("team_id", "channel_id", "thread_ts", "message_id")
);

ALTER TABLE "bot_mirrored" ADD CONSTRAINT "bot_mirrored_mirror_fkey"
    FOREIGN KEY ("team_id", "channel_id", "thread_ts") REFERENCES "bot_mirrors"("team_id", "channel_id", "thread_ts")
    ON DELETE CASCADE ON UPDATE CASCADE;
