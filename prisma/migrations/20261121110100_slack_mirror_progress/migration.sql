-- How far a mirror has got on each side, why it pauses, and whether its chat has another owner.
ALTER TABLE "bot_mirrors"
  ADD COLUMN "chat_through" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "slack_through" TEXT,
  ADD COLUMN "paused" TEXT,
  ADD COLUMN "ceded" BOOLEAN NOT NULL DEFAULT false,
  DROP COLUMN "poked_at";

-- A message on its way into Slack is noted before it is there, and so is each of its files.
ALTER TABLE "bot_mirrored"
  ALTER COLUMN "ts" DROP NOT NULL,
  ADD COLUMN "files_left" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "upload" TEXT;
CREATE INDEX "bot_mirrored_team_id_channel_id_ts_idx" ON "bot_mirrored"("team_id", "channel_id", "ts");

-- Messages of mirrored threads that something has happened to.
CREATE TABLE "bot_touched" (
  "id" BIGSERIAL NOT NULL,
  "team_id" TEXT NOT NULL,
  "channel_id" TEXT NOT NULL,
  "thread_ts" TEXT NOT NULL,
  "ts" TEXT NOT NULL,
  CONSTRAINT "bot_touched_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "bot_touched_team_id_channel_id_thread_ts_idx" ON "bot_touched"("team_id", "channel_id", "thread_ts");
ALTER TABLE "bot_touched" ADD CONSTRAINT "bot_touched_mirror_fkey" FOREIGN KEY ("team_id", "channel_id", "thread_ts")
  REFERENCES "bot_mirrors"("team_id", "channel_id", "thread_ts") ON DELETE CASCADE ON UPDATE CASCADE;
