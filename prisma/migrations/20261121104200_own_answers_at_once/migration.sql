-- As before, but for how many are answered at once: members' own models and the mate don't wait for each other. An answer by a
-- member's own model costs the server nothing and lasts as long as that member likes: a few people could have kept the mate
-- from answering anybody.
CREATE OR REPLACE FUNCTION claim_ask(
    ask_chat bytea, ask_id bytea, ask_message bytea, asker bytea, stream bytea, wrapped bytea, ask_epoch int, node text,
    lease_ms int, most_attempts int, cost bigint, most_asks int[], most_tokens bigint[], most_at_once int[], own bytea
) RETURNS TABLE (outcome text, scope int, wait int, charged date, asks int[])
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    names CONSTANT text[] := ARRAY['person', 'chat', 'server'];
    subjects CONSTANT bytea[] := ARRAY[asker, ask_chat, ''::bytea];
    known asks%ROWTYPE;
    used_asks int[];
    used_tokens bigint[];
    running int[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('openmates-share asks'));
    charged := (now() AT TIME ZONE 'UTC')::date;
    SELECT array_agg(coalesce(u.asks, 0) ORDER BY i), array_agg(coalesce(u.tokens, 0) ORDER BY i)
    INTO used_asks, used_tokens
    FROM generate_series(1, 3) AS i
    LEFT JOIN ask_usage u ON u.day = charged AND u.scope = names[i] AND u.subject = subjects[i];
    asks := used_asks;

    SELECT * INTO known FROM asks a WHERE a.chat_id = ask_chat AND a.id = ask_id;
    IF (known.id IS NOT NULL AND (known.state NOT IN ('interrupted', 'failed') OR known.message_id <> ask_message
                                  OR known.attempt >= most_attempts))
       OR EXISTS (SELECT FROM messages m WHERE m.chat_id = ask_chat AND m.id = ask_id)
       OR NOT EXISTS (SELECT FROM chats c WHERE c.id = ask_chat AND (NOT c.closed OR c.owner_account = asker)) THEN
        outcome := 'taken';
        RETURN NEXT;
        RETURN;
    END IF;
    IF known.retry_at > now() THEN
        outcome := 'early';
        wait := ceil(extract(epoch FROM known.retry_at - now()));
        RETURN NEXT;
        RETURN;
    END IF;

    FOR i IN 1..3 LOOP
        IF used_asks[i] >= most_asks[i] OR used_tokens[i] >= most_tokens[i] THEN
            outcome := 'used_up';
            scope := i;
            wait := ceil(extract(epoch FROM (charged + 1)::timestamp - now() AT TIME ZONE 'UTC'));
            RETURN NEXT;
            RETURN;
        END IF;
    END LOOP;

    SELECT ARRAY[count(*) FILTER (WHERE a.asker_account = asker), count(*) FILTER (WHERE a.chat_id = ask_chat), count(*)]::int[]
    INTO running FROM asks a WHERE a.state = 'running' AND (a.own_sender IS NULL) = (own IS NULL);
    FOR i IN 1..3 LOOP
        IF running[i] >= most_at_once[i] THEN
            outcome := 'busy';
            scope := i;
            RETURN NEXT;
            RETURN;
        END IF;
    END LOOP;

    INSERT INTO asks AS a (chat_id, id, message_id, asker_account, state, attempt, stream_id, wrapped_reply_key, epoch, node_id,
                           lease_until, own_sender)
    VALUES (ask_chat, ask_id, ask_message, asker, 'running', 1, stream, wrapped, ask_epoch, node,
            now() + lease_ms * interval '1 millisecond', own)
    ON CONFLICT (chat_id, id) DO UPDATE
    SET state = 'running', reason = NULL, fault = NULL, retry_at = NULL, attempt = a.attempt + 1,
        asker_account = excluded.asker_account, stream_id = excluded.stream_id,
        wrapped_reply_key = excluded.wrapped_reply_key, epoch = excluded.epoch, node_id = excluded.node_id,
        lease_until = excluded.lease_until, own_sender = excluded.own_sender, started_at = now(), ended_at = NULL;

    IF own IS NOT NULL THEN
        outcome := 'claimed';
        RETURN NEXT;
        RETURN;
    END IF;
    INSERT INTO ask_usage AS u (day, scope, subject, asks, tokens)
    SELECT charged, names[i], subjects[i], 1, cost FROM generate_series(1, 3) AS i
    ON CONFLICT (day, scope, subject) DO UPDATE SET asks = u.asks + 1, tokens = u.tokens + excluded.tokens;
    -- The first ask of a day sweeps away what nobody is asked for any more.
    IF used_asks[3] = 0 THEN
        DELETE FROM ask_usage u WHERE u.day < charged - 1;
    END IF;
    outcome := 'claimed';
    asks := ARRAY[used_asks[1] + 1, used_asks[2] + 1, used_asks[3] + 1];
    RETURN NEXT;
END;
$$;
