-- Makes an account a member of a chat by a link, in one round trip: the chat's row is locked, so that two who come at once
-- see each other's senders and the limit, and a thousand who come at once must not wait for each other's network.
-- 'full' also where there is no such chat; 'taken' when the sender is somebody else's, or the account has another one.
CREATE FUNCTION join_chat(chat bytea, account bytea, new_sender bytea, link bytea, most int) RETURNS text
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
    ) THEN
        RETURN 'taken';
    END IF;
    INSERT INTO members (chat_id, account_id, sender, link_id) VALUES (chat, account, new_sender, link)
    ON CONFLICT (chat_id, account_id) DO UPDATE SET link_id = excluded.link_id, removed_at = NULL
    WHERE members.sender = excluded.sender;
    IF NOT FOUND THEN
        RETURN 'taken';
    END IF;
    -- A named link is for the account that opens it first.
    UPDATE links SET account_id = account
    WHERE chat_id = chat AND id = link AND audience = 'named' AND account_id IS NULL;
    RETURN 'in';
END;
$$;
