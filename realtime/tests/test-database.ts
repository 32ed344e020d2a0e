export { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
