-- Makes accounts members of chats by links, all who come at once in one round trip, each as join_chat does. Row i is the
-- i-th 16 bytes of each; the i-th of the answers is what became of it. The chats are locked first, in the order of their
-- ids, so that nobody waits in a circle.
CREATE FUNCTION join_chats(chat_ids bytea, accounts bytea, senders bytea, links bytea, most int) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
    joined text[] := '{}';
    start int := 1;
BEGIN
    PERFORM FROM chats
    WHERE id IN (SELECT substring(chat_ids FROM place FOR 16) FROM generate_series(1, length(chat_ids), 16) place)
    ORDER BY id FOR NO KEY UPDATE;
    WHILE start < length(chat_ids) LOOP
        joined := joined || join_chat(
            substring(chat_ids FROM start FOR 16), substring(accounts FROM start FOR 16),
            substring(senders FROM start FOR 16), substring(links FROM start FOR 16), most);
        start := start + 16;
    END LOOP;
    RETURN joined;
END;
$$;
