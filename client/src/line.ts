/** All that following chats needs and reading them does not: loaded together, once somebody follows one. */
export { Connection } from "./connection.ts";
export { Following } from "./following.ts";
