-- AlterTable
ALTER TABLE "sessions" ADD COLUMN "id" BYTEA NOT NULL DEFAULT uuid_send(gen_random_uuid());
ALTER TABLE "sessions" ALTER COLUMN "id" DROP DEFAULT;
ALTER TABLE "sessions" ADD COLUMN "label" TEXT;

-- CreateTable
CREATE TABLE "identities" (
    "id" BYTEA NOT NULL,
    "account_id" BYTEA NOT NULL,
    "kind" TEXT NOT NULL,
    "lookup" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "identities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "codes" (
    "id" BYTEA NOT NULL,
    "purpose" TEXT NOT NULL,
    "lookup" BYTEA NOT NULL,
    "account_id" BYTEA,
    "code_hash" BYTEA NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "codes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "synced_keyrings" (
    "account_id" BYTEA NOT NULL,
    "version" INTEGER NOT NULL,
    "sealed" BYTEA NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "synced_keyrings_pkey" PRIMARY KEY ("account_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "sessions_id_key" ON "sessions"("id");

-- CreateIndex
CREATE INDEX "identities_account_id_idx" ON "identities"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "identities_kind_lookup_key" ON "identities"("kind", "lookup");

-- CreateIndex
CREATE INDEX "codes_expires_at_idx" ON "codes"("expires_at");

-- AddForeignKey
ALTER TABLE "identities" ADD CONSTRAINT "identities_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "codes" ADD CONSTRAINT "codes_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "synced_keyrings" ADD CONSTRAINT "synced_keyrings_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- From here on: what the schema file cannot say.

ALTER TABLE "identities" ADD CONSTRAINT "identities_kind_check" CHECK ("kind" IN ('email', 'google'));
ALTER TABLE "codes" ADD CONSTRAINT "codes_purpose_check" CHECK ("purpose" IN ('sign-in', 'add-address'));
