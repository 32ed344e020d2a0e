-- Appends one batch of messages, of any number of chats, in one round trip.
--
-- Row i of the batch is the i-th 16 bytes of chat_ids, ids, senders and accounts (an account of zeros is the mate), the
-- i-th of lengths, and that many bytes of envelopes. Packed this way because an array of bytea travels as text, escaped.
--
-- Hardly any message was stored before, so whoever appends may leave it unlooked for (look = false): a batch that has one
-- then fails as a whole, by the unique index (SQLSTATE 23505), and is to be tried again with look = true. The same becomes
-- of a batch that has one id of a chat twice; that has to be avoided. What would be refused as closed or stale is looked
-- for all the same, since it never meets the index.
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
-- All of the batch's chats are locked first, in the order of their ids, so that batches never wait for each other in a
-- circle. They stay locked to the end of the transaction; that makes the numbers gapless. The statements that follow see
-- what was committed until then, so what they find about these chats' members and messages stays true.
--
-- For one message, to make plans and to start large ones takes several times as long as to store it: hence few and small
-- statements, and numbers and heads counted by hand. Their plans are made once, when the tables may be as good as empty,
-- and have to do when they are large: so they go by the indexes, whatever the tables look like then.
CREATE OR REPLACE FUNCTION append_messages(
    chat_ids bytea, ids bytea, senders bytea, accounts bytea, lengths int[], envelopes bytea, look boolean DEFAULT true
) RETURNS TABLE (ordinal int, outcome text, seq int, head bytea, stored_at timestamptz)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    mate CONSTANT bytea := '\x00000000000000000000000000000000';
    size CONSTANT int := cardinality(lengths);
    stored_now timestamptz(3);
    -- The batch's chats as they were when they were locked: an array for each of their columns.
    held record;
    -- The same for what the batch makes of them.
    last_seqs int[];
    last_heads bytea[];
    -- For each message whether a member may write it; null until one is met that is neither the owner's nor the mate's.
    members_write boolean[];

    -- The message at hand, its chat's place in `held`, and how far that chat has come.
    item_chat bytea;
    item_id bytea;
    item_sender bytea;
    item_account bytea;
    item_kind int;
    item_start int := 0;
    item_digest bytea;
    by_mate boolean;
    by_owner boolean;
    chat int;
    chat_seq int;
    chat_head bytea;
    closed boolean;
    stale boolean;
    known record;

    -- Of each message to be stored; null at the places of the others.
    new_starts int[];
    new_seqs int[];
    new_digests bytea[];
    new_heads bytea[];
