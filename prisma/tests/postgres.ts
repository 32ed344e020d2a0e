export { setup } from "../../e2e/src/postgres.ts";
