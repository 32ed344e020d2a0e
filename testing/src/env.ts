/** What the environment tells the tests' own set-up. */
export function readTestEnv(env: NodeJS.ProcessEnv = process.env) {
  return {
    /** An administrator's address of a PostgreSQL for the tests; null to start one. */
    databaseUrl: env.TEST_DATABASE_URL || null,
    /** Null for the one on the system. */
    chromiumPath: env.CHROMIUM_PATH || null,
  };
}
