export { setup } from "../../testing/src/postgres.ts";
