/** No test outlives its database, so nothing needs to survive a power cut; and many of them connect at once. */
export const TEST_SETTINGS = Object.freeze({
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "300",
});

/** For what a test does to the database itself: it is to keep what an installation's keeps. */
export const DURABLE_SETTINGS = Object.freeze({ max_connections: "100" });
