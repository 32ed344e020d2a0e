-- Where the bot is installed: its tokens, sealed. An organisation's installation stands under the organisation's id.
CREATE TABLE "bot_installations" (
    "id" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "refreshing_until" TIMESTAMPTZ(3),
    "installed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bot_installations_pkey" PRIMARY KEY ("id")
);

-- Installations under way: the hash of what the installer's browser brings back, once.
CREATE TABLE "bot_install_states" (
    "hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bot_install_states_pkey" PRIMARY KEY ("hash")
);

CREATE INDEX "bot_install_states_expires_at_idx" ON "bot_install_states"("expires_at");

-- Events taken, by Slack's ids: each is handled once, whichever node gets it, however often Slack sends it.
CREATE TABLE "bot_events" (
    "event_id" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bot_events_pkey" PRIMARY KEY ("event_id")
);

CREATE INDEX "bot_events_seen_at_idx" ON "bot_events"("seen_at");

-- Work that somebody waits for: when the node that does it dies, another one tells them, or does it. Sealed.
CREATE TABLE "bot_jobs" (
    "id" UUID NOT NULL,
    "team_id" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "leased_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bot_jobs_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "bot_jobs_leased_until_idx" ON "bot_jobs"("leased_until");
