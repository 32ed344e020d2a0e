-- Number of the amendment that took away the last message with it: once that is shared, the embed is erased.
ALTER TABLE "embeds" ADD COLUMN "erased_by" INTEGER;
