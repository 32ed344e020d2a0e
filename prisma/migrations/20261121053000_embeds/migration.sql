-- CreateTable
CREATE TABLE "embeds" (
    "id" BYTEA NOT NULL,
    "owner_account" BYTEA NOT NULL,
    "chat_id" BYTEA,
    "size" INTEGER NOT NULL,
    "header" BYTEA,
    "preview" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "embeds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "embed_parts" (
    "embed_id" BYTEA NOT NULL,
    "index" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    "digest" BYTEA NOT NULL,

    CONSTRAINT "embed_parts_pkey" PRIMARY KEY ("embed_id","index")
);

-- CreateTable
CREATE TABLE "embed_links" (
    "embed_id" BYTEA NOT NULL,
    "id" BYTEA NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "wrapped" BYTEA,
    "label" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "views" INTEGER NOT NULL DEFAULT 0,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "embed_links_pkey" PRIMARY KEY ("embed_id","id")
);

-- CreateIndex
CREATE INDEX "embeds_owner_account_idx" ON "embeds"("owner_account");

-- CreateIndex
CREATE INDEX "embeds_chat_id_idx" ON "embeds"("chat_id");

-- AddForeignKey
ALTER TABLE "embeds" ADD CONSTRAINT "embeds_owner_account_fkey" FOREIGN KEY ("owner_account") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "embeds" ADD CONSTRAINT "embeds_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chats"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "embed_parts" ADD CONSTRAINT "embed_parts_embed_id_fkey" FOREIGN KEY ("embed_id") REFERENCES "embeds"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "embed_links" ADD CONSTRAINT "embed_links_embed_id_fkey" FOREIGN KEY ("embed_id") REFERENCES "embeds"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- From here on: what the schema file cannot say.

-- Ciphertext does not compress; stored as it is, a slice of it is read without the rest.
ALTER TABLE "embed_parts" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

-- The sweep looks for uploads that were never finished, of which there are few.
CREATE INDEX "embeds_unfinished_idx" ON "embeds"("created_at") WHERE "completed_at" IS NULL;
