-- Who has written in a chat, is no member of it any more, and under which sender id: nobody else ever writes under that. The
-- server can't check signatures, so whoever took it over could erase what was written under it, and would be said to be here.
CREATE TABLE "former_senders" (
    "chat_id" BYTEA NOT NULL,
    "sender" BYTEA NOT NULL,
    -- Who may write under it again; null for nobody.
    "account_id" BYTEA,

    CONSTRAINT "former_senders_pkey" PRIMARY KEY ("chat_id", "sender")
);

CREATE INDEX "former_senders_account_id_idx" ON "former_senders"("account_id");

ALTER TABLE "former_senders" ADD CONSTRAINT "former_senders_chat_id_fkey"
    FOREIGN KEY ("chat_id") REFERENCES "chats"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "former_senders" ADD CONSTRAINT "former_senders_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- However a membership goes: somebody leaves, erases their account, or becomes somebody else by signing in. Nothing is kept
-- of one that goes with its chat.
CREATE FUNCTION keep_former_sender() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO former_senders (chat_id, sender, account_id)
    SELECT OLD.chat_id, OLD.sender, (SELECT id FROM accounts WHERE id = OLD.account_id)
    FROM chats WHERE chats.id = OLD.chat_id
    ON CONFLICT (chat_id, sender) DO UPDATE SET account_id = excluded.account_id;
    RETURN NULL;
END;
$$;

CREATE TRIGGER members_former_sender AFTER DELETE ON members
    FOR EACH ROW EXECUTE FUNCTION keep_former_sender();

-- As before; a sender is somebody else's also when they are no member any more. Who was removed does not come back by the
-- link they came by, also when they were removed while they came.
CREATE OR REPLACE FUNCTION join_chat(chat bytea, account bytea, new_sender bytea, link bytea, most int) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    owner bytea;
BEGIN
    SELECT owner_sender INTO owner FROM chats WHERE id = chat FOR NO KEY UPDATE;
    IF owner IS NULL OR (
        SELECT count(*) FROM members WHERE chat_id = chat AND removed_at IS NULL AND account_id <> account
    ) >= most THEN
        RETURN 'full';
    END IF;
    IF new_sender = owner OR EXISTS (
        SELECT FROM members WHERE chat_id = chat AND sender = new_sender AND account_id <> account
    ) OR EXISTS (
        SELECT FROM former_senders
        WHERE chat_id = chat AND sender = new_sender AND account_id IS DISTINCT FROM account
    ) THEN
        RETURN 'taken';
    END IF;
    INSERT INTO members (chat_id, account_id, sender, link_id) VALUES (chat, account, new_sender, link)
    ON CONFLICT (chat_id, account_id) DO UPDATE SET link_id = excluded.link_id, removed_at = NULL
    WHERE members.sender = excluded.sender AND (members.removed_at IS NULL OR members.link_id <> excluded.link_id);
    IF NOT FOUND THEN
        RETURN 'taken';
    END IF;
    -- A named link is for the account that opens it first.
    UPDATE links SET account_id = account
    WHERE chat_id = chat AND id = link AND audience = 'named' AND account_id IS NULL;
    RETURN 'in';
END;
$$;
