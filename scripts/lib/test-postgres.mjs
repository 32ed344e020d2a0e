/** No test outlives its database, so nothing needs to survive a power cut; and many of them connect at once. */
export const TEST_SETTINGS = Object.freeze({
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "300",
});
