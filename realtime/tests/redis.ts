export { startRedis, type TestRedis } from "@openmates-share/testing/redis";
