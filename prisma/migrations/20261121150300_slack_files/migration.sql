-- Which of Slack's files is which embed of the chat, so that one that is deleted alone goes on both sides.
ALTER TABLE "bot_mirrored" ADD COLUMN "files" JSONB NOT NULL DEFAULT '[]';
CREATE INDEX "bot_mirrored_files_idx" ON "bot_mirrored" USING GIN ("files" jsonb_path_ops);
