export * from "./database.ts";
export { migrate } from "./migrate.ts";
export { runPrepared } from "./prepared.ts";
