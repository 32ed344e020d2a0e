-- How far each of those who write in a chat has read: numbers alone. Beside members and chats, for these rows change at
-- every glance, and those are locked by whoever writes.
CREATE TABLE "read_marks" (
    "chat_id" BYTEA NOT NULL,
    "sender" BYTEA NOT NULL,
    "seq" INTEGER NOT NULL,

    CONSTRAINT "read_marks_pkey" PRIMARY KEY ("chat_id", "sender")
) WITH (fillfactor = 70);

ALTER TABLE "read_marks" ADD CONSTRAINT "read_marks_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chats"("id") ON DELETE CASCADE ON UPDATE CASCADE;
