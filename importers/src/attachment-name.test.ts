import { describe, expect, it } from "vitest";
import { attachmentNames, embeddedAttachment, embeddedType, fileId } from "./attachment-name.ts";

describe("the name of an attachment", () => {
  it.each([
    ["file-service://file-AbC123", "file-AbC123"],
    ["sediment://file_00ab?shared_conversation_id=5d2f", "file_00ab"],
    ["sediment://9f1c#file_00ab#p_0.jpg", "file_00ab"],
    ["file-AbC123", "file-AbC123"],
    ["https://a.example/b.png", null],
    ["", null],
  ])("in the pointer %j is %j", (pointer, id) => {
    expect(fileId(pointer)).toBe(id);
  });

  it.each([
    ["file-AbC123-holiday.png", "file-AbC123"],
    ["dalle-generations/file-AbC123-0f3c.webp", "file-AbC123"],
    ["5d2f/audio/file_00ab-77.wav", "file_00ab"],
    ["file-AbC123.dat", "file-AbC123"],
    ["images/a.png", "a.png"],
    ["images/a.png", "images/a.png"],
  ])("of the entry %j can be %j", (path, name) => {
    expect(attachmentNames(path)).toContain(name);
  });

  it("can be an address that holds the bytes", async () => {
    const source = "data:image/PNG;base64,AAEC";
    expect(embeddedType(source)).toBe("image/png");
    const blob = embeddedAttachment(source);
    expect(blob?.type).toBe("image/png");
    expect([...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer())]).toEqual([0, 1, 2]);
  });

  it.each(["file-AbC123", "data:", "data:text/plain,a", "data:image/png;base64,*", "DATA"])(
    "%j holds none",
    (source) => {
      expect(embeddedAttachment(source)).toBeNull();
    },
  );
});