BEGIN
    SELECT array_agg(id) AS ids, array_agg(last_seq) AS last_seqs, array_agg(head) AS heads, array_agg(epoch) AS epochs,
           array_agg(closed) AS closed, array_agg(owner_account) AS accounts, array_agg(owner_sender) AS senders
    INTO held
    FROM (
        SELECT id, last_seq, head, epoch, closed, owner_account, owner_sender FROM chats
        WHERE id = ANY (ARRAY(SELECT substring(chat_ids FROM 16 * i - 15 FOR 16) FROM generate_series(1, size) i))
        ORDER BY id FOR NO KEY UPDATE
    ) locked;
    last_seqs := held.last_seqs;
    last_heads := held.heads;
    stored_now := clock_timestamp();

    FOR i IN 1 .. size LOOP
        IF item_chat IS DISTINCT FROM substring(chat_ids FROM 16 * i - 15 FOR 16) THEN
            item_chat := substring(chat_ids FROM 16 * i - 15 FOR 16);
            chat := array_position(held.ids, item_chat);
            chat_seq := last_seqs[chat];
            chat_head := last_heads[chat];
        END IF;
        item_id := substring(ids FROM 16 * i - 15 FOR 16);
        item_sender := substring(senders FROM 16 * i - 15 FOR 16);
        item_account := substring(accounts FROM 16 * i - 15 FOR 16);
        item_kind := get_byte(envelopes, item_start + 1);
        by_mate := item_account = mate;
        by_owner := item_account = held.accounts[chat] AND item_sender = held.senders[chat];

        IF chat IS NOT NULL AND NOT by_mate AND NOT by_owner AND members_write IS NULL THEN
            SELECT array_agg(EXISTS (
                SELECT FROM members
                JOIN links ON links.chat_id = members.chat_id AND links.id = members.link_id
                WHERE members.chat_id = substring(chat_ids FROM 16 * place - 15 FOR 16)
                  AND members.account_id = substring(accounts FROM 16 * place - 15 FOR 16)
                  AND members.sender = substring(senders FROM 16 * place - 15 FOR 16) AND members.removed_at IS NULL
                  AND links.mode = 'collaborative' AND links.revoked_at IS NULL
                  AND (links.expires_at IS NULL OR links.expires_at > stored_now)
            ) ORDER BY place) INTO members_write FROM generate_series(1, size) place;
        END IF;
        outcome := CASE
            WHEN chat IS NULL THEN 'missing'
            WHEN NOT CASE
                WHEN by_mate THEN item_kind = 2
                WHEN item_kind NOT IN (1, 5) THEN false
                ELSE by_owner OR members_write[i]
            END THEN 'forbidden'
            ELSE 'stored'
        END;

        IF outcome = 'stored' THEN
            item_digest := sha256(substring(envelopes FROM item_start + 1 FOR lengths[i]));
            closed := NOT by_mate AND NOT by_owner AND held.closed[chat];
            stale := NOT by_mate AND held.epochs[chat] <> (get_byte(envelopes, item_start + 2) << 24)
                + (get_byte(envelopes, item_start + 3) << 16) + (get_byte(envelopes, item_start + 4) << 8)
                + get_byte(envelopes, item_start + 5);
            IF look OR closed OR stale THEN
                SELECT messages.seq, messages.sender, messages.digest, messages.head, messages.stored_at INTO known
                FROM messages WHERE messages.chat_id = item_chat AND messages.id = item_id;
                outcome := CASE
                    -- Known whatever has happened since: its answer was lost, and it is asked for again.
                    WHEN FOUND THEN
                        CASE WHEN known.sender = item_sender AND known.digest = item_digest THEN 'known' ELSE 'conflict' END
                    WHEN closed THEN 'closed'
                    WHEN stale THEN 'stale'
                    ELSE 'stored'
                END;
            END IF;
        END IF;

        ordinal := i - 1;
        IF outcome = 'stored' THEN
            seq := chat_seq + 1;
            -- An amendment's kind is part of the head: nobody can pass it over unnoticed.
            head := sha256(chat_head || item_id || item_digest || CASE WHEN item_kind = 5 THEN '\x05'::bytea ELSE ''::bytea END);
            stored_at := stored_now;
            chat_seq := seq;
            chat_head := head;
            last_seqs[chat] := seq;
            last_heads[chat] := head;
            new_starts[i] := item_start;
            new_seqs[i] := seq;
            new_digests[i] := item_digest;
            new_heads[i] := head;
        ELSIF outcome = 'known' THEN
            seq := known.seq;
            head := known.head;
            stored_at := known.stored_at;
        ELSE
            seq := NULL;
            head := NULL;
            stored_at := NULL;
        END IF;
        RETURN NEXT;
        item_start := item_start + lengths[i];
    END LOOP;
    IF new_seqs IS NULL THEN
        RETURN;
    END IF;

    INSERT INTO messages (chat_id, seq, id, sender, kind, digest, envelope, head, stored_at)
    SELECT substring(chat_ids FROM 16 * i - 15 FOR 16), new_seqs[i], substring(ids FROM 16 * i - 15 FOR 16),
           substring(senders FROM 16 * i - 15 FOR 16), get_byte(envelopes, new_starts[i] + 1), new_digests[i],
           substring(envelopes FROM new_starts[i] + 1 FOR lengths[i]), new_heads[i], stored_now
    FROM generate_series(1, size) i WHERE new_seqs[i] IS NOT NULL;

    UPDATE chats SET last_seq = moved.seq, head = moved.head
    FROM unnest(held.ids, last_seqs, last_heads) AS moved(id, seq, head)
    WHERE chats.id = moved.id AND chats.last_seq <> moved.seq;
END;
$$;
