-- The head after a message: what the heads before it came to, the first of them given, and what the message adds.
CREATE FUNCTION next_head(before bytea, first bytea, added bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN sha256(coalesce(before, first) || added);
END;
$$;

-- Heads of consecutive messages, as a window: chained_head(head of the chat, what each message adds).
CREATE AGGREGATE chained_head(first bytea, added bytea) (SFUNC = next_head, STYPE = bytea);

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
-- circle. They stay locked to the end of the transaction; that makes the numbers gapless. The second statement sees what
-- was committed until then, so what it finds about these chats' messages stays true.
DROP FUNCTION append_messages(bytea, bytea, bytea, bytea, int[], bytea);
CREATE FUNCTION append_messages(
    chat_ids bytea, ids bytea, senders bytea, accounts bytea, lengths int[], envelopes bytea, look boolean DEFAULT true
) RETURNS TABLE (ordinal int, outcome text, seq int, head bytea, stored_at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    mate CONSTANT bytea := '\x00000000000000000000000000000000';
    stored_now timestamptz(3);
BEGIN
    -- For a few messages the plan that was made before will do: to make one for them takes longer than to store them.
    PERFORM set_config('plan_cache_mode',
        CASE WHEN cardinality(lengths) <= 16 THEN 'force_generic_plan' ELSE 'auto' END, true);

    PERFORM FROM chats
    WHERE id IN (SELECT substring(chat_ids FROM 16 * i - 15 FOR 16) FROM generate_series(1, cardinality(lengths)) i)
    ORDER BY id FOR NO KEY UPDATE;
    stored_now := clock_timestamp();

    RETURN QUERY
    WITH item AS (
        SELECT i::int AS place,
               substring(chat_ids FROM (16 * i - 15)::int FOR 16) AS chat_id,
               substring(ids FROM (16 * i - 15)::int FOR 16) AS id,
               substring(senders FROM (16 * i - 15)::int FOR 16) AS sender,
               substring(accounts FROM (16 * i - 15)::int FOR 16) AS account,
               (sum(length) OVER (ORDER BY i) - length)::int AS start,
               length
        FROM unnest(lengths) WITH ORDINALITY AS row(length, i)
    ), parsed AS (
        SELECT item.*, chat.last_seq, chat.head AS chat_head,
               get_byte(envelopes, start + 1)::smallint AS kind,
               sha256(substring(envelopes FROM start + 1 FOR length)) AS digest,
               now.owns, now.closed, now.stale,
               known.seq AS known_seq, known.sender AS known_sender, known.digest AS known_digest,
               known.head AS known_head, known.stored_at AS known_stored_at
        FROM item
        LEFT JOIN chats chat ON chat.id = item.chat_id
        LEFT JOIN LATERAL (
            SELECT item.account = chat.owner_account AND item.sender = chat.owner_sender AS owns,
                   item.account <> mate AND chat.closed
                       AND NOT (item.account = chat.owner_account AND item.sender = chat.owner_sender) AS closed,
                   item.account <> mate AND chat.epoch <> (get_byte(envelopes, start + 2) << 24)
                       + (get_byte(envelopes, start + 3) << 16) + (get_byte(envelopes, start + 4) << 8)
                       + get_byte(envelopes, start + 5) AS stale
        ) now ON true
        LEFT JOIN LATERAL (
            SELECT seq, sender, digest, head, stored_at FROM messages
            WHERE chat_id = item.chat_id
              AND messages.id = CASE WHEN look OR now.closed OR now.stale THEN item.id END
        ) known ON true
    ), judged AS MATERIALIZED (
        SELECT place, chat_id, id, sender, start, length, kind, digest, last_seq, chat_head,
               known_seq, known_head, known_stored_at,
               CASE
                   WHEN last_seq IS NULL THEN 'missing'
                   WHEN NOT CASE
                       WHEN account = mate THEN kind = 2
                       WHEN kind NOT IN (1, 5) THEN false
                       ELSE owns OR EXISTS (
                           SELECT FROM members
                           JOIN links ON links.chat_id = members.chat_id AND links.id = members.link_id
                           WHERE members.chat_id = parsed.chat_id AND members.account_id = parsed.account
                             AND members.sender = parsed.sender AND members.removed_at IS NULL
                             AND links.mode = 'collaborative' AND links.revoked_at IS NULL
                             AND (links.expires_at IS NULL OR links.expires_at > stored_now)
                       )
                   END THEN 'forbidden'
                   -- Known whatever has happened since: its answer was lost, and it is asked for again.
                   WHEN known_seq IS NOT NULL THEN
                       CASE WHEN known_sender = sender AND known_digest = digest THEN 'known' ELSE 'conflict' END
                   WHEN closed THEN 'closed'
                   WHEN stale THEN 'stale'
                   ELSE 'stored'
               END AS outcome
        FROM parsed
    ), numbered AS MATERIALIZED (
        SELECT place, chat_id, id, sender, start, length, kind, digest, outcome, known_seq, known_head, known_stored_at,
               last_seq + (count(*) FILTER (WHERE outcome = 'stored') OVER handed_in)::int AS new_seq,
               -- An amendment's kind is part of the head: nobody can pass it over unnoticed.
               chained_head(chat_head, id || digest || CASE WHEN kind = 5 THEN '\x05'::bytea ELSE ''::bytea END)
                   FILTER (WHERE outcome = 'stored') OVER handed_in AS new_head
        FROM judged
        WINDOW handed_in AS (PARTITION BY chat_id ORDER BY place ROWS UNBOUNDED PRECEDING)
    ), added AS (
        INSERT INTO messages (chat_id, seq, id, sender, kind, digest, envelope, head, stored_at)
        SELECT chat_id, new_seq, id, sender, kind, digest, substring(envelopes FROM start + 1 FOR length), new_head, stored_now
        FROM numbered WHERE outcome = 'stored'
    ), moved AS (
        UPDATE chats SET last_seq = newest.new_seq, head = newest.new_head
        FROM (
            SELECT DISTINCT ON (chat_id) chat_id, new_seq, new_head FROM numbered
            WHERE outcome = 'stored' ORDER BY chat_id, new_seq DESC
        ) newest
        WHERE chats.id = newest.chat_id
    )
    SELECT place - 1, outcome,
           CASE outcome WHEN 'stored' THEN new_seq WHEN 'known' THEN known_seq END,
           CASE outcome WHEN 'stored' THEN new_head WHEN 'known' THEN known_head END,
           CASE outcome WHEN 'stored' THEN stored_now WHEN 'known' THEN known_stored_at END
    FROM numbered;
END;
$$;
