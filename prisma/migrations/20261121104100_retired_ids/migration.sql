-- Ids of chats and embeds that had links and were deleted. Whoever still has such a link could make something else under its
-- id, with a link of the same key, and would show it to everybody else who has the link.
CREATE TABLE "retired_ids" (
    "id" BYTEA NOT NULL,

    CONSTRAINT "retired_ids_pkey" PRIMARY KEY ("id")
);

CREATE FUNCTION retire_chat() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM links WHERE chat_id = OLD.id) THEN
        INSERT INTO retired_ids (id) VALUES (OLD.id) ON CONFLICT DO NOTHING;
    END IF;
    RETURN OLD;
END;
$$;

-- In front of what the deletion takes along: the links are still there.
CREATE TRIGGER chats_retire BEFORE DELETE ON chats FOR EACH ROW EXECUTE FUNCTION retire_chat();

CREATE FUNCTION retire_embed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM embed_links WHERE embed_id = OLD.id) THEN
        INSERT INTO retired_ids (id) VALUES (OLD.id) ON CONFLICT DO NOTHING;
    END IF;
    RETURN OLD;
END;
$$;

CREATE TRIGGER embeds_retire BEFORE DELETE ON embeds FOR EACH ROW EXECUTE FUNCTION retire_embed();
