export * from "./database.ts";
export { migrate } from "./migrate.ts";
