import { describe, expect, it } from "vitest";
import { foremost, type News, notificationText } from "./notification-text.ts";

const news = (kind: News["kind"], id: string): News => ({ kind, id, who: "Ada", words: "the secret picnic" });

describe("what somebody is told of", () => {
  it("is a mention before a reply before all else, and of those the newest", () => {
    expect(foremost([])).toBeNull();
    expect(foremost([news("message", "1"), news("message", "2")])?.id).toBe("2");
    expect(foremost([news("reply", "1"), news("message", "2")])?.id).toBe("1");
    expect(foremost([news("mention", "1"), news("reply", "2"), news("mention", "3")])?.id).toBe("3");
  });
});

describe("a notification", () => {
  it("reveals nothing unless it was allowed to", () => {
    for (const kind of ["message", "reply", "mention"] as const) {
      const { title, body } = notificationText({ news: news(kind, "1"), count: 2, title: "Picnic", text: false });
      expect(`${title} ${body}`).not.toMatch(/Ada|picnic/i);
    }
  });

  it.each([
    ["message", 1, "New message"],
    ["message", 3, "3 new messages"],
    ["reply", 1, "Somebody replied to you"],
    ["mention", 2, "You were mentioned (2 new messages)"],
  ] as const)("of a %s among %i says %j", (kind, count, body) => {
    expect(notificationText({ news: news(kind, "1"), count, title: "Picnic", text: false }).body).toBe(body);
  });

  it("shows who and what to who wants that", () => {
    expect(notificationText({ news: news("mention", "1"), count: 1, title: "Picnic", text: true })).toEqual({
      title: "Ada mentioned you · Picnic",
      body: "the secret picnic",
    });
  });
});
