import { webApi } from "@slack/bolt";
import { expect, test } from "vitest";
import { Pace } from "./pace.ts";

/** Time that passes when somebody waits. */
function paced() {
  let now = 0;
  const waits: number[] = [];
  const pause = async (milliseconds: number) => {
    waits.push(milliseconds);
    now += milliseconds;
  };
  return { pace: new Pace({ now: () => now, pause }), waits };
}

const limited = (seconds: number) => new webApi.WebAPIRateLimitedError(seconds);

/** Fails with these, then succeeds. */
function failing(...failures: Error[]) {
  const left = [...failures];
  return async () => {
    const failure = left.shift();
    if (failure) throw failure;
    return "done";
  };
}

test("waits as long as Slack says, and asks again", async () => {
  const { pace, waits } = paced();
  expect(await pace.call("a", failing(limited(3), limited(1)))).toBe("done");
  expect(waits).toEqual([3000, 1000]);
});

test("holds back the method that Slack named, and no other", async () => {
  const { pace, waits } = paced();
  const refused = pace.call("a", failing(limited(600)));
  await expect(refused).rejects.toMatchObject({ code: "slack_busy", retryable: true });
  expect(await pace.call("b", failing())).toBe("done");
  expect(waits).toEqual([]);
  await expect(pace.call("a", failing())).rejects.toMatchObject({
    message: "Slack asks me to slow down. Please try again in 600 seconds.",
  });
  expect(await pace.call("a", failing(), { patience: 600_000 })).toBe("done");
  expect(waits).toEqual([600_000]);
});

test("hands other failures on at once", async () => {
  const { pace, waits } = paced();
  await expect(pace.call("a", failing(new Error("no")))).rejects.toThrow("no");
  expect(waits).toEqual([]);
});

test("stops waiting when its caller does", async () => {
  const ended = AbortSignal.abort();
  const call = new Pace().call("a", failing(limited(5)), { signal: ended });
  await expect(call).rejects.toMatchObject({ code: "slack_busy" });
});
