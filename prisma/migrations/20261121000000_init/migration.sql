-- CreateEnum
CREATE TYPE "ask_state" AS ENUM ('running', 'answered', 'stopped', 'interrupted', 'failed');

-- CreateTable
CREATE TABLE "accounts" (
    "id" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "token_hash" BYTEA NOT NULL,
    "account_id" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "chats" (
    "id" BYTEA NOT NULL,
    "owner_account" BYTEA NOT NULL,
    "owner_sender" BYTEA NOT NULL,
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "head" BYTEA NOT NULL,
    "shared_through" INTEGER NOT NULL DEFAULT 0,
    "seal" BYTEA,
    "preview" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "chats_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "messages" (
    "chat_id" BYTEA NOT NULL,
    "seq" INTEGER NOT NULL,
    "id" BYTEA NOT NULL,
    "sender" BYTEA NOT NULL,
    "envelope" BYTEA NOT NULL,
    "head" BYTEA NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("chat_id","seq")
);

-- CreateTable
CREATE TABLE "links" (
    "chat_id" BYTEA NOT NULL,
    "id" BYTEA NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "mode" TEXT NOT NULL,
    "label" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "views" INTEGER NOT NULL DEFAULT 0,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "links_pkey" PRIMARY KEY ("chat_id","id")
);

-- CreateTable
CREATE TABLE "link_keys" (
    "chat_id" BYTEA NOT NULL,
    "link_id" BYTEA NOT NULL,
    "epoch" INTEGER NOT NULL,
    "wrapped" BYTEA NOT NULL,

    CONSTRAINT "link_keys_pkey" PRIMARY KEY ("chat_id","link_id","epoch")
);

-- CreateTable
CREATE TABLE "members" (
    "chat_id" BYTEA NOT NULL,
    "account_id" BYTEA NOT NULL,
    "sender" BYTEA NOT NULL,
    "link_id" BYTEA NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "members_pkey" PRIMARY KEY ("chat_id","account_id")
);

-- CreateTable
CREATE TABLE "asks" (
    "chat_id" BYTEA NOT NULL,
    "id" BYTEA NOT NULL,
    "message_id" BYTEA NOT NULL,
    "asker_account" BYTEA NOT NULL,
    "state" "ask_state" NOT NULL,
    "reason" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "stream_id" BYTEA NOT NULL,
    "wrapped_reply_key" BYTEA NOT NULL,
    "epoch" INTEGER NOT NULL,
    "node_id" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "asks_pkey" PRIMARY KEY ("chat_id","id")
);

-- CreateTable
CREATE TABLE "service_keys" (
    "name" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "service_keys_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "bot_secrets" (
    "team_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bot_secrets_pkey" PRIMARY KEY ("team_id","name")
);

-- CreateTable
CREATE TABLE "bot_shares" (
    "team_id" TEXT NOT NULL,
    "chat_id" BYTEA NOT NULL,
    "link_id" BYTEA NOT NULL,
    "user_id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "bot_shares_pkey" PRIMARY KEY ("team_id","chat_id","link_id")
);

-- CreateTable
CREATE TABLE "bot_unfurls" (
    "team_id" TEXT NOT NULL,
    "unfurl_id" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bot_unfurls_pkey" PRIMARY KEY ("team_id","unfurl_id")
);

-- CreateIndex
CREATE INDEX "sessions_account_id_idx" ON "sessions"("account_id");

-- CreateIndex
CREATE INDEX "chats_owner_account_idx" ON "chats"("owner_account");

-- CreateIndex
CREATE UNIQUE INDEX "messages_chat_id_id_key" ON "messages"("chat_id", "id");

-- CreateIndex
CREATE INDEX "members_account_id_idx" ON "members"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "members_chat_id_sender_key" ON "members"("chat_id", "sender");

-- CreateIndex
CREATE INDEX "asks_state_lease_until_idx" ON "asks"("state", "lease_until");

-- CreateIndex
CREATE INDEX "asks_asker_account_created_at_idx" ON "asks"("asker_account", "created_at");

-- CreateIndex
CREATE INDEX "asks_chat_id_state_idx" ON "asks"("chat_id", "state");

-- CreateIndex
CREATE INDEX "bot_shares_team_id_user_id_created_at_idx" ON "bot_shares"("team_id", "user_id", "created_at");

-- CreateIndex
CREATE INDEX "bot_unfurls_seen_at_idx" ON "bot_unfurls"("seen_at");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chats" ADD CONSTRAINT "chats_owner_account_fkey" FOREIGN KEY ("owner_account") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "links" ADD CONSTRAINT "links_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chats"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link_keys" ADD CONSTRAINT "link_keys_chat_id_link_id_fkey" FOREIGN KEY ("chat_id", "link_id") REFERENCES "links"("chat_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "members" ADD CONSTRAINT "members_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chats"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "members" ADD CONSTRAINT "members_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "members" ADD CONSTRAINT "members_chat_id_link_id_fkey" FOREIGN KEY ("chat_id", "link_id") REFERENCES "links"("chat_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "asks" ADD CONSTRAINT "asks_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chats"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- From here on: what the schema file cannot say.

ALTER TABLE "links" ADD CONSTRAINT "links_mode_check" CHECK ("mode" IN ('read-only', 'collaborative'));

-- Ciphertext does not compress; trying costs time for every large message.
ALTER TABLE "messages" ALTER COLUMN "envelope" SET STORAGE EXTERNAL;

-- Every append rewrites its chat's row; room on the page keeps that from touching the indexes.
ALTER TABLE "chats" SET (fillfactor = 70);

-- Appends one batch of messages, of any number of chats, in one round trip.
--
-- Row i of the batch is the i-th 16 bytes of chat_ids, ids, senders and accounts (an account of zeros is the mate), the
-- i-th of lengths, and that many bytes of envelopes. Packed this way because an array of bytea travels as text, escaped.
--
-- Every row is answered, in no order, with its ordinal (from 0) and an outcome:
--   stored     it is committed with this statement; seq, head and stored_at say where
--   known      the same bytes were stored under that id before; seq, head and stored_at say where
--   conflict   that id is taken by other bytes or another sender
--   forbidden  the account is neither the owner nor a member writing as that sender by a live collaborative link; or the
--              kind is not its to write: content (1) is for people, replies (2) are for the mate
--   missing    there is no such chat
--
-- A chat's row stays locked from its first message to the end of the statement; that makes its numbers gapless. Batches
-- lock chats in the order of their ids and so never wait for each other in a circle.
CREATE FUNCTION append_messages(
    chat_ids bytea, ids bytea, senders bytea, accounts bytea, lengths int[], envelopes bytea
) RETURNS TABLE (ordinal int, outcome text, seq int, head bytea, stored_at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    mate CONSTANT bytea := '\x00000000000000000000000000000000';
    item record;
    chat chats%ROWTYPE;
    current_chat bytea;
    first_seq int;
    writer_account bytea;
    writer_sender bytea;
    writer_allowed boolean;
    message_envelope bytea;
    message_head bytea;
    known messages%ROWTYPE;
    stored_now timestamptz(3);
BEGIN
    FOR item IN
        SELECT (i - 1)::int AS ordinal,
               substring(chat_ids FROM (16 * i - 15)::int FOR 16) AS chat_id,
               substring(ids FROM (16 * i - 15)::int FOR 16) AS id,
               substring(senders FROM (16 * i - 15)::int FOR 16) AS sender,
               substring(accounts FROM (16 * i - 15)::int FOR 16) AS account,
               (sum(length) OVER (ORDER BY i) - length + 1)::int AS start,
               length
        FROM unnest(lengths) WITH ORDINALITY AS row(length, i)
        ORDER BY 2, 1
    LOOP
        ordinal := item.ordinal;
        seq := NULL;
        head := NULL;
        stored_at := NULL;

        IF current_chat IS DISTINCT FROM item.chat_id THEN
            IF chat.id IS NOT NULL AND chat.last_seq > first_seq THEN
                UPDATE chats SET last_seq = chat.last_seq, head = chat.head WHERE id = chat.id;
            END IF;
            current_chat := item.chat_id;
            SELECT * INTO chat FROM chats WHERE id = item.chat_id FOR NO KEY UPDATE;
            first_seq := chat.last_seq;
            stored_now := clock_timestamp();
            writer_account := NULL;
        END IF;
        IF chat.id IS NULL THEN
            outcome := 'missing';
            RETURN NEXT;
            CONTINUE;
        END IF;

        message_envelope := substring(envelopes FROM item.start FOR item.length);
        IF item.account = mate THEN
            writer_account := item.account;
            writer_sender := item.sender;
            writer_allowed := get_byte(message_envelope, 1) = 2;
        ELSIF get_byte(message_envelope, 1) <> 1 THEN
            writer_account := NULL;
            writer_allowed := false;
        ELSIF writer_account IS DISTINCT FROM item.account OR writer_sender <> item.sender THEN
            writer_account := item.account;
            writer_sender := item.sender;
            writer_allowed := (item.account = chat.owner_account AND item.sender = chat.owner_sender) OR EXISTS (
                SELECT FROM members
                JOIN links ON links.chat_id = members.chat_id AND links.id = members.link_id
                WHERE members.chat_id = chat.id AND members.account_id = item.account
                  AND members.sender = item.sender AND members.removed_at IS NULL
                  AND links.mode = 'collaborative' AND links.revoked_at IS NULL
                  AND (links.expires_at IS NULL OR links.expires_at > stored_now)
            );
        END IF;
        IF NOT writer_allowed THEN
            outcome := 'forbidden';
            RETURN NEXT;
            CONTINUE;
        END IF;

        message_head := sha256(chat.head || item.id || sha256(message_envelope));
        INSERT INTO messages (chat_id, seq, id, sender, envelope, head, stored_at)
        VALUES (chat.id, chat.last_seq + 1, item.id, item.sender, message_envelope, message_head, stored_now)
        ON CONFLICT (chat_id, id) DO NOTHING;
        IF FOUND THEN
            chat.last_seq := chat.last_seq + 1;
            chat.head := message_head;
            outcome := 'stored';
            seq := chat.last_seq;
            head := message_head;
            stored_at := stored_now;
        ELSE
            SELECT * INTO STRICT known FROM messages WHERE chat_id = chat.id AND id = item.id;
            IF known.sender = item.sender AND known.envelope = message_envelope THEN
                outcome := 'known';
                seq := known.seq;
                head := known.head;
                stored_at := known.stored_at;
            ELSE
                outcome := 'conflict';
            END IF;
        END IF;
        RETURN NEXT;
    END LOOP;

    IF chat.id IS NOT NULL AND chat.last_seq > first_seq THEN
        UPDATE chats SET last_seq = chat.last_seq, head = chat.head WHERE id = chat.id;
    END IF;
END;
$$;
