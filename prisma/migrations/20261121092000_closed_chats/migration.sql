-- A chat that its owner has closed to writing: everybody reads on, the owner alone writes.
ALTER TABLE "chats" ADD COLUMN "closed" BOOLEAN NOT NULL DEFAULT false;

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
--              kind is not its to write: content (1) and amendments (5) are for people, replies (2) are for the mate
--   closed     the owner has closed the chat to writing, and this is a member's. What is stored already is known, as ever
--   stale      it is a person's and not under the chat's epoch: access was taken away from somebody since. A reply may come
--              under an earlier one, that of its ask
--   missing    there is no such chat
--
-- Bytes are compared by their digest, for of a message that was erased nothing else is left.
--
-- A chat's row stays locked from its first message to the end of the statement; that makes its numbers gapless. Batches
-- lock chats in the order of their ids and so never wait for each other in a circle.
CREATE OR REPLACE FUNCTION append_messages(
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
    writer_owns boolean;
    message_envelope bytea;
    message_kind smallint;
    message_digest bytea;
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
        message_kind := get_byte(message_envelope, 1);
        IF item.account = mate THEN
            writer_account := item.account;
            writer_sender := item.sender;
            writer_owns := false;
            writer_allowed := message_kind = 2;
        ELSIF message_kind NOT IN (1, 5) THEN
            writer_account := NULL;
            writer_allowed := false;
        ELSIF writer_account IS DISTINCT FROM item.account OR writer_sender <> item.sender THEN
            writer_account := item.account;
            writer_sender := item.sender;
            writer_owns := item.account = chat.owner_account AND item.sender = chat.owner_sender;
            writer_allowed := writer_owns OR EXISTS (
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

        -- What is stored already is found below, whatever has happened since: its answer was lost, and it is asked for again.
        -- The chat's row is locked: what is not stored by the time the owner closes the chat never is.
        IF chat.closed AND NOT writer_owns AND item.account <> mate
           AND NOT EXISTS (SELECT FROM messages WHERE chat_id = chat.id AND id = item.id) THEN
            outcome := 'closed';
            RETURN NEXT;
            CONTINUE;
        END IF;
        IF item.account <> mate AND ('x' || encode(substring(message_envelope FROM 3 FOR 4), 'hex'))::bit(32)::int <> chat.epoch
           AND NOT EXISTS (SELECT FROM messages WHERE chat_id = chat.id AND id = item.id) THEN
            outcome := 'stale';
            RETURN NEXT;
            CONTINUE;
        END IF;

        message_digest := sha256(message_envelope);
        -- An amendment's kind is part of the head: nobody can pass it over unnoticed.
        message_head := sha256(chat.head || item.id || message_digest
            || CASE WHEN message_kind = 5 THEN '\x05'::bytea ELSE ''::bytea END);
        INSERT INTO messages (chat_id, seq, id, sender, kind, digest, envelope, head, stored_at)
        VALUES (chat.id, chat.last_seq + 1, item.id, item.sender, message_kind, message_digest, message_envelope, message_head, stored_now)
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
            IF known.sender = item.sender AND known.digest = message_digest THEN
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
