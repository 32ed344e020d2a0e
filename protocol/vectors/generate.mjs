/**
 * Makes the vectors, from SPEC.md alone and on node:crypto: nothing of `src` is used, so that a mistake there is not
 * repeated here. Everything is derived from fixed texts; running it twice gives the same bytes.
 *
 *   node vectors/generate.mjs           says which files differ and changes nothing (exit code 1 if one does)
 *   node vectors/generate.mjs --write   writes them; look at the diff: a changed vector is a changed protocol
 */
import { createCipheriv, createHash, createPrivateKey, createPublicKey, diffieHellman, hkdfSync, pbkdf2Sync, sign } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const label = (name) => Buffer.from(`openmates-share v1 ${name}\0`);
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
/** Fixed bytes for a name. */
const fixed = (name, length = 32) => sha256(Buffer.from(`vector ${name}`)).subarray(0, length);
const id = (name) => fixed(`id ${name}`, 16);
const text = (bytes) => bytes.toString("base64url");
const u32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const hkdf = (key, salt, info, length = 32, more = Buffer.alloc(0)) =>
  Buffer.from(hkdfSync("sha256", key, salt, Buffer.concat([label(info), more]), length));

function gcm(key, nonce, additionalData, plaintext) {
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(additionalData);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function identity(name) {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), fixed(`identity ${name}`)]);
  const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32);
  const sender = sha256(label("sender id"), publicKey).subarray(0, 16);
  return { pkcs8, publicKey, sender, sign: (data) => sign(null, data, privateKey) };
}

function padme(length, smallest) {
  if (length <= smallest) return smallest;
  const exponent = length.toString(2).length - 1;
  const significant = exponent.toString(2).length;
  const unit = 2 ** (exponent - significant);
  return Math.ceil(length / unit) * unit;
}

function pad(body, overhead, smallest) {
  const used = overhead + 4 + body.length;
  return Buffer.concat([u32(body.length), body, Buffer.alloc(padme(used, smallest) - used)]);
}

const flip = (bytes, at, mask = 1) => {
  const flipped = Buffer.from(bytes);
  flipped[at < 0 ? bytes.length + at : at] ^= mask;
  return flipped;
};

// --- Cast ---

const chat = id("chat");
const otherChat = id("other chat");
const chatKey = fixed("chat key");
const owner = identity("owner");
const writer = identity("writer");
const stranger = identity("stranger");
const service = identity("service");
const linkKey = fixed("link key");
const KIND = { content: 1, reply: 2, seal: 3, linkLabel: 4, amendment: 5 };

const header = (kind, epoch) => Buffer.concat([Buffer.from([1, kind]), u32(epoch)]);

/** An envelope by the rules, but for what `with` says differently. */
function envelope({ kind = KIND.content, epoch = 1, key, of, message, json, wrapped = Buffer.alloc(0), ...twist }) {
  const envelopeKey = key ?? hkdf(chatKey, chat, "envelope key");
  const place = Buffer.concat([label("envelope"), header(kind, epoch), twist.placeOf ?? chat, message, of.sender, wrapped]);
  const body = Buffer.isBuffer(json) ? json : Buffer.from(typeof json === "string" ? json : JSON.stringify(json));
  const signer = twist.signer ?? of;
  const signature = twist.signature ?? signer.sign(Buffer.concat([label("signature"), twist.signedPlace ?? place, body]));
  const publicKey = twist.publicKey ?? signer.publicKey;
  const plaintext = twist.plaintext ?? Buffer.concat([signature, publicKey, twist.padded ?? pad(body, 96, 256)]);
  const nonce = fixed(`nonce ${kind} ${body.toString("hex")} ${JSON.stringify(Object.keys(twist))} ${text(message)}`, 12);
  return Buffer.concat([header(kind, epoch), wrapped, nonce, gcm(envelopeKey, nonce, place, plaintext)]);
}

// --- Section 2: base64url and ids ---

const base64url = {
  valid: [
    { rule: "I1", name: "no bytes", text: "", hex: "" },
    { rule: "I1", name: "one byte", text: "_w", hex: "ff" },
    { rule: "I1", name: "two bytes", text: "__8", hex: "ffff" },
    { rule: "I1", name: "three bytes", text: "-_-_", hex: "fbffbf" },
    { rule: "I1", name: "every character", text: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", hex: Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", "base64url").toString("hex") },
  ],
  invalid: [
    { rule: "I1", name: "padding", text: "_w==", reason: "padding is not written" },
    { rule: "I1", name: "the other alphabet's plus", text: "+_-_", reason: "+ is of base64, not of base64url" },
    { rule: "I1", name: "the other alphabet's slash", text: "/_-_", reason: "/ is of base64, not of base64url" },
    { rule: "I1", name: "an impossible length", text: "AAAAA", reason: "five characters end within a byte" },
    { rule: "I1", name: "set bits behind the last byte", text: "_x", reason: "a second spelling of _w" },
    { rule: "I1", name: "set bits behind two bytes", text: "__9", reason: "a second spelling of __8" },
    { rule: "I1", name: "a line end", text: "_w\n", reason: "white space is no part of it" },
    { rule: "I1", name: "a letter of another script", text: "_а", reason: "the second letter is Cyrillic" },
  ],
};

const ids = {
  valid: [
    { rule: "I2", name: "zeros", text: "AAAAAAAAAAAAAAAAAAAAAA", hex: "00".repeat(16) },
    { rule: "I2", name: "ones", text: "_____________________w", hex: "ff".repeat(16) },
    { rule: "I2", name: "a chat", text: text(chat), hex: chat.toString("hex") },
  ],
  invalid: [
    { rule: "I2", name: "21 characters", text: "A".repeat(21), reason: "an id has 22 characters" },
    { rule: "I2", name: "23 characters", text: "A".repeat(23), reason: "an id has 22 characters" },
    { rule: "I2", name: "a second spelling", text: `${"A".repeat(21)}B`, reason: "set bits behind the last byte" },
    { rule: "I2", name: "hexadecimal", text: "00".repeat(16), reason: "ids are base64url" },
    { rule: "I2", name: "empty", text: "", reason: "an id has 22 characters" },
  ].map((vector) => ({ ...vector, error: "malformed" })),
};

const senders = {
  valid: [owner, writer, stranger, service].map(({ pkcs8, publicKey, sender }) => ({
    rule: "I3",
    name: "the sender id of a public key",
    privateKey: text(pkcs8),
    publicKey: text(publicKey),
    sender: text(sender),
  })),
  invalid: [
    { name: "halves of two keys", privateKey: owner.pkcs8, publicKey: writer.publicKey, reason: "the public key is another's" },
    { name: "no PKCS #8", privateKey: owner.pkcs8.subarray(1), publicKey: owner.publicKey, reason: "the first byte is missing" },
    { name: "a short public key", privateKey: owner.pkcs8, publicKey: owner.publicKey.subarray(1), reason: "31 bytes" },
  ].map(({ name, privateKey, publicKey, reason }) => ({
    rule: "I4",
    name,
    privateKey: text(privateKey),
    publicKey: text(publicKey),
    error: "malformed",
    reason,
  })),
};

// --- Section 7: who comes in under a sender id ---

const token = fixed("session");
const claimed = (subject, session) => Buffer.concat([label("sender claim"), subject, sha256(session)]);
const claimOf = (who, subject = chat, session = token) => Buffer.concat([who.publicKey, who.sign(claimed(subject, session))]);
/** The order of the group, least significant byte first: S + L solves the equation of Ed25519 as S does. */
const L = Buffer.from("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", "hex");
function plusOrder(claim) {
  const twin = Buffer.from(claim);
  let carry = 0;
  for (let at = 0; at < 32; at += 1) {
    carry += claim[64 + at] + L[at];
    twin[64 + at] = carry & 0xff;
    carry >>= 8;
  }
  return twin;
}

const senderClaims = {
  valid: [
    { name: "a member's", of: writer },
    { name: "the same person's in another chat", of: writer, subject: otherChat },
    { name: "the same person's by another session", of: writer, session: fixed("other session") },
    { name: "an owner's", of: owner },
  ].map(({ name, of, subject = chat, session = token }) => ({
    rule: "T92",
    name,
    privateKey: text(of.pkcs8),
    chat: text(subject),
    session: `oms_session_${text(session)}`,
    sender: text(of.sender),
    claim: text(claimOf(of, subject, session)),
  })),
  invalid: [
    { name: "made for another chat", claim: claimOf(writer, otherChat), reason: "the signature is over another chat's id" },
    { name: "made for another session", claim: claimOf(writer, chat, fixed("other session")), reason: "the signature is over another session" },
    { name: "somebody else's", claim: claimOf(stranger), reason: "the sender id is not that of the public key" },
    { name: "another's signature under the right key", claim: Buffer.concat([writer.publicKey, claimOf(stranger).subarray(32)]), reason: "signed with another key" },
    { name: "a bit of the public key", claim: flip(claimOf(writer), 0), reason: "the sender id is not that of the public key" },
    { name: "a bit of R", claim: flip(claimOf(writer), 32), reason: "the signature is altered" },
    { name: "a bit of S", claim: flip(claimOf(writer), 64), reason: "the signature is altered" },
    { name: "the last bit", claim: flip(claimOf(writer), -1, 0x80), reason: "the signature is altered" },
    { name: "S of a second spelling", claim: plusOrder(claimOf(writer)), reason: "S is not less than the order of the group" },
    { name: "signed as a message", claim: Buffer.concat([writer.publicKey, writer.sign(Buffer.concat([label("signature"), chat, sha256(token)]))]), reason: "another label" },
    { name: "the session itself", claim: Buffer.concat([writer.publicKey, writer.sign(Buffer.concat([label("sender claim"), chat, token]))]), reason: "the session is signed as its SHA-256" },
    { name: "nothing signed", claim: Buffer.concat([writer.publicKey, Buffer.alloc(64)]), reason: "no signature" },
  ].map(({ name, claim, reason }) => ({
    rule: "T92",
    name,
    chat: text(chat),
    session: `oms_session_${text(token)}`,
    sender: text(writer.sender),
    claim: text(claim),
    reason,
  })),
};

// --- Sections 3 and 4: links and wrapped keys ---

const linkOf = (key, subject) => {
  const token = hkdf(key, subject, "access token");
  return { link: hkdf(key, subject, "link id", 16), token, tokenHash: sha256(token) };
};
const { link } = linkOf(linkKey, chat);

const ticketOf = ({ of, subject, link }) => hkdf(of.pkcs8, subject, "view ticket", 16, link);

const links = {
  valid: [
    { name: "a chat's link", key: linkKey, subject: chat },
    { name: "the same key for another chat", key: linkKey, subject: otherChat },
    { name: "another key", key: fixed("other link key"), subject: chat },
  ].map(({ name, key, subject }) => {
    const { link, token, tokenHash } = linkOf(key, subject);
    const bearer = `oms_link_${text(Buffer.concat([link, token]))}`;
    return { rule: "K2", name, linkKey: text(key), subject: text(subject), link: text(link), token: text(token), tokenHash: text(tokenHash), bearer };
  }),
  invalid: [
    { rule: "K1", name: "31 bytes", linkKey: text(linkKey.subarray(1)), subject: text(chat), error: "malformed", reason: "a link key has 32 bytes" },
    { rule: "K1", name: "33 bytes", linkKey: text(Buffer.concat([linkKey, Buffer.alloc(1)])), subject: text(chat), error: "malformed", reason: "a link key has 32 bytes" },
  ],
  tickets: [
    { name: "a device's ticket", of: writer, subject: chat },
    { name: "the same device, another chat", of: writer, subject: otherChat },
    { name: "another device", of: stranger, subject: chat },
    { name: "another link of the chat", of: writer, subject: chat, key: fixed("other link key") },
  ].map(({ name, of, subject, key = linkKey }) => {
    const { link, token } = linkOf(key, subject);
    const ticket = ticketOf({ of, subject, link });
    const bearer = `oms_link_${text(Buffer.concat([link, token, ticket]))}`;
    return { rule: "K8", name, secret: text(of.pkcs8), subject: text(subject), link: text(link), token: text(token), ticket: text(ticket), bearer };
  }),
  bearers: [
    { name: "without a ticket", ticket: null },
    { name: "with a ticket", ticket: fixed("view ticket", 16) },
  ].map(({ name, ticket }) => {
    const { link, token } = linkOf(linkKey, chat);
    const bearer = `oms_link_${text(Buffer.concat([link, token, ticket ?? Buffer.alloc(0)]))}`;
    return { rule: "K6", name, bearer, link: text(link), token: text(token), ticket: ticket && text(ticket) };
  }),
  invalidBearers: [
    { rule: "K6", name: "half a ticket", bearer: `oms_link_${text(Buffer.alloc(56))}`, reason: "48 or 64 bytes are expected" },
    { rule: "K6", name: "63 bytes", bearer: `oms_link_${text(Buffer.alloc(63))}`, reason: "48 or 64 bytes are expected" },
    { rule: "K6", name: "65 bytes", bearer: `oms_link_${text(Buffer.alloc(65))}`, reason: "48 or 64 bytes are expected" },
    { rule: "K6", name: "no prefix", bearer: text(Buffer.alloc(48)), reason: "the prefix says what it is" },
    { rule: "K6", name: "a session's prefix", bearer: `oms_session_${text(Buffer.alloc(48))}`, reason: "that is no link" },
    { rule: "K6", name: "47 bytes", bearer: `oms_link_${text(Buffer.alloc(47))}`, reason: "16 and 32 bytes are expected" },
    { rule: "K6", name: "49 bytes", bearer: `oms_link_${text(Buffer.alloc(49))}`, reason: "16 and 32 bytes are expected" },
  ],
};

function wrapKey(key, subject, password) {
  if (!password) return hkdf(key, subject, "wrap key");
  const salt = sha256(label("password salt"), subject);
  const passwordKey = pbkdf2Sync(Buffer.from(password.normalize("NFC")), salt, 600_000, 32, "sha256");
  return hkdf(Buffer.concat([key, passwordKey]), subject, "wrap key");
}

function wrapChatKey({ epoch = 1, password = null }) {
  const nonce = fixed(`wrap nonce ${epoch} ${password}`, 12);
  const additionalData = Buffer.concat([label("wrapped key"), chat, link, u32(epoch)]);
  const key = wrapKey(linkKey, chat, password);
  return Buffer.concat([Buffer.from([1]), nonce, gcm(key, nonce, additionalData, Buffer.concat([chatKey, owner.publicKey]))]);
}

const plainWrap = wrapChatKey({});
const wrapped = (over) => ({
  linkKey: text(linkKey),
  password: null,
  chat: text(chat),
  link: text(link),
  epoch: 1,
  wrapped: text(plainWrap),
  ...over,
});
const unwrapsTo = { chatKey: text(chatKey), owner: text(owner.publicKey) };
const withPassword = wrapChatKey({ password: "caf\u00e9 au lait" });

const wrappedKeys = {
  valid: [
    { rule: "W1", name: "without password", ...wrapped(), ...unwrapsTo },
    { rule: "W1", name: "of epoch 2", ...wrapped({ epoch: 2, wrapped: text(wrapChatKey({ epoch: 2 })) }), ...unwrapsTo },
    { rule: "K4", name: "an empty password is none", ...wrapped({ password: "" }), ...unwrapsTo },
    { rule: "K5", name: "with a password, typed decomposed", ...wrapped({ password: "cafe\u0301 au lait", wrapped: text(withPassword) }), ...unwrapsTo },
  ],
  invalid: [
    { rule: "W3", name: "the password is missing", ...wrapped({ wrapped: text(withPassword) }), error: "wrong_key", reason: "made with a password" },
    { rule: "W3", name: "a password that is none", ...wrapped({ password: "caf\u00e9 au lait" }), error: "wrong_key", reason: "made without a password" },
    { rule: "W3", name: "another link key", ...wrapped({ linkKey: text(fixed("other link key")) }), error: "wrong_key", reason: "the wrap key comes of the link key" },
    { rule: "W2", name: "moved to another chat", ...wrapped({ chat: text(otherChat) }), error: "wrong_key", reason: "the chat id is bound" },
    { rule: "W2", name: "moved to another link", ...wrapped({ link: text(id("other link")) }), error: "wrong_key", reason: "the link id is bound" },
    { rule: "W2", name: "moved to another epoch", ...wrapped({ epoch: 2 }), error: "wrong_key", reason: "the epoch is bound" },
    { rule: "W4", name: "empty", ...wrapped({ wrapped: "" }), error: "malformed", reason: "no version" },
    { rule: "W4", name: "of another version", ...wrapped({ wrapped: text(flip(plainWrap, 0, 3)) }), error: "unsupported_version", reason: "version 2" },
    { rule: "W4", name: "of another version and length", ...wrapped({ wrapped: text(Buffer.from([2])) }), error: "unsupported_version", reason: "the version is looked at first" },
    { rule: "W4", name: "a byte short", ...wrapped({ wrapped: text(plainWrap.subarray(0, 92)) }), error: "malformed", reason: "92 bytes" },
    { rule: "W4", name: "a byte long", ...wrapped({ wrapped: text(Buffer.concat([plainWrap, Buffer.alloc(1)])) }), error: "malformed", reason: "94 bytes" },
    { rule: "W2", name: "altered nonce", ...wrapped({ wrapped: text(flip(plainWrap, 1)) }), error: "wrong_key", reason: "one bit of the nonce" },
    { rule: "W2", name: "altered chat key", ...wrapped({ wrapped: text(flip(plainWrap, 13)) }), error: "wrong_key", reason: "one bit of the chat key" },
    { rule: "W2", name: "altered owner", ...wrapped({ wrapped: text(flip(plainWrap, 45)) }), error: "wrong_key", reason: "one bit of the owner's public key" },
    { rule: "W2", name: "altered tag", ...wrapped({ wrapped: text(flip(plainWrap, -1)) }), error: "wrong_key", reason: "one bit of the tag" },
    { rule: "W5", name: "epoch 0", ...wrapped({ epoch: 0 }), error: "malformed", reason: "epochs count from 1" },
    { rule: "W5", name: "an epoch of 33 bits", ...wrapped({ epoch: 2 ** 32 + 1 }), error: "malformed", reason: "cut to 32 bits it would be epoch 1" },
  ],
};

// --- Section 5: padding ---

const padding = {
  valid: [
    [1, 256], [255, 256], [256, 256], [257, 272], [272, 272], [273, 288], [511, 512], [512, 512], [513, 544], [1000, 1024], [1025, 1088],
    [65_536, 65_536], [65_537, 67_584], [1_000_000, 1_015_808], [1_048_542, 1_048_576],
  ].map(([length, padded]) => ({ rule: "P1", name: `${length} bytes of a message`, smallest: 256, length, padded })).concat(
    [[4, 64], [64, 64], [65, 72], [72, 72], [73, 80], [128, 128], [129, 144], [400_004, 401_408]].map(([length, padded]) => ({ rule: "P1", name: `${length} bytes of a piece`, smallest: 64, length, padded })),
  ),
  // With 96 bytes in front, as in messages.
  invalid: [
    { name: "no length field", padded: Buffer.alloc(3), reason: "three bytes" },
    { name: "a length beyond the end", padded: Buffer.concat([u32(157), Buffer.alloc(156)]), reason: "157 bytes are announced, 156 are there" },
    { name: "the largest length", padded: Buffer.concat([u32(0xffffffff), Buffer.alloc(156)]), reason: "length and overhead must not wrap around" },
    { name: "a byte that is not zero", padded: Buffer.concat([u32(10), Buffer.alloc(145), Buffer.from([1])]), reason: "padding is zeros" },
    { name: "no padding", padded: Buffer.concat([u32(10), Buffer.alloc(10)]), reason: "110 bytes instead of 256" },
    { name: "too much padding", padded: Buffer.concat([u32(10), Buffer.alloc(172)]), reason: "272 bytes where 256 do" },
  ].map(({ name, padded, reason }) => ({ rule: "P3", name, overhead: 96, smallest: 256, padded: text(padded), error: "bad_padding", reason })),
};

for (const { smallest, length, padded, name } of padding.valid) {
  if (padme(length, smallest) !== padded) throw new Error(`${name}: ${padme(length, smallest)} is not ${padded}`);
}

// --- Sections 5 and 6: messages ---

const message = id("message");
const after = { seq: 7, head: text(fixed("head")) };
const says = (words) => [{ type: "markdown", text: words }];
const hello = { type: "message", role: "user", name: "Ada", parts: says("Hello, world"), replyTo: null, model: null, time: 1_760_000_000_000, after };
const helloBytes = envelope({ of: writer, message, json: hello });
const place = (over) => ({ chatKey: text(chatKey), chat: text(chat), epoch: 1, message: text(message), sender: text(writer.sender), ...over });
const valid = (rule, name, json, content = json) => ({
  rule,
  name,
  ...place(),
  envelope: text(envelope({ of: writer, message, json })),
  publicKey: text(writer.publicKey),
  // What is not said has its value from C15 and C16.
  content: content.type === "message" ? { withheld: false, ...content } : content.type === "join" ? { colour: null, ...content } : content,
});
const asText = (over) => JSON.stringify({ ...hello, ...over });
const sized = (length) => ({ ...hello, parts: says("x".repeat(length - asText({ parts: says("") }).length)) });
const noPart = (name, part, reason) => ["C8", name, asText({ parts: [part] }), reason];
const reference = { id: text(id("embed")), key: text(fixed("embed key")) };
const picture = { type: "image", name: "bread.png", mediaType: "image/png", size: 1234, embed: reference, alt: "A loaf", width: 640, height: 480 };
const coming = { type: "join", name: "Grace", time: null, after };

const edited = { type: "edit", target: text(id("question")), parts: says("Hello, wide world"), time: 1_760_000_000_002, after };
const reacted = { type: "reaction", target: text(id("question")), emoji: "\u{1f44d}\u{1f3fd}", on: true, time: 1_760_000_000_004, after };
const held = { type: "withholding", target: text(id("question")), withheld: true, time: 1_760_000_000_005, after };
const offering = { type: "offering", model: "llama3", time: 1_760_000_000_006, after };
const asking = { of: text(owner.sender), ask: text(id("asked of the owner")), along: [text(id("question"))] };
const redacted = { type: "redaction", target: text(id("question")), time: 1_760_000_000_003, after };

/** So many lists within one another. */
const lists = (depth) => JSON.parse("[".repeat(depth) + "]".repeat(depth));
const poll = { type: "poll", choices: lists(31), time: 1, after };
const hologram = { type: "hologram", layers: lists(31) };

const refusedContent = [
  ["C1", "not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "0xff is no UTF-8"],
  ["C1", "a byte order mark", `\u{feff}${asText({})}`, "JSON does not begin with one"],
  ["C1", "not JSON", `${asText({})},`, "a comma behind it"],
  ["C1", "an array", "[]", "content is an object"],
  ["C1", "null", "null", "content is an object"],
  ["C2", "no type", asText({ type: undefined }), "the type is missing"],
  ["C2", "a type that is no string", asText({ type: 1 }), "the type is a number"],
  ["C2", "no parts", asText({ parts: undefined }), "a field is missing"],
  ["C2", "an empty list of parts", asText({ parts: [] }), "there is at least one"],
  ["C2", "501 parts", asText({ parts: Array(501).fill({ type: "markdown", text: "" }) }), "one too many"],
  ["C2", "parts that are no list", asText({ parts: "Hello" }), "a string"],
  noPart("a part that is no object", "Hello", "a string"),
  noPart("a part without a type", { text: "Hello" }, "no type"),
  noPart("markdown without text", { type: "markdown" }, "a known type has its fields"),
  noPart("code in a language of 61 characters", { type: "code", text: "", language: "x".repeat(61), tool: null }, "over the limit"),
  noPart("a picture with half a key", { ...picture, embed: { ...reference, key: text(fixed("embed key", 16)) } }, "16 bytes"),
  noPart("a picture half a pixel wide", { ...picture, width: 0.5 }, "pixels are whole"),
  noPart("sources without addresses", { type: "sources", sources: [{ title: "Bread" }] }, "the url is missing"),
  noPart("thoughts that took less than no time", { type: "reasoning", text: "", seconds: -1 }, "a negative time"),
  ["C2", "a role that is none", asText({ role: "robot" }), "not one of the four"],
  ["C2", "a name too long", asText({ name: "x".repeat(61) }), "61 characters"],
  ["C2", "a model's name too long", asText({ model: "x".repeat(201) }), "201 characters"],
  ["C2", "a reply to no id", asText({ replyTo: "AAAAAAAAAAAAAAAAAAAAAB" }), "not the spelling of an id"],
  ["C4", "half a millisecond", asText({ time: 0.5 }), "times are whole"],
  ["C4", "a time before 1970", asText({ time: -1 }), "times are not negative"],
  ["C4", "a time no calendar has", asText({ time: 8_640_000_000_000_001 }), "a millisecond too late"],
  ["C4", "a time as text", asText({ time: "2025-10-09" }), "times are numbers"],
  ["C5", "no claim", asText({ after: undefined }), "after is missing"],
  ["C5", "a negative place", asText({ after: { ...after, seq: -1 } }), "places count from 0"],
  ["C5", "a place beyond every transcript", asText({ after: { ...after, seq: 2 ** 31 } }), "over the limit"],
  ["C5", "a short head", asText({ after: { ...after, head: text(fixed("head", 31)) } }), "31 bytes"],
  ["C5", "a second spelling of a head", asText({ after: { ...after, head: `${"A".repeat(42)}B` } }), "set bits behind the last byte"],
  ["C2", "an unknown type without a claim", JSON.stringify({ type: "poll", time: null }), "every type has after"],
  ["C91", "a type of a later version, 33 deep", JSON.stringify({ ...poll, choices: lists(32) }), "one too deep"],
  ["C91", "a part of a later version, 33 deep", asText({ parts: [{ ...hologram, layers: lists(32) }] }), "one too deep"],
  ["C91", "a part of nothing but brackets", asText({ parts: [] }).replace("[]", `[{"type":"hologram","layers":${"[".repeat(9000)}${"]".repeat(9000)}}]`), "nine thousand deep"],
  ["C3", "a name of spaces", JSON.stringify({ type: "join", name: " \u3000 ", time: null, after }), "nothing is left of it"],
];

const elsewhere = Buffer.concat([label("envelope"), header(KIND.content, 1), chat, id("other message"), writer.sender]);
const body = Buffer.from(asText({}));
const used = 96 + 4 + body.length;
const refused = (rule, name, error, reason, over) => ({ rule, name, ...place(), envelope: text(helloBytes), ...over, error, reason });
const twisted = (twist) => ({ envelope: text(envelope({ of: writer, message, json: hello, ...twist })) });

const messages = {
  valid: [
    valid("C2", "a text", hello),
    valid("C2", "an imported answer", { ...hello, role: "assistant", name: "", model: "gpt-5", time: null, replyTo: text(id("question")) }),
    valid("C2", "an empty text after nothing", { ...hello, parts: says(""), after: { seq: 0, head: text(sha256(label("transcript"), chat)) } }),
    valid("C2", "fields at their limits", { ...hello, name: "x".repeat(60), model: "x".repeat(200), time: 8_640_000_000_000_000 }),
    valid("C2", "a name of 30 emoji, 60 UTF-16 units", { ...hello, name: "\u{1f600}".repeat(30) }),
    valid("C1", "fields that this version does not know", { ...hello, mood: "good" }, hello),
    valid("C1", "a name twice: the last counts", asText({}).replace('"text":', '"text":"first","text":'), hello),
    valid("C8", "every sort of part", { ...hello, role: "assistant", parts: [
      { type: "reasoning", text: "Flour, water …", seconds: 2.5 },
      { type: "markdown", text: "Look [here](https://bread.example/)." },
      { type: "code", text: "print(1)", language: "python", tool: "python" },
      { type: "output", text: "1", tool: "python", failed: false },
      { type: "document", title: "Rye", text: "# Rye", language: null },
      { type: "sources", sources: [{ title: "Bread", url: "https://bread.example/" }] },
      picture,
      { ...picture, embed: null, size: null, width: null, height: null },
      { type: "file", name: "rye.pdf", mediaType: "application/pdf", size: 9, embed: reference },
      { type: "other", named: "widget", text: "{}" },
    ] }),
    valid("C9", "a part of a later version", { ...hello, parts: [{ type: "hologram", depth: 3 }, ...says("Look")] }, { ...hello, parts: [{ type: "unknown", named: "hologram", json: { depth: 3 } }, ...says("Look")] }),
    valid("C1", "white space and escapes", ` ${asText({}).replace("Hello", "\\u0048ello")}\n`, hello),
    valid("C1", "a lone surrogate, escaped", asText({ parts: says("\ud83d") }), { ...hello, parts: says("\ud83d") }),
    valid("C3", "coming in", coming),
    valid("C3", "coming in with spaces around", { type: "join", name: " Grace\u3000", time: 0, after }, { type: "join", name: "Grace", time: 0, after }),
    ...[
      ["C10", "coming in, as an amendment", coming],
      ["C11", "an edit", edited],
      ["C12", "a redaction", redacted],
      ["C14", "a reaction", reacted],
      ["C14", "a reaction taken away", { ...reacted, emoji: "1\u{fe0f}\u{20e3}", on: false }],
      ["C15", "coming in with a colour", { ...coming, colour: 11 }],
      ["C17", "a message is not for models from now on", held],
      ["C17", "or is again", { ...held, withheld: false }],
      ["C20", "a model of one's own answers others", offering],
      ["C20", "or does no more", { ...offering, model: null }],
    ].map(([rule, name, json]) => ({ ...valid(rule, name, json), envelope: text(envelope({ kind: KIND.amendment, of: writer, message, json })) })),
    valid("C16", "a text that is not for the model", { ...hello, withheld: true }),
    valid("A12", "a message that asks a member's own model", { ...hello, asks: asking }),
    valid("A12", "with nothing to go along", { ...hello, asks: { ...asking, along: [] } }),
    valid("A9", "an answer of the writer's own model", { ...hello, role: "assistant", model: "llama3", answer: { ended: "stopped", given: { count: 1, hash: text(fixed("given", 32)) } } }, { ...hello, role: "assistant", model: "llama3", answer: { ended: "stopped", given: { count: 1, offered: 1, hash: text(fixed("given", 32)) } } }),
    valid("C6", "a type of a later version", { type: "poll", emoji: "\u{1f44d}", to: text(id("question")), time: 1, after }, { type: "unknown", named: "poll", json: { emoji: "\u{1f44d}", to: text(id("question")) }, time: 1, after }),
    valid("C91", "a type of a later version, 32 deep", poll, { type: "unknown", named: "poll", json: { choices: lists(31) }, time: 1, after }),
    valid("C91", "a part of a later version, 32 deep", { ...hello, parts: [hologram] }, { ...hello, parts: [{ type: "unknown", named: "hologram", json: { layers: lists(31) } }] }),
    valid("P1", "as long as the smallest size holds", JSON.stringify(coming).padEnd(156), coming),
    valid("P1", "a byte longer than that", JSON.stringify(coming).padEnd(157), coming),
    valid("P1", "2,000 bytes", sized(2000)),
  ],
  invalid: [
    refused("E3", "moved to another chat", "wrong_key", "the chat id is bound", { chat: text(otherChat) }),
    refused("E3", "under another message id", "wrong_key", "the message id is bound", { message: text(id("other message")) }),
    refused("E3", "said to be another's", "wrong_key", "the sender id is bound", { sender: text(stranger.sender) }),
    refused("E3", "another chat key", "wrong_key", "the key is wrong", { chatKey: text(fixed("other chat key")) }),
    refused("E3", "moved to another epoch of the same key", "wrong_key", "the epoch is bound", { epoch: 2, envelope: text(flip(helloBytes, 5, 3)) }),
    refused("E5", "of an epoch without a key", "wrong_epoch", "the key is of epoch 2", { epoch: 2 }),
    refused("E3", "a seal dressed up as a message", "wrong_key", "the kind is bound", { message: text(Buffer.alloc(16)), sender: text(owner.sender), envelope: text(flip(envelope({ kind: KIND.seal, of: owner, message: Buffer.alloc(16), json: hello }), 1, 2)) }),
    refused("E3", "altered nonce", "wrong_key", "one bit", { envelope: text(flip(helloBytes, 6)) }),
    refused("E3", "altered signature", "wrong_key", "one bit", { envelope: text(flip(helloBytes, 18)) }),
    refused("E3", "altered text", "wrong_key", "one bit", { envelope: text(flip(helloBytes, 18 + 100)) }),
    refused("E3", "altered tag", "wrong_key", "one bit", { envelope: text(flip(helloBytes, -1)) }),
    refused("E3", "a byte short", "wrong_key", "the tag is not whole", { envelope: text(helloBytes.subarray(0, -1)) }),
    refused("E3", "a byte long", "wrong_key", "a byte behind the tag", { envelope: text(Buffer.concat([helloBytes, Buffer.alloc(1)])) }),
    refused("E6", "empty", "malformed", "no header", { envelope: "" }),
    refused("E6", "a header cut short", "malformed", "five bytes", { envelope: text(helloBytes.subarray(0, 5)) }),
    refused("E6", "of another version", "unsupported_version", "version 2", { envelope: text(flip(helloBytes, 0, 3)) }),
    refused("E6", "of another version and kind", "unsupported_version", "the version is looked at first", { envelope: text(Buffer.from([2, 9, 0, 0, 0, 0])) }),
    refused("E6", "of no kind", "unsupported_kind", "kind 0", { envelope: text(flip(helloBytes, 1, 1)) }),
    refused("E6", "of a later kind", "unsupported_kind", "kind 6", { envelope: text(flip(helloBytes, 1, 7)) }),
    refused("E6", "of epoch 0", "malformed", "epochs count from 1", { envelope: text(flip(helloBytes, 5, 1)) }),
    refused("E6", "of an epoch over the limit", "malformed", "epoch 2147483649", { envelope: text(flip(helloBytes, 2, 0x80)) }),
    refused("E6", "too short for a nonce and a tag", "malformed", "33 bytes", { envelope: text(helloBytes.subarray(0, 33)) }),
    refused("E7", "a seal where a message belongs", "unsupported_kind", "kind 3", { envelope: text(envelope({ kind: KIND.seal, of: writer, message, json: hello })) }),
    refused("C10", "a message in an amendment", "malformed", "kind 5", twisted({ kind: KIND.amendment })),
    refused("E8", "a plaintext too short for its signature", "malformed", "95 bytes", twisted({ plaintext: Buffer.alloc(95) })),
    refused("E8", "no padded part", "bad_padding", "96 bytes", twisted({ plaintext: Buffer.alloc(96) })),
    refused("P3", "a byte of the padding is not zero", "bad_padding", "the last one is 1", twisted({ padded: flip(pad(body, 96, 256), -1) })),
    refused("P3", "without padding", "bad_padding", "the length shows", twisted({ padded: Buffer.concat([u32(body.length), body]) })),
    refused("P3", "padded by a step too much", "bad_padding", "the next size up", twisted({ padded: Buffer.concat([u32(body.length), body, Buffer.alloc(padme(padme(used, 256) + 1, 256) - used)]) })),
    refused("V2", "signed by another than it names", "wrong_sender", "the place names the writer, a stranger signed", twisted({ signer: stranger })),
    refused("V3", "a signature of another text", "bad_signature", "signed was another JSON", twisted({ signature: writer.sign(Buffer.concat([label("signature"), Buffer.from("{}")])) })),
    refused("V3", "a signature of another place", "bad_signature", "signed for another message id", twisted({ signedPlace: elsewhere })),
    refused("V3", "a signature by another under the sender's key", "bad_signature", "a stranger signed", twisted({ signer: stranger, publicKey: writer.publicKey })),
    refused("V3", "no signature", "bad_signature", "64 zeros", twisted({ signature: Buffer.alloc(64) })),
    refused("C13", "an edit that is no amendment", "malformed", "kind 1", twisted({ json: edited })),
    refused("C13", "a redaction that is no amendment", "malformed", "kind 1", twisted({ json: redacted })),
    refused("C14", "a reaction that is no amendment", "malformed", "kind 1", twisted({ json: reacted })),
    refused("C20", "an offering that is no amendment", "malformed", "kind 1", twisted({ json: offering })),
    ...[
      ["an ask of nobody", { ...asking, of: null }, "whose model is missing"],
      ["an ask without an id", { ...asking, ask: "AAAAAAAAAAAAAAAAAAAAAB" }, "not the spelling of an id"],
      ["an ask with more than one carries", { ...asking, along: Array(201).fill(text(id("question"))) }, "201 messages"],
      ["an ask that is none", true, "a boolean"],
    ].map(([name, asks, reason]) => refused("A12", name, "malformed", reason, twisted({ json: { ...hello, asks } }))),
    refused("C17", "a withholding that is no amendment", "malformed", "kind 1", twisted({ json: held })),
    ...[
      ["an own answer that ended in no way", { ended: "failed", given: { count: 1, hash: text(fixed("given", 32)) } }, "failed is no end"],
      ["an own answer to nothing", { ended: "complete" }, "what was given is missing"],
      ["an own answer given more than was chosen", { ended: "complete", given: { count: 2, offered: 1, hash: text(fixed("given", 32)) } }, "two of one"],
      ["an own answer that is none", null, "null"],
    ].map(([name, own, reason]) => refused("A9", name, "malformed", reason, twisted({ json: { ...hello, role: "assistant", answer: own } }))),
    refused("C16", "a text that is perhaps for the model", "malformed", "a string", twisted({ json: { ...hello, withheld: "yes" } })),
    ...[
      ["C11", "an edit of nothing", { ...edited, target: undefined }, "the target is missing"],
      ["C11", "an edit without parts", { ...edited, parts: [] }, "there is at least one"],
      ["C12", "a redaction of no id", { ...redacted, target: "AAAAAAAAAAAAAAAAAAAAAB" }, "not the spelling of an id"],
      ["C14", "a reaction to no id", { ...reacted, target: "AAAAAAAAAAAAAAAAAAAAAB" }, "not the spelling of an id"],
      ["C14", "a reaction of a letter", { ...reacted, emoji: "a" }, "no emoji"],
      ["C14", "a reaction of two emoji", { ...reacted, emoji: "\u{1f44d}\u{1f44d}" }, "one too many"],
      ["C14", "a reaction that is neither there nor not", { ...reacted, on: 1 }, "a number"],
      ["C15", "a thirteenth colour", { ...coming, colour: 12 }, "there are twelve"],
      ["C20", "an offering of a model without a name", { ...offering, model: "" }, "an empty name"],
      ["C20", "an offering of nothing", { ...offering, model: undefined }, "the model is missing"],
      ["C17", "a withholding of no id", { ...held, target: null }, "the target is null"],
      ["C17", "perhaps withheld", { ...held, withheld: null }, "neither true nor false"],
      ["C15", "half a colour", { ...coming, colour: 0.5 }, "colours are whole"],
    ].map(([rule, name, json, reason]) => refused(rule, name, "malformed", reason, twisted({ kind: KIND.amendment, json }))),
    ...refusedContent.map(([rule, name, json, reason]) => refused(rule, name, "malformed", reason, twisted({ json }))),
  ],
};

// --- Section 7: the transcript ---

const empty = sha256(label("transcript"), chat);
const history = [hello, { ...hello, text: "And again" }, { ...hello, text: "And once more" }].map((content, i) => {
  const at = id(`message ${i}`);
  return { id: at, envelope: envelope({ of: writer, message: at, json: content }) };
});
const append = (head, { id, envelope }) => sha256(head, id, sha256(envelope), Buffer.from(envelope[1] === KIND.amendment ? [KIND.amendment] : []));
const heads = history.reduce((all, entry) => [...all, append(all.at(-1), entry)], [empty]);
const amendment = id("amendment");
const amended = [history[0], { id: amendment, envelope: envelope({ kind: KIND.amendment, of: writer, message: amendment, json: coming }) }];
const amendedHeads = amended.reduce((all, entry) => [...all, append(all.at(-1), entry)], [empty]);
const tombstone = (envelope) => Buffer.concat([Buffer.from([0, envelope[1]]), sha256(envelope)]);
const position = (seq, head) => ({ seq, head: text(head) });

const transcript = {
  valid: [
    { rule: "T1", name: "three messages", chat: text(chat), messages: history.map(({ id, envelope }) => ({ id: text(id), envelope: text(envelope) })), heads: heads.map(text) },
    { rule: "T1", name: "a message and an amendment", chat: text(chat), messages: amended.map(({ id, envelope }) => ({ id: text(id), envelope: text(envelope) })), heads: amendedHeads.map(text) },
    { rule: "T1", name: "no message", chat: text(otherChat), messages: [], heads: [text(sha256(label("transcript"), otherChat))] },
  ],
  tombstones: [
    ["a message", history[0].envelope],
    ["an answer", Buffer.from([1, KIND.reply, ...fixed("an answer", 94)])],
  ].map(([name, erased]) => ({ rule: "T9", name, kind: erased[1], digest: text(sha256(erased)), tombstone: text(tombstone(erased)) })),
  invalidTombstones: [
    ["an envelope", history[0].envelope, "version 1"],
    ["of an amendment", tombstone(amended[1].envelope), "amendments are not erased"],
    ["of no kind", flip(tombstone(history[0].envelope), 1, 1), "kind 0"],
    ["a byte short", tombstone(history[0].envelope).subarray(0, -1), "33 bytes"],
    ["a byte long", Buffer.concat([tombstone(history[0].envelope), Buffer.alloc(1)]), "35 bytes"],
    ["nothing", Buffer.alloc(0), "no bytes"],
  ].map(([name, tombstone, reason]) => ({ rule: "T9", name, tombstone: text(tombstone), reason })),
  validClaims: [
    { rule: "T4", name: "the same as here", seq: 4, claim: position(3, heads[3]), mine: position(3, heads[3]) },
    { rule: "T4", name: "earlier than this reader looked", seq: 4, claim: position(1, heads[1]), mine: null },
    { rule: "T4", name: "the first message claims the empty transcript", seq: 1, claim: position(0, heads[0]), mine: position(0, heads[0]) },
  ],
  invalidClaims: [
    { name: "another history at the same place", seq: 4, claim: position(3, heads[2]), mine: position(3, heads[3]), reason: "the heads differ" },
    { name: "a place behind the message itself", seq: 3, claim: position(4, heads[3]), mine: null, reason: "the writer had seen what comes later here" },
    { name: "the message's own place", seq: 3, claim: position(3, heads[3]), mine: null, reason: "a message cannot follow itself" },
  ].map((vector) => ({ rule: "T4", ...vector, error: "head_mismatch" })),
};

// --- Section 8: seals ---

const noMessage = Buffer.alloc(16);
const end = position(3, heads[3]);
const sealed = { type: "seal", at: end, title: "Three greetings", time: 1_760_000_000_001 };
const seal = (over) => envelope({ kind: KIND.seal, of: owner, message: noMessage, json: sealed, ...over });
const atSeal = { chatKey: text(chatKey), chat: text(chat), epoch: 1, owner: text(owner.publicKey) };
const sealOf = (over, content = sealed) => ({ ...atSeal, envelope: text(seal(over)), seal: { ...content.at, title: content.title, time: content.time } });
const noSeal = (rule, name, error, reason, over) => ({ rule, name, ...atSeal, ...over, error, reason });

const seals = {
  valid: [
    { rule: "S1", name: "a seal", ...sealOf({}) },
    { rule: "S1", name: "of an empty transcript", ...sealOf({ json: { ...sealed, at: position(0, empty), title: "" } }, { ...sealed, at: position(0, empty), title: "" }) },
    { rule: "S1", name: "with a field of a later version", ...sealOf({ json: { ...sealed, mood: "good" } }) },
    { rule: "S1", name: "with the longest title, escaped", ...sealOf({ json: { ...sealed, title: "\u0001".repeat(300) } }, { ...sealed, title: "\u0001".repeat(300) }) },
  ],
  invalid: [
    noSeal("S2", "of another chat", "wrong_key", "the chat id is bound", { chat: text(otherChat), envelope: text(seal({})) }),
    noSeal("S2", "by another than the owner", "wrong_key", "the owner's sender id is bound", { envelope: text(seal({ of: stranger })) }),
    noSeal("S2", "signed by another in the owner's name", "wrong_sender", "a stranger signed", { envelope: text(seal({ signer: stranger })) }),
    noSeal("S2", "with another's signature", "bad_signature", "the key is the owner's, the signature a stranger's", { envelope: text(seal({ signer: stranger, publicKey: owner.publicKey })) }),
    noSeal("E3", "altered", "wrong_key", "one bit", { envelope: text(flip(seal({}), 40)) }),
    noSeal("E5", "of another epoch", "wrong_epoch", "the key is of epoch 2", { epoch: 2, envelope: text(seal({})) }),
    noSeal("E7", "a message where a seal belongs", "unsupported_kind", "kind 1", { envelope: text(envelope({ of: owner, message: noMessage, json: sealed })) }),
    noSeal("S3", "too long", "too_large", "4,097 bytes", { envelope: text(Buffer.concat([seal({}), Buffer.alloc(4097 - seal({}).length)])) }),
    noSeal("S1", "another type", "malformed", "type message", { envelope: text(seal({ json: { ...sealed, type: "message" } })) }),
    noSeal("S1", "a title too long", "malformed", "301 characters", { envelope: text(seal({ json: { ...sealed, title: "x".repeat(301) } })) }),
    noSeal("S1", "no time", "malformed", "time is null", { envelope: text(seal({ json: { ...sealed, time: null } })) }),
    noSeal("S1", "no place", "malformed", "at is missing", { envelope: text(seal({ json: { ...sealed, at: undefined } })) }),
  ],
  checks: [
    { rule: "S4", name: "ends where it is sealed", seal: end, end, error: null, reason: null },
    { rule: "S4", name: "ends a message early", seal: end, end: position(2, heads[2]), error: "seal_mismatch", reason: "the last message is missing" },
    { rule: "S4", name: "ends with other messages", seal: end, end: position(3, heads[2]), error: "seal_mismatch", reason: "the heads differ" },
  ],
  rollbacks: [
    { rule: "S5", name: "the same seal again", remembered: end, seal: end, error: null, reason: null },
    { rule: "S5", name: "a later seal", remembered: position(2, heads[2]), seal: end, error: null, reason: null },
    { rule: "S5", name: "an earlier seal", remembered: end, seal: position(2, heads[2]), error: "rollback", reason: "less than was seen before" },
    { rule: "S5", name: "a seal of another history", remembered: end, seal: position(3, heads[2]), error: "head_mismatch", reason: "the heads differ" },
  ],
};

// --- Section 9: answers ---

const ask = id("ask");
const stream = id("stream");
const replyKey = fixed("reply key");

function wrapReplyKey({ nonce = fixed("reply key nonce", 12), epoch = 1, key = replyKey } = {}) {
  const additionalData = Buffer.concat([label("reply key"), chat, ask, u32(epoch)]);
  return Buffer.concat([nonce, gcm(hkdf(chatKey, chat, "reply wrap key"), nonce, additionalData, key)]);
}

const atReply = (over) => ({ chatKey: text(chatKey), chat: text(chat), epoch: 1, ask: text(ask), wrapped: text(wrapReplyKey()), ...over });
const noReplyKey = (name, error, reason, over) => ({ rule: "A2", name, ...atReply(over), error, reason });

const replyKeys = {
  valid: [{ rule: "A2", name: "a reply key", ...atReply(), replyKey: text(replyKey) }],
  invalid: [
    noReplyKey("moved to another chat", "wrong_key", "the chat id is bound", { chat: text(otherChat) }),
    noReplyKey("moved to another ask", "wrong_key", "the ask id is bound", { ask: text(id("other ask")) }),
    noReplyKey("moved to another epoch", "wrong_key", "the epoch is bound", { epoch: 2 }),
    noReplyKey("another chat key", "wrong_key", "the key is wrong", { chatKey: text(fixed("other chat key")) }),
    noReplyKey("altered nonce", "wrong_key", "one bit", { wrapped: text(flip(wrapReplyKey(), 0)) }),
    noReplyKey("altered key", "wrong_key", "one bit", { wrapped: text(flip(wrapReplyKey(), 12)) }),
    noReplyKey("altered tag", "wrong_key", "one bit", { wrapped: text(flip(wrapReplyKey(), -1)) }),
    noReplyKey("a byte short", "malformed", "59 bytes", { wrapped: text(wrapReplyKey().subarray(1)) }),
    noReplyKey("a byte long", "malformed", "61 bytes", { wrapped: text(Buffer.concat([wrapReplyKey(), Buffer.alloc(1)])) }),
  ],
};

const deltaKey = hkdf(replyKey, stream, "reply delta key");
function delta(index, padded) {
  const nonce = Buffer.concat([Buffer.alloc(8), u32(index)]);
  return gcm(deltaKey, nonce, Buffer.concat([label("reply delta"), chat, ask, stream, u32(index)]), padded);
}
const piece = (words) => pad(Buffer.from(words), 0, 64);
const first = delta(0, piece("Hello"));
const atDelta = (over) => ({ chat: text(chat), ask: text(ask), stream: text(stream), replyKey: text(replyKey), index: 0, sealed: text(first), ...over });
const noDelta = (rule, name, error, reason, over) => ({ rule, name, ...atDelta(over), error, reason });

const deltas = {
  valid: [
    { rule: "A4", name: "the first piece", ...atDelta(), text: "Hello" },
    { rule: "A4", name: "the second piece", ...atDelta({ index: 1, sealed: text(delta(1, piece(", wörld 👋"))) }), text: ", wörld 👋" },
    { rule: "A4", name: "an empty piece", ...atDelta({ index: 2, sealed: text(delta(2, piece(""))) }), text: "" },
    { rule: "A4", name: "a byte more than the smallest size holds", ...atDelta({ index: 3, sealed: text(delta(3, piece("x".repeat(61)))) }), text: "x".repeat(61) },
    { rule: "A4", name: "the last number there is", ...atDelta({ index: 0xffffffff, sealed: text(delta(0xffffffff, piece("."))) }), text: "." },
  ],
  invalid: [
    noDelta("A4", "at another place in the stream", "wrong_key", "the index is bound", { index: 1 }),
    noDelta("A4", "of another stream", "wrong_key", "the stream id is bound", { stream: text(id("other stream")) }),
    noDelta("A4", "of another ask", "wrong_key", "the ask id is bound", { ask: text(id("other ask")) }),
    noDelta("A4", "of another chat", "wrong_key", "the chat id is bound", { chat: text(otherChat) }),
    noDelta("A4", "another reply key", "wrong_key", "the key is wrong", { replyKey: text(fixed("other reply key")) }),
    noDelta("A4", "altered", "wrong_key", "one bit", { sealed: text(flip(first, 5)) }),
    noDelta("A4", "cut", "wrong_key", "a byte short", { sealed: text(first.subarray(0, -1)) }),
    noDelta("A4", "empty", "wrong_key", "no tag", { sealed: "" }),
    noDelta("A4", "an index of 33 bits", "malformed", "cut to 32 bits it would be 0", { index: 2 ** 32 }),
    noDelta("A4", "a negative index", "malformed", "pieces count from 0", { index: -1 }),
    noDelta("P3", "without padding", "bad_padding", "the length shows", { sealed: text(delta(0, Buffer.concat([u32(5), Buffer.from("Hello")]))) }),
    noDelta("A4", "not UTF-8", "malformed", "0xff is no UTF-8", { sealed: text(delta(0, pad(Buffer.from([0xff]), 0, 64))) }),
  ],
};

const given = {
  valid: [
    { name: "nothing", context: [] },
    { name: "one entry", context: [{ role: "user", name: "Ada", text: "Hello" }] },
    { name: "two entries", context: [{ role: "user", name: "Ada", text: "Wörld 👋" }, { role: "assistant", name: "", text: "" }] },
    { name: "the same letters in other fields", context: [{ role: "user", name: "AdaH", text: "ello" }] },
  ].map(({ name, context }) => {
    const fields = context.flatMap(({ role, name, text }) => [role, name, text].map((field) => Buffer.from(field)));
    return { rule: "A6", name, context, hash: text(sha256(label("given context"), ...fields.flatMap((field) => [u32(field.length), field]))) };
  }),
};

const answer = {
  type: "reply",
  text: "Hello, Ada",
  replyTo: text(message),
  model: "gpt-5",
  demo: false,
  ended: "complete",
  given: { count: 1, hash: given.valid[1].hash },
  time: 1_760_000_000_002,
};
const replyEnvelopeKey = hkdf(replyKey, ask, "reply envelope key");
const reply = (over) => envelope({ kind: KIND.reply, key: replyEnvelopeKey, of: service, message: ask, json: answer, wrapped: wrapReplyKey(), ...over });
const otherWrap = wrapReplyKey({ nonce: fixed("other reply key nonce", 12) });
const swapped = Buffer.concat([reply({}).subarray(0, 6), otherWrap, reply({}).subarray(66)]);
const atStored = (over) => ({ chatKey: text(chatKey), chat: text(chat), epoch: 1, ask: text(ask), sender: text(service.sender), envelope: text(reply({})), ...over });
const noReply = (rule, name, error, reason, over) => ({ rule, name, ...atStored(over), error, reason });
const replyJson = (rule, name, reason, over) => noReply(rule, name, "malformed", reason, { envelope: text(reply({ json: { ...answer, ...over } })) });

const answerAsRead = { ...answer, given: { ...answer.given, offered: 1 } };
const shortened = { ...answer, given: { ...answer.given, offered: 3 } };

const replies = {
  valid: [
    { rule: "A5", name: "an answer", ...atStored(), publicKey: text(service.publicKey), reply: answerAsRead },
    { rule: "A8", name: "an answer to the newest of what was sent", ...atStored({ envelope: text(reply({ json: shortened })) }), publicKey: text(service.publicKey), reply: shortened },
    { rule: "A5", name: "a demo's, stopped", ...atStored({ envelope: text(reply({ json: { ...answer, demo: true, ended: "stopped", text: "" } })) }), publicKey: text(service.publicKey), reply: { ...answerAsRead, demo: true, ended: "stopped", text: "" } },
    { rule: "A5", name: "with a field of a later version", ...atStored({ envelope: text(reply({ json: { ...answer, cost: 3 } })) }), publicKey: text(service.publicKey), reply: answerAsRead },
  ],
  invalid: [
    noReply("A5", "moved to another chat", "wrong_key", "the chat id is bound, already to the reply key", { chat: text(otherChat) }),
    noReply("A5", "moved to another ask", "wrong_key", "the ask id is bound, already to the reply key", { ask: text(id("other ask")) }),
    noReply("A5", "said to be another's", "wrong_key", "the sender id is bound", { sender: text(stranger.sender) }),
    noReply("E4", "beside another wrapping of its own key", "wrong_key", "the wrapped key is bound", { envelope: text(swapped) }),
    noReply("A2", "beside an altered wrapped key", "wrong_key", "one bit", { envelope: text(flip(reply({}), 20)) }),
    noReply("E3", "altered", "wrong_key", "one bit", { envelope: text(flip(reply({}), 90)) }),
    noReply("E6", "without room for nonce and tag", "malformed", "93 bytes", { envelope: text(reply({}).subarray(0, 93)) }),
    noReply("E7", "a message where an answer belongs", "unsupported_kind", "kind 1", { envelope: text(envelope({ of: service, message: ask, json: answer })) }),
    noReply("V2", "signed by another than it names", "wrong_sender", "a stranger signed", { envelope: text(reply({ signer: stranger })) }),
    noReply("V3", "with another's signature", "bad_signature", "a stranger signed", { envelope: text(reply({ signer: stranger, publicKey: service.publicKey })) }),
    replyJson("A5", "another type", "type message", { type: "message" }),
    replyJson("A5", "an end that is none", "crashed is no end", { ended: "crashed" }),
    replyJson("A5", "a hash that is no base64url", "an exclamation mark", { given: { count: 1, hash: "!".repeat(43) } }),
    replyJson("A5", "a short hash", "31 bytes", { given: { count: 1, hash: text(fixed("hash", 31)) } }),
    replyJson("A5", "a count that is none", "half an entry", { given: { count: 0.5, hash: answer.given.hash } }),
    replyJson("A8", "given more than was sent", "one of none", { given: { ...answer.given, offered: 0 } }),
    replyJson("A8", "a number sent that is none", "half an entry", { given: { ...answer.given, offered: 1.5 } }),
    replyJson("A5", "a reply to nothing", "replyTo is null", { replyTo: null }),
  ],
};

// --- Section 10: labels and URLs of links ---

function linkLabel({ words = "for the design team", epoch = 1, padded, at = link } = {}) {
  const nonce = fixed(`label nonce ${words} ${Boolean(padded)}`, 12);
  const additionalData = Buffer.concat([label("link label"), header(KIND.linkLabel, epoch), chat, at]);
  const key = hkdf(chatKey, chat, "link label key");
  return Buffer.concat([header(KIND.linkLabel, epoch), nonce, gcm(key, nonce, additionalData, padded ?? pad(Buffer.from(words), 0, 256))]);
}
const atLabel = (over) => ({ chatKey: text(chatKey), chat: text(chat), epoch: 1, link: text(link), sealed: text(linkLabel()), ...over });
const noLabel = (rule, name, error, reason, over) => ({ rule, name, ...atLabel(over), error, reason });

const linkLabels = {
  valid: [
    { rule: "N1", name: "a label", ...atLabel(), text: "for the design team" },
    { rule: "N1", name: "an empty one", ...atLabel({ sealed: text(linkLabel({ words: "" })) }), text: "" },
    { rule: "N1", name: "the longest", ...atLabel({ sealed: text(linkLabel({ words: "x".repeat(512) })) }), text: "x".repeat(512) },
  ],
  invalid: [
    noLabel("N1", "of another link", "wrong_key", "the link id is bound", { link: text(id("other link")) }),
    noLabel("N1", "of another chat", "wrong_key", "the chat id is bound", { chat: text(otherChat) }),
    noLabel("N1", "moved to another epoch of the same key", "wrong_key", "the epoch is bound", { epoch: 2, sealed: text(flip(linkLabel(), 5, 3)) }),
    noLabel("E5", "of an epoch without a key", "wrong_epoch", "the key is of epoch 2", { epoch: 2 }),
    noLabel("E7", "a message where a label belongs", "unsupported_kind", "kind 1", { sealed: text(helloBytes) }),
    noLabel("N1", "altered", "wrong_key", "one bit", { sealed: text(flip(linkLabel(), -20)) }),
    noLabel("P3", "without padding", "bad_padding", "the length shows", { sealed: text(linkLabel({ padded: Buffer.concat([u32(1), Buffer.from("x")]) })) }),
    noLabel("N1", "not UTF-8", "malformed", "0xff is no UTF-8", { sealed: text(linkLabel({ padded: pad(Buffer.from([0xff]), 0, 256) })) }),
    noLabel("N2", "too long", "too_large", "1,025 bytes", { sealed: text(Buffer.concat([linkLabel(), Buffer.alloc(1025 - linkLabel().length)])) }),
  ],
};

const K = text(linkKey);
const C = text(chat);
const M = text(message);
const base = "https://share.example";
const ofChat = (over) => ({ type: "chat", id: C, key: K, message: null, ...over });
const url = (rule, name, text, link = ofChat()) => ({ rule, name, text, link });
const noUrl = (rule, name, text, reason) => ({ rule, name, text, error: "malformed", reason });

const shareUrls = {
  valid: [
    url("U1", "a chat", `${base}/share/chat/${C}#key=${K}`),
    url("U1", "an embed", `${base}/share/embed/${C}#key=${K}`, ofChat({ type: "embed" })),
    url("U1", "at a message", `${base}/share/chat/${C}#key=${K}&message=${M}`, ofChat({ message: M })),
    url("U1", "on a server below a path, with a port", `http://localhost:8080/chats/share/chat/${C}#key=${K}`),
    url("U1", "with a slash at the end of the path", `${base}/share/chat/${C}/#key=${K}`),
    url("U2", "a chat in the app", `${base}/#chat-id=${C}&key=${K}`),
    url("U2", "an embed in the app", `${base}/#embed-id=${C}&key=${K}`, ofChat({ type: "embed" })),
    url("U2", "key first", `${base}/#key=${K}&chat-id=${C}`),
    url("U3", "a tracker in front of the fragment", `${base}/share/chat/${C}?utm_source=mail&fbclid=x#key=${K}`),
    url("U3", "a tracker in the fragment", `${base}/share/chat/${C}#key=${K}&utm_source=mail`),
    url("U3", "a tracker that takes the fragment for a path", `${base}/share/chat/${C}#key=${K}?fbclid=x`),
    url("U3", "a tracker first in the fragment", `${base}/#utm_source=mail&chat-id=${C}&key=${K}`),
    url("U3", "a text fragment", `${base}/share/chat/${C}#key=${K}:~:text=hello`),
    url("U3", "an ampersand of HTML", `${base}/#chat-id=${C}&amp;key=${K}`),
    url("U3", "white space around", `  ${base}/share/chat/${C}#key=${K}\n`),
    url("U3", "angle brackets", `<${base}/share/chat/${C}#key=${K}>`),
    url("U3", "the end of a sentence in parentheses", `${base}/share/chat/${C}#key=${K}).`),
    url("U3", "percent-encoded key", `${base}/share/chat/${C}#key=%${K.charCodeAt(0).toString(16)}${K.slice(1)}`),
    url("U4", "the same key twice", `${base}/share/chat/${C}#key=${K}&key=${K}`),
    url("U5", "a message that is no id", `${base}/share/chat/${C}#key=${K}&message=latest`),
  ],
  invalid: [
    noUrl("U6", "nothing", "", "no URL"),
    noUrl("U6", "words", "have a look", "no URL"),
    noUrl("U6", "no scheme", `share.example/share/chat/${C}#key=${K}`, "no URL: the server must be clear"),
    noUrl("U6", "no chat", `${base}/#key=${K}`, "no id"),
    noUrl("U6", "a chat id cut short", `${base}/share/chat/${C.slice(1)}#key=${K}`, "21 characters"),
    noUrl("U6", "no fragment", `${base}/share/chat/${C}`, "the key is lost"),
    noUrl("U6", "an empty key", `${base}/share/chat/${C}#key=`, "the key is lost"),
    noUrl("U6", "a key in the query", `${base}/share/chat/${C}?key=${K}`, "there the server has read it"),
    noUrl("U6", "a key cut short", `${base}/share/chat/${C}#key=${K.slice(1)}`, "42 characters"),
    noUrl("U6", "a key too long", `${base}/share/chat/${C}#key=${K}A`, "44 characters"),
    noUrl("U6", "a second spelling of a key", `${base}/share/chat/${C}#key=${"A".repeat(42)}B`, "set bits behind the last byte"),
    noUrl("U4", "two keys", `${base}/share/chat/${C}#key=${K}&key=${text(fixed("other link key"))}`, "nobody guesses which"),
    noUrl("U4", "two chats", `${base}/#chat-id=${C}&chat-id=${text(otherChat)}&key=${K}`, "nobody guesses which"),
    noUrl("U4", "another chat in the fragment than in the path", `${base}/share/chat/${C}#chat-id=${text(otherChat)}&key=${K}`, "nobody guesses which"),
    noUrl("U4", "a chat and an embed", `${base}/#chat-id=${C}&embed-id=${C}&key=${K}`, "nobody guesses which"),
  ],
};

// --- Section 14: embeds ---

const CHUNK = 262_144;
const embed = id("embed");
const embedKey = fixed("embed key");
const commitmentOf = (key) => hkdf(key, embed, "embed key commitment");

/** Content by the rule that vectors name: byte i is i mod 251. */
const filled = (size) => Buffer.from(Uint8Array.from({ length: size }, (_, i) => i % 251));

function chunksOf(content) {
  const padded = Buffer.concat([content, Buffer.alloc(padme(content.length, 1024) - content.length)]);
  return Array.from({ length: Math.ceil(padded.length / CHUNK) }, (_, i) => padded.subarray(i * CHUNK, (i + 1) * CHUNK));
}
const digestsOf = (chunks) => Buffer.concat(chunks.map((chunk) => sha256(chunk)));

function sealChunk({ chunk, index = 0, last = 1, digests, key = embedKey, at = embed }) {
  const contentKey = Buffer.from(
    hkdfSync("sha256", key, at, Buffer.concat([label("content key of an embed"), sha256(label("embed content"), digests)]), 32),
  );
  const nonce = Buffer.concat([Buffer.alloc(7), u32(index), Buffer.from([last])]);
  return gcm(contentKey, nonce, Buffer.concat([label("embed chunk"), at]), chunk);
}

const noteBytes = Buffer.from("A note, and nothing more.");
const [noteChunk] = chunksOf(noteBytes);
const noteDigests = digestsOf([noteChunk]);
const atChunk = (over) => ({ embedKey: text(embedKey), embed: text(embed), size: noteBytes.length, digests: text(noteDigests), index: 0, sealed: text(sealChunk({ chunk: noteChunk, digests: noteDigests })), ...over });
const noChunk = (rule, name, error, reason, over) => ({ rule, name, ...atChunk(over), error, reason });
const dirty = flip(noteChunk, -1);
const dirtyDigests = digestsOf([dirty]);

const embedChunks = {
  valid: [
    { rule: "F8", name: "the only chunk", ...atChunk(), content: text(noteBytes) },
    { rule: "F1", name: "of an empty file", ...atChunk({ size: 0, digests: text(digestsOf(chunksOf(Buffer.alloc(0)))), sealed: text(sealChunk({ chunk: Buffer.alloc(1024), digests: digestsOf(chunksOf(Buffer.alloc(0))) })) }), content: "" },
  ],
  /** `stored` is the SHA-256 of all encrypted chunks, one behind the other. */
  whole: [0, 1, 1024, 1025, CHUNK, CHUNK + 1, 3 * CHUNK].map((size) => {
    const chunks = chunksOf(filled(size));
    const digests = digestsOf(chunks);
    const sealed = chunks.map((chunk, index) => sealChunk({ chunk, index, last: index === chunks.length - 1 ? 1 : 0, digests }));
    return { rule: "F8", name: `${size} bytes, byte i being i mod 251`, embedKey: text(embedKey), embed: text(embed), size, digests: text(digests), length: Buffer.concat(sealed).length, stored: text(sha256(...sealed)) };
  }),
  invalid: [
    noChunk("F9", "altered", "wrong_key", "one bit", { sealed: text(flip(sealChunk({ chunk: noteChunk, digests: noteDigests }), 3)) }),
    noChunk("F9", "another embed's", "wrong_key", "the embed id is bound", { embed: text(id("other embed")) }),
    noChunk("F9", "another key's", "wrong_key", "the key is wrong", { embedKey: text(fixed("other embed key")) }),
    noChunk("F9", "of other hashes", "wrong_key", "the key depends on them", { digests: text(dirtyDigests) }),
    noChunk("F9", "said not to be the last", "wrong_key", "the end is bound", { sealed: text(sealChunk({ chunk: noteChunk, last: 0, digests: noteDigests })) }),
    noChunk("F9", "of another place", "wrong_key", "the number is bound", { sealed: text(sealChunk({ chunk: noteChunk, index: 1, digests: noteDigests })) }),
    noChunk("F9", "not what was signed", "bad_signature", "encrypted well, by somebody with the key", { sealed: text(sealChunk({ chunk: dirty, digests: noteDigests })) }),
    noChunk("F9", "with something in the padding", "bad_padding", "the last byte is 1", { digests: text(dirtyDigests), sealed: text(sealChunk({ chunk: dirty, digests: dirtyDigests })) }),
    noChunk("F9", "a byte short", "malformed", "1,039 bytes", { sealed: text(sealChunk({ chunk: noteChunk, digests: noteDigests }).subarray(1)) }),
    noChunk("F9", "a byte long", "malformed", "1,041 bytes", { sealed: text(Buffer.concat([sealChunk({ chunk: noteChunk, digests: noteDigests }), Buffer.alloc(1)])) }),
    noChunk("F9", "beyond the end", "malformed", "there is one chunk", { index: 1 }),
    noChunk("F9", "in front of the beginning", "malformed", "chunks count from 0", { index: -1 }),
  ],
};

const chatTag = (of, key = embedKey) => text(sha256(label("chat of an embed"), commitmentOf(key), of));
const note = { type: "document", name: "note.md", mediaType: "text/markdown", size: noteBytes.length, width: null, height: null, language: null, time: 1_760_000_000_003, chat: chatTag(chat), digests: text(noteDigests) };

function embedHeader({ json = note, signer = writer, ...twist } = {}) {
  const place = Buffer.concat([label("sealed embed header"), Buffer.from([1]), embed]);
  const body = Buffer.isBuffer(json) ? json : Buffer.from(JSON.stringify(json));
  const signature = signer.sign(Buffer.concat([label("embed signature"), twist.signedPlace ?? place, twist.commitment ?? commitmentOf(embedKey), body]));
  const plaintext = twist.plaintext ?? Buffer.concat([signature, twist.publicKey ?? signer.publicKey, twist.padded ?? pad(body, 96, 256)]);
  const nonce = fixed(`embed header nonce ${body.toString("hex")} ${JSON.stringify(Object.keys(twist))} ${text(signer.sender)}`, 12);
  return Buffer.concat([Buffer.from([1]), nonce, gcm(hkdf(embedKey, embed, "embed header key"), nonce, place, plaintext)]);
}

const noteHeader = embedHeader();
const inMessage = (over) => ({ embedKey: text(embedKey), embed: text(embed), chat: text(chat), sender: text(writer.sender), owner: null, sealed: text(noteHeader), ...over });
const byLink = (over) => inMessage({ chat: null, sender: null, owner: text(writer.publicKey), ...over });
const noHeader = (rule, name, error, reason, over) => ({ rule, name, ...inMessage(over), error, reason });
const headerJson = (name, reason, over) => noHeader("F6", name, "malformed", reason, { sealed: text(embedHeader({ json: { ...note, ...over } })) });
const twoChunks = { ...note, type: "image", name: "bild\u202e.png", mediaType: "image/png", width: 65_535, height: 1, size: CHUNK + 1, digests: text(digestsOf(chunksOf(filled(CHUNK + 1)))) };

const embedHeaders = {
  valid: [
    { rule: "F3", name: "in a message", ...inMessage(), publicKey: text(writer.publicKey), header: note },
    { rule: "F10", name: "by a link of its own", ...byLink(), publicKey: text(writer.publicKey), header: note },
    { rule: "F6", name: "a picture of two chunks", ...byLink({ sealed: text(embedHeader({ json: twoChunks })) }), publicKey: text(writer.publicKey), header: twoChunks },
    { rule: "F6", name: "of no chat, by a link", ...byLink({ sealed: text(embedHeader({ json: { ...note, chat: null } })) }), publicKey: text(writer.publicKey), header: { ...note, chat: null } },
    { rule: "F6", name: "a type of a later version", ...byLink({ sealed: text(embedHeader({ json: { ...note, type: "skill-web-search" } })) }), publicKey: text(writer.publicKey), header: { ...note, type: "skill-web-search" } },
  ],
  invalid: [
    noHeader("F4", "of another embed", "wrong_key", "the embed id is bound", { embed: text(id("other embed")) }),
    noHeader("F4", "another key", "wrong_key", "the key is wrong", { embedKey: text(fixed("other embed key")) }),
    noHeader("F4", "altered nonce", "wrong_key", "one bit", { sealed: text(flip(noteHeader, 1)) }),
    noHeader("F4", "altered", "wrong_key", "one bit", { sealed: text(flip(noteHeader, 40)) }),
    noHeader("F5", "signed for another key", "bad_signature", "the commitment is another's", { sealed: text(embedHeader({ commitment: commitmentOf(fixed("other embed key")) })) }),
    noHeader("F5", "signed for another embed", "bad_signature", "the place is another's", { sealed: text(embedHeader({ signedPlace: Buffer.concat([label("sealed embed header"), Buffer.from([1]), id("other embed")]) })) }),
    noHeader("F5", "with another's signature", "bad_signature", "a stranger signed", { sealed: text(embedHeader({ signer: stranger, publicKey: writer.publicKey })) }),
    noHeader("F7", "in a message of another chat", "wrong_key", "it belongs to a chat", { chat: text(otherChat) }),
    noHeader("F7", "in a message, though of no chat", "wrong_key", "chat is null", { sealed: text(embedHeader({ json: { ...note, chat: null } })) }),
    noHeader("F7", "in somebody else's message", "wrong_sender", "the writer signed, and a stranger's message shows it", { sender: text(stranger.sender) }),
    { ...noHeader("F10", "by a link that names another", "wrong_sender", "the writer signed", {}), ...byLink({ owner: text(stranger.publicKey) }) },
    noHeader("F11", "empty", "malformed", "no version", { sealed: "" }),
    noHeader("F11", "of another version", "unsupported_version", "version 2", { sealed: text(flip(noteHeader, 0, 3)) }),
    noHeader("F11", "without room for nonce and tag", "malformed", "28 bytes", { sealed: text(noteHeader.subarray(0, 28)) }),
    noHeader("F11", "without room for signature and key", "malformed", "95 bytes inside", { sealed: text(embedHeader({ plaintext: Buffer.alloc(95) })) }),
    noHeader("F11", "too long", "too_large", "16,385 bytes", { sealed: text(Buffer.concat([noteHeader, Buffer.alloc(16_385 - noteHeader.length)])) }),
    noHeader("P3", "without padding", "bad_padding", "the length shows", { sealed: text(embedHeader({ padded: Buffer.concat([u32(2), Buffer.from("{}")]) })) }),
    headerJson("a hash too few", "two chunks, one hash", { size: CHUNK + 1 }),
    headerJson("a hash too many", "one chunk, two hashes", { digests: text(Buffer.concat([noteDigests, noteDigests])) }),
    headerJson("half a hash", "47 bytes", { digests: text(Buffer.concat([noteDigests, noteDigests]).subarray(0, 47)) }),
    headerJson("too large a file", "26,214,401 bytes", { size: 26_214_401 }),
    headerJson("a type with capitals", "types are lower case", { type: "Image" }),
    headerJson("a long name", "256 characters", { name: "x".repeat(256) }),
    headerJson("no pixels", "a picture is not 0 wide", { width: 0 }),
    headerJson("no time", "time is null", { time: null }),
    headerJson("a short tag", "31 bytes", { chat: text(fixed("tag", 31)) }),
  ],
};

const embedLink = linkOf(linkKey, embed).link;
function wrapEmbedKey({ password = null } = {}) {
  const nonce = fixed(`embed wrap nonce ${password}`, 12);
  const additionalData = Buffer.concat([label("wrapped embed key"), embed, embedLink]);
  const sealed = gcm(wrapKey(linkKey, embed, password), nonce, additionalData, Buffer.concat([embedKey, writer.publicKey]));
  return Buffer.concat([Buffer.from([1]), nonce, sealed]);
}
const embedWrap = wrapEmbedKey();
const atEmbedLink = (over) => ({ linkKey: text(linkKey), password: null, embed: text(embed), link: text(embedLink), wrapped: text(embedWrap), ...over });
const noEmbedLink = (rule, name, error, reason, over) => ({ rule, name, ...atEmbedLink(over), error, reason });
const opensTo = { embedKey: text(embedKey), owner: text(writer.publicKey) };

const wrappedEmbedKeys = {
  valid: [
    { rule: "F10", name: "without password", ...atEmbedLink(), ...opensTo },
    { rule: "F10", name: "with a password", ...atEmbedLink({ password: "caf\u00e9", wrapped: text(wrapEmbedKey({ password: "caf\u00e9" })) }), ...opensTo },
  ],
  invalid: [
    noEmbedLink("W3", "the password is missing", "wrong_key", "made with a password", { wrapped: text(wrapEmbedKey({ password: "caf\u00e9" })) }),
    noEmbedLink("W2", "moved to another embed", "wrong_key", "the embed id is bound", { embed: text(id("other embed")) }),
    noEmbedLink("W2", "moved to another link", "wrong_key", "the link id is bound", { link: text(id("other link")) }),
    noEmbedLink("F10", "a chat's", "wrong_key", "another label", { wrapped: text(Buffer.concat([Buffer.from([1]), fixed("chat wrap", 12), gcm(wrapKey(linkKey, embed, null), fixed("chat wrap", 12), Buffer.concat([label("wrapped key"), embed, embedLink, u32(1)]), Buffer.concat([embedKey, writer.publicKey]))])) }),
    noEmbedLink("W4", "of another version", "unsupported_version", "version 2", { wrapped: text(flip(embedWrap, 0, 3)) }),
    noEmbedLink("W4", "a byte short", "malformed", "92 bytes", { wrapped: text(embedWrap.subarray(0, 92)) }),
    noEmbedLink("W4", "empty", "malformed", "no version", { wrapped: "" }),
    noEmbedLink("W2", "altered", "wrong_key", "one bit of the public key", { wrapped: text(flip(embedWrap, 45)) }),
  ],
};

// --- Files ---

// --- Section 15: the sealed keyring ---

const keyringSalt = fixed("keyring salt", 16);
const keyringKeys = new Map();
function keyringKey(passphrase, salt) {
  const known = keyringKeys.get(passphrase);
  if (known) return known;
  const pk = pbkdf2Sync(passphrase.normalize("NFC"), Buffer.concat([label("keyring salt"), salt]), 600_000, 32, "sha256");
  keyringKeys.set(passphrase, hkdf(pk, salt, "keyring key"));
  return keyringKeys.get(passphrase);
}
function sealedKeyring({ passphrase = "correct horse", use = 1, version = 1, body, ...twist }) {
  const head = Buffer.concat([Buffer.from([version, use]), keyringSalt]);
  const nonce = fixed(`keyring nonce ${passphrase} ${use} ${body}`, 12);
  const place = Buffer.concat([label("sealed keyring"), twist.place ?? head]);
  return Buffer.concat([head, nonce, gcm(keyringKey(passphrase, keyringSalt), nonce, place, twist.padded ?? pad(Buffer.from(body), 0, 4096))]);
}
const keyringOf = (name, { passphrase = "correct horse", use = 1, sealed, ...rest }) => ({
  name,
  passphrase,
  use: use === 1 ? "synced" : "file",
  sealed: text(sealed),
  ...rest,
});
const plainKeyring = sealedKeyring({ body: "keys" });
const keyrings = {
  valid: [
    { rule: "Y3", ...keyringOf("synced keys", { sealed: plainKeyring, body: text(Buffer.from("keys")) }) },
    { rule: "Y3", ...keyringOf("keys in a file", { use: 2, sealed: sealedKeyring({ use: 2, body: "keys" }), body: text(Buffer.from("keys")) }) },
    { rule: "Y3", ...keyringOf("no keys", { sealed: sealedKeyring({ body: "" }), body: "" }) },
    { rule: "Y3", ...keyringOf("many keys", { sealed: sealedKeyring({ body: "k".repeat(5000) }), body: text(Buffer.from("k".repeat(5000))) }) },
    {
      rule: "Y2",
      ...keyringOf("a passphrase typed in its decomposed form", {
        passphrase: "cafe\u0301 au lait",
        sealed: sealedKeyring({ passphrase: "caf\u00e9 au lait", body: "keys" }),
        body: text(Buffer.from("keys")),
      }),
    },
  ],
  invalid: [
    { rule: "Y1", ...keyringOf("an empty passphrase", { passphrase: "", sealed: plainKeyring, error: "malformed", reason: "no passphrase" }) },
    { rule: "Y4", ...keyringOf("another passphrase", { passphrase: "Correct horse", sealed: plainKeyring, error: "wrong_key", reason: "a capital letter" }) },
    { rule: "Y4", ...keyringOf("an altered salt", { sealed: flip(plainKeyring, 2), error: "wrong_key", reason: "one bit of the salt" }) },
    { rule: "Y4", ...keyringOf("an altered tag", { sealed: flip(plainKeyring, -1), error: "wrong_key", reason: "one bit of the tag" }) },
    { rule: "Y4", ...keyringOf("a file given out by the server", { sealed: sealedKeyring({ use: 2, body: "keys" }), error: "unsupported_kind", reason: "sealed for a file" }) },
    { rule: "Y3", ...keyringOf("a file relabelled as synced keys", { sealed: flip(sealedKeyring({ use: 2, body: "keys" }), 1, 3), error: "wrong_key", reason: "the use is authenticated" }) },
    { rule: "Y4", ...keyringOf("a later version", { sealed: flip(plainKeyring, 0, 3), error: "unsupported_version", reason: "version 2" }) },
    { rule: "Y4", ...keyringOf("nothing", { sealed: Buffer.alloc(0), error: "malformed", reason: "no bytes" }) },
    { rule: "Y4", ...keyringOf("too short", { sealed: plainKeyring.subarray(0, 45), error: "malformed", reason: "no room for nonce and tag" }) },
    { rule: "Y4", ...keyringOf("padding left out", { sealed: sealedKeyring({ body: "keys", padded: Buffer.concat([u32(4), Buffer.from("keys")]) }), error: "bad_padding", reason: "8 bytes instead of 4096" }) },
  ],
};

// --- Section 17: safety numbers ---

const half = ({ sender }) => {
  const hash = sha256(label("safety number"), sender);
  return [0, 1, 2, 3, 4, 5].map((i) => String(Number(hash.readUIntBE(5 * i, 5)) % 100_000).padStart(5, "0")).join("");
};
const safetyNumberOf = (name, [one, other]) => ({
  rule: "H1",
  name,
  senders: [text(one.sender), text(other.sender)],
  number: [half(one), half(other)].sort().join(""),
});
const safetyNumbers = {
  valid: [
    safetyNumberOf("of the owner and a writer", [owner, writer]),
    safetyNumberOf("of a writer and the owner", [writer, owner]),
    safetyNumberOf("of the owner and a stranger", [owner, stranger]),
    safetyNumberOf("of somebody alone", [writer, writer]),
  ],
};

// --- Section 18: forks ---

const fork = id("fork");
const forkKey = fixed("fork key");
const forkEnvelopeKey = hkdf(forkKey, fork, "envelope key");
const spokenAt = position(2, fixed("head 2"));
const taken = { type: "message", role: "user", name: "Ada", parts: says("Rye, \"spelt\" & \u{1f35e}\n"), replyTo: null, model: null, time: 5, after: spokenAt };
const placed = (kind, epoch, { in: where, message, sender, wrapped = Buffer.alloc(0) }) =>
  Buffer.concat([label("envelope"), header(kind, epoch), where, message, sender, wrapped]);

/** What somebody signed in the chat, but for what `with` says differently. */
function proofOf({ kind = KIND.content, epoch = 1, of = writer, at = message, json = taken, where = chat, wrapped, ...twist } = {}) {
  const body = typeof json === "string" ? json : JSON.stringify(json);
  const place = placed(kind, epoch, { in: where, message: at, sender: of.sender, wrapped });
  const signature = (twist.signer ?? of).sign(Buffer.concat([label("signature"), place, Buffer.from(body)]));
  const proof = { kind, epoch, key: text(of.publicKey), signature: text(signature), replyKey: wrapped ? text(wrapped) : null, json: body };
  return { ...proof, ...twist.shown };
}

const copyIdOf = (source, where = chat) => hkdf(forkKey, fork, "copy id", 16, Buffer.concat([where, source]));
const copyAfter = position(3, fixed("head 3"));
function copyVector({ rule = "O5", name, at = message, stands, proof = proofOf({ at }), said = null, embeds = [], withheld = false, where = chat, says, over, ...rest }) {
  const place = stands ?? copyIdOf(at, where);
  const json = { type: "copy", chat: text(where), id: text(rest.signedAs ?? at), proof, said, embeds, withheld, time: 9, after: copyAfter, ...over };
  const sealed = envelope({ key: forkEnvelopeKey, of: stranger, message: place, json, placeOf: fork });
  const common = { rule, name, chatKey: text(forkKey), chat: text(fork), epoch: 1, message: text(place), sender: text(stranger.sender), mate: text(service.sender), envelope: text(sealed) };
  if (rest.error) return { ...common, error: rest.error, reason: rest.reason };
  const signer = rest.of ?? writer;
  const copied = { chat: text(where), message: text(at), signed: text(rest.signedAs ?? at), signer: text(signer.sender), edited: rest.edited ?? false, after: rest.claims === undefined ? spokenAt : rest.claims, claim: copyAfter };
  return { ...common, content: says, copied };
}

const shownCopy = { ...taken, withheld: false, after: copyAfter };
const editId = id("edit of a message");
const editJson = { type: "edit", target: text(message), parts: says("Rye alone."), time: 7, after: spokenAt };
const editProof = (over) => proofOf({ kind: KIND.amendment, at: editId, json: editJson, ...over });
const saidOfEdit = { role: "user", name: "Ada", time: 5, model: null, replyTo: text(id("question")) };
const answerProof = (over) => proofOf({ kind: KIND.reply, of: service, at: ask, json: answer, wrapped: wrapReplyKey(), ...over });
const noCopy = (name, error, reason, over) => copyVector({ name, error, reason, ...over });

const attached = { type: "file", name: "note.md", mediaType: "text/markdown", size: noteBytes.length };
const withFile = { ...taken, parts: [{ ...attached, embed: { id: text(embed), key: text(embedKey) } }] };
const anew = { id: text(id("embed of the fork")), key: text(fixed("key of the fork's embed")) };
const brought = (sealed) => [{ id: text(embed), header: text(sealed), as: anew }];
const noFile = (name, error, reason, sealed) => ({ ...noCopy(name, error, reason, { proof: proofOf({ json: withFile }), embeds: brought(sealed) }), rule: "O8" });

const copies = {
  valid: [
    copyVector({ name: "a message", says: shownCopy }),
    copyVector({ name: "one that is not for the model", withheld: true, says: { ...shownCopy, withheld: true } }),
    copyVector({ name: "one whose writer has said so in it", proof: proofOf({ json: { ...taken, withheld: true } }), says: { ...shownCopy, withheld: true } }),
    copyVector({ rule: "O8", name: "a file that was uploaded anew", proof: proofOf({ json: withFile }), embeds: brought(noteHeader), says: { ...shownCopy, parts: [{ ...attached, embed: { ...anew, content: text(sha256(label("embed content"), noteDigests)) } }] } }),
    copyVector({ rule: "O8", name: "a file without an entry", proof: proofOf({ json: withFile }), says: { ...shownCopy, parts: [{ ...attached, embed: null }] } }),
    copyVector({ rule: "O7", name: "a reply to one that was copied too", proof: proofOf({ json: { ...taken, replyTo: text(id("question")) } }), says: { ...shownCopy, replyTo: text(copyIdOf(id("question"))) } }),
    copyVector({ name: "of a later version", proof: proofOf({ json: { type: "poll", emoji: "x", time: 1, after: spokenAt } }), says: { type: "unknown", named: "poll", json: { emoji: "x" }, time: 1, after: copyAfter } }),
    copyVector({ name: "of a later epoch", proof: proofOf({ epoch: 7 }), says: shownCopy }),
    copyVector({ rule: "O6", name: "an edited message", at: message, signedAs: editId, proof: editProof(), said: saidOfEdit, edited: true, says: { ...shownCopy, ...saidOfEdit, parts: editJson.parts, replyTo: text(copyIdOf(id("question"))) } }),
    copyVector({ name: "an answer", at: ask, proof: answerProof(), of: service, claims: null, says: { ...answerAsRead, replyTo: text(copyIdOf(message)) } }),
  ],
  invalid: [
    noCopy("words that were not signed", "bad_signature", "another text", { proof: proofOf({ shown: { json: JSON.stringify({ ...taken, parts: says("Wheat.") }) } }) }),
    noCopy("a space more", "bad_signature", "the JSON is compared by bytes", { proof: proofOf({ shown: { json: `${JSON.stringify(taken)} ` } }) }),
    noCopy("another's key beside it", "bad_signature", "the signer is bound", { proof: proofOf({ shown: { key: text(owner.publicKey) } }) }),
    noCopy("signed by the forker in another's name", "bad_signature", "the key is not the signer's", { proof: proofOf({ signer: stranger }) }),
    noCopy("signed in another chat", "bad_signature", "the chat id is bound", { proof: proofOf({ where: otherChat }) }),
    noCopy("signed as another message", "bad_signature", "the message id is bound", { proof: proofOf({ at: id("question") }) }),
    noCopy("signed in another epoch", "bad_signature", "the epoch is bound", { proof: proofOf({ shown: { epoch: 2 } }) }),
    noCopy("signed as another kind", "bad_signature", "the kind is bound", { proof: proofOf({ shown: { kind: 5 } }), said: saidOfEdit }),
    noCopy("an altered signature", "bad_signature", "one bit", { proof: proofOf({ shown: { signature: text(flip(Buffer.from(proofOf().signature, "base64url"), 3)) } }) }),
    noCopy("a signature cut short", "malformed", "63 bytes", { proof: proofOf({ shown: { signature: text(Buffer.alloc(63)) } }) }),
    noCopy("no proof", "malformed", "null", { proof: null }),
    noCopy("a message with words of the forker's beside it", "malformed", "only edits leave something to say", { said: saidOfEdit }),
    { ...noCopy("an edit with nobody who speaks", "malformed", "it doesn't sign who spoke", { signedAs: editId, proof: editProof() }), rule: "O6" },
    { ...noCopy("an edit of another message", "malformed", "the target is signed", { signedAs: editId, stands: copyIdOf(id("question")), proof: editProof(), said: saidOfEdit }), rule: "O6" },
    { ...noCopy("a redaction", "malformed", "it has no words", { signedAs: editId, proof: editProof({ json: { type: "redaction", target: text(message), time: 7, after: spokenAt } }), said: saidOfEdit }), rule: "O6" },
    { ...noCopy("under another id", "malformed", "ids of copies are computed", { stands: id("other message") }), rule: "O7" },
    noCopy("a copy of a copy", "malformed", "the first proof goes along instead", { proof: proofOf({ json: { type: "copy", time: 1, after: spokenAt } }) }),
    noCopy("a seal", "malformed", "no message of the chat", { at: noMessage, proof: proofOf({ kind: KIND.seal, of: owner, at: noMessage, json: sealed }) }),
    noCopy("an answer of somebody else's", "wrong_sender", "signed by a person", { at: ask, proof: answerProof({ of: stranger }) }),
    noCopy("an answer beside another reply key", "bad_signature", "the wrapped key is bound", { at: ask, proof: answerProof({ shown: { replyKey: text(otherWrap) } }) }),
    noFile("a file that another made", "wrong_sender", "the header is the stranger's", embedHeader({ signer: stranger })),
    noFile("a file of another chat", "wrong_key", "the header names another chat", embedHeader({ json: { ...note, chat: chatTag(otherChat) } })),
    noFile("a file of no chat", "wrong_key", "the header names none", embedHeader({ json: { ...note, chat: null } })),
    noCopy("an answer without its reply key", "malformed", "it belongs to the place", { at: ask, proof: answerProof({ shown: { replyKey: null } }) }),
  ],
};

const sealProof = (over) => proofOf({ kind: KIND.seal, of: owner, at: noMessage, json: sealed, ...over });
const originOf = (over) => ({ chats: [{ chat: text(chat), length: 3, seal: sealProof() }], runs: [[0, 1, 1], [0, 3, 3]], first: 3, through: 3, ...over });
const provenSeal = { seq: end.seq, head: end.head, title: sealed.title, time: sealed.time, owner: text(owner.sender), publicKey: text(owner.publicKey) };
const noOrigin = (rule, name, error, reason, over) => ({ rule, name, origin: originOf(over), error, reason });
const ancestor = (over) => [{ chat: text(chat), length: 3, seal: sealProof(), ...over }];

const origins = {
  valid: [
    { rule: "O3", name: "of a chat", origin: originOf(), seals: [provenSeal] },
    { rule: "O3", name: "with a field of a later version", origin: originOf({ mood: "good" }), seals: [provenSeal] },
    { rule: "O2", name: "sealed in a later epoch", origin: originOf({ chats: ancestor({ seal: sealProof({ epoch: 4 }) }) }), seals: [provenSeal] },
  ],
  invalid: [
    noOrigin("O2", "a seal of another chat", "bad_signature", "the chat id is bound", { chats: ancestor({ chat: text(otherChat) }) }),
    noOrigin("O2", "a seal with another title", "bad_signature", "the title is signed", { chats: ancestor({ seal: sealProof({ shown: { json: JSON.stringify({ ...sealed, title: "Mine" }) } }) }) }),
    noOrigin("O2", "a seal with another's key", "bad_signature", "the owner's key is bound", { chats: ancestor({ seal: sealProof({ shown: { key: text(stranger.publicKey) } }) }) }),
    noOrigin("O3", "a message where the seal belongs", "unsupported_kind", "kind 1", { chats: ancestor({ seal: proofOf() }) }),
    noOrigin("O3", "no ancestor", "malformed", "an empty list", { chats: [] }),
    noOrigin("O3", "17 ancestors", "malformed", "at most 16", { chats: Array(17).fill(ancestor()[0]) }),
    noOrigin("O3", "nothing taken over", "malformed", "an empty list", { runs: [] }),
    noOrigin("O3", "a run backwards", "malformed", "from 3 to 1", { runs: [[0, 3, 1]] }),
    noOrigin("O3", "a message number 0", "malformed", "numbers count from 1", { runs: [[0, 0, 1]] }),
  ],
};

// --- Section 19: handing over ---

const u64 = (value) => Buffer.concat([u32(Math.floor(value / 2 ** 32)), u32(value % 2 ** 32)]);
const when = ({ seq, head, time }) => Buffer.concat([u32(seq), head, u64(time)]);
const OFFERED = { seq: 3, head: fixed("head 3"), time: 1_760_000_000_000 };
const ACCEPTED = { seq: 5, head: fixed("head 5"), time: 1_760_000_600_000 };

function offerOf({ from = owner, to = writer, of = chat, at = OFFERED, version = 1, signer = from, named = "offer of a chat" } = {}) {
  const said = Buffer.concat([Buffer.from([version]), of, from.publicKey, to.publicKey, when(at)]);
  return Buffer.concat([said, signer.sign(Buffer.concat([label(named), said]))]);
}

function successionOf({ offer = offerOf(), heir = writer, at = ACCEPTED, named = "acceptance of a chat" } = {}) {
  const said = Buffer.concat([offer, when(at)]);
  return Buffer.concat([said, heir.sign(Buffer.concat([label(named), said]))]);
}

const successionsOf = (rule, name, successions, rest) => ({
  rule,
  name,
  chat: text(chat),
  founder: text(owner.publicKey),
  successions: text(Buffer.concat(successions)),
  ...rest,
});
const since = ({ seq, head }) => ({ seq, head: text(head) });
const founded = { sender: text(owner.sender), since: null };
const once = successionOf();
const LATER = { seq: 9, head: fixed("head 9"), time: 1_760_000_900_000 };
const twice = successionOf({ offer: offerOf({ from: writer, to: stranger, at: ACCEPTED }), heir: stranger, at: LATER });
const noSuccession = (rule, name, successions, error, reason) => successionsOf(rule, name, successions, { error, reason });
const successions = {
  valid: [
    successionsOf("H7", "none", [], { owners: [founded] }),
    successionsOf("H7", "one", [once], { owners: [founded, { sender: text(writer.sender), since: since(ACCEPTED) }] }),
    successionsOf("H7", "two, one behind the other", [once, twice], {
      owners: [founded, { sender: text(writer.sender), since: since(ACCEPTED) }, { sender: text(stranger.sender), since: since(LATER) }],
    }),
    successionsOf("H6", "accepted where it was offered", [successionOf({ at: OFFERED })], {
      owners: [founded, { sender: text(writer.sender), since: since(OFFERED) }],
    }),
  ],
  invalid: [
    noSuccession("H7", "of another chat", [successionOf({ offer: offerOf({ of: otherChat }) })], "wrong_key", "the chat id is bound"),
    noSuccession("H7", "by somebody whose it is not", [successionOf({ offer: offerOf({ from: stranger }) })], "wrong_sender", "the stranger offers it"),
    noSuccession("H7", "by the old owner once more", [once, successionOf({ offer: offerOf({ to: stranger, at: ACCEPTED }), heir: stranger, at: LATER })], "wrong_sender", "it is the writer's by then"),
    noSuccession("H7", "the second one alone", [twice], "wrong_sender", "the writer's it never became"),
    noSuccession("H5", "an offer signed by another", [successionOf({ offer: offerOf({ signer: stranger }) })], "bad_signature", "the owner did not sign"),
    noSuccession("H5", "a signature of another use", [successionOf({ offer: offerOf({ named: "signature" }) })], "bad_signature", "the label is of messages"),
    noSuccession("H6", "accepted by another", [successionOf({ heir: stranger })], "bad_signature", "who it is offered to did not sign"),
    noSuccession("H6", "an acceptance of another use", [successionOf({ named: "offer of a chat" })], "bad_signature", "the label is of offers"),
    noSuccession("H5", "an altered head", [successionOf({ offer: flip(offerOf(), 90) })], "bad_signature", "one bit of the offer's head"),
    noSuccession("H6", "an altered time", [flip(once, 189 + 36 + 7)], "bad_signature", "one bit of the acceptance's time"),
    noSuccession("H7", "accepted before it was offered", [successionOf({ at: { ...ACCEPTED, seq: 2 } })], "rollback", "2 is less than 3"),
    noSuccession("H7", "offered before it was received", [once, successionOf({ offer: offerOf({ from: writer, to: stranger }), heir: stranger, at: LATER })], "rollback", "3 is less than 5"),
    noSuccession("H7", "to oneself", [successionOf({ offer: offerOf({ to: owner }), heir: owner })], "malformed", "both keys are one"),
    noSuccession("H7", "an offer that nobody accepted", [offerOf()], "malformed", "189 bytes"),
    noSuccession("H7", "offered at a time that no calendar reaches", [successionOf({ offer: offerOf({ at: { ...OFFERED, time: 8_640_000_000_000_001 } }) })], "malformed", "a millisecond over the limit"),
    noSuccession("H7", "accepted at a time that no calendar reaches", [successionOf({ at: { ...ACCEPTED, time: 8_640_000_000_000_001 } })], "malformed", "a millisecond over the limit"),
    noSuccession("H7", "accepted behind the last number", [successionOf({ at: { ...ACCEPTED, seq: 2 ** 31 } })], "malformed", "one over the limit"),
    noSuccession("H7", "a later version", [successionOf({ offer: offerOf({ version: 2 }) })], "unsupported_version", "version 2"),
  ],
};

const PRIME = 2n ** 255n - 19n;
const mod = (value) => ((value % PRIME) + PRIME) % PRIME;
function inverse(value) {
  let [a, b, x, y] = [mod(value), PRIME, 1n, 0n];
  while (a > 1n) [a, b, x, y] = [b % a, a, y - (b / a) * x, x];
  return mod(x);
}
const littleEndian = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
const rawX25519 = (raw, secret) => {
  const der = Buffer.concat([Buffer.from(secret ? "302e020100300506032b656e04220420" : "302a300506032b656e032100", "hex"), raw]);
  return secret ? createPrivateKey({ key: der, format: "der", type: "pkcs8" }) : createPublicKey({ key: der, format: "der", type: "spki" });
};
function montgomery({ publicKey }) {
  const y = littleEndian(publicKey) & (2n ** 255n - 1n);
  const u = mod((1n + y) * inverse(1n - y));
  return Buffer.from(u.toString(16).padStart(64, "0"), "hex").reverse();
}

function bequest({ to = writer, offer = offerOf(), body = "keys", bound = offer, padded, version = 1 } = {}) {
  const secret = rawX25519(fixed("fresh key"), true);
  const fresh = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  const shared = diffieHellman({ privateKey: secret, publicKey: rawX25519(montgomery(to), false) });
  const key = hkdf(shared, Buffer.alloc(0), "bequest key", 32, Buffer.concat([fresh, offer]));
  const front = Buffer.concat([Buffer.from([version]), fresh]);
  const nonce = fixed(`bequest nonce ${body} ${text(bound)} ${text(to.sender)}`, 12);
  const plaintext = padded ?? pad(Buffer.from(body), 0, 256);
  return Buffer.concat([front, nonce, gcm(key, nonce, Buffer.concat([label("sealed bequest"), front, bound]), plaintext)]);
}

const bequestOf = (rule, name, sealed, rest) => ({
  rule,
  name,
  offer: text(offerOf()),
  privateKey: text(writer.pkcs8),
  publicKey: text(writer.publicKey),
  sealed: text(sealed),
  ...rest,
});
const bequests = {
  valid: [
    bequestOf("H9", "keys", bequest(), { body: text(Buffer.from("keys")) }),
    bequestOf("H9", "nothing", bequest({ body: "" }), { body: "" }),
    bequestOf("H9", "many keys", bequest({ body: "k".repeat(3000) }), { body: text(Buffer.from("k".repeat(3000))) }),
  ],
  invalid: [
    bequestOf("H9", "to somebody else", bequest({ to: stranger }), { error: "wrong_key", reason: "the stranger's key" }),
    bequestOf("H9", "of another offer", bequest({ offer: offerOf({ at: ACCEPTED }) }), { error: "wrong_key", reason: "the offer is bound" }),
    bequestOf("H9", "beside another offer", bequest({ bound: offerOf({ at: ACCEPTED }) }), { error: "wrong_key", reason: "the offer is authenticated" }),
    bequestOf("H9", "another fresh key", flip(bequest(), 1), { error: "wrong_key", reason: "one bit of it" }),
    bequestOf("H9", "no fresh key", Buffer.concat([Buffer.from([1]), Buffer.alloc(32), bequest().subarray(33)]), { error: "wrong_key", reason: "a point of small order" }),
    bequestOf("H9", "an altered tag", flip(bequest(), -1), { error: "wrong_key", reason: "one bit of the tag" }),
    bequestOf("H9", "padding left out", bequest({ padded: Buffer.concat([u32(4), Buffer.from("keys")]) }), { error: "bad_padding", reason: "8 bytes instead of 256" }),
    bequestOf("H9", "a later version", bequest({ version: 2 }), { error: "unsupported_version", reason: "version 2" }),
    bequestOf("H9", "no bytes", Buffer.alloc(0), { error: "malformed", reason: "nothing" }),
    bequestOf("H9", "too short", bequest().subarray(0, 60), { error: "malformed", reason: "no room for nonce and tag" }),
  ],
};

// --- Section 16: a chat in a file ---

/** MessagePack, of what is in such a file. */
function msgpack(value) {
  const sized = (codes, length) => {
    const [at, bytes] = [[0x100, 1], [0x10000, 2], [0x100000000, 4]].map(([end, size], i) => [i, size, end]).find(([, , end]) => length < end);
    const counted = Buffer.alloc(bytes);
    counted.writeUIntBE(length, 0, bytes);
    return Buffer.concat([Buffer.from([codes[at]]), counted]);
  };
  if (Buffer.isBuffer(value)) return Buffer.concat([sized([0xc4, 0xc5, 0xc6], value.length), value]);
  if (typeof value === "string") return Buffer.concat([sized([0xd9, 0xda, 0xdb], Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === "number") {
    if (value < 2 ** 32) return sized([0xcc, 0xcd, 0xce], value);
    const float = Buffer.alloc(9, 0xcb);
    float.writeDoubleBE(value, 1);
    return float;
  }
  const counted = (code, length) => Buffer.from([code, length >> 8, length & 255]);
  if (Array.isArray(value)) return Buffer.concat([counted(0xdc, value.length), ...value.map(msgpack)]);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Buffer.concat([counted(0xde, fields.length), ...fields.flatMap(([name, field]) => [msgpack(name), msgpack(field)])]);
}

/** As stored: with number and head. */
function storedChain(entries) {
  let head = empty;
  return entries.map(({ id: at, envelope: bytes, of }, i) => {
    head = append(head, { id: at, envelope: bytes });
    return { id: text(at), sender: text(of.sender), envelope: bytes, seq: i + 1, head, storedAt: 1_760_000_000_000 + i };
  });
}

const keptWords = ["How long does rye take?", "A day, in the cold.", "And spelt?"];
const keptEntries = keptWords.map((words, i) => {
  const at = id(`kept ${i}`);
  const json = { ...hello, name: "Ada", parts: says(words), replyTo: null, after: position(0, empty) };
  return { id: at, of: owner, envelope: envelope({ of: owner, message: at, json }) };
});
const keptMessages = storedChain(keptEntries);
const sealAt = (messages, over = {}) => seal({ json: { ...sealed, at: position(messages.length, messages.at(-1).head), title: "Bread" }, ...over });
const keptFile = (over) => msgpack({
  version: 1, chat: text(chat), linkKey, wrappedKeys: [{ epoch: 1, key: plainWrap }], mate: service.publicKey,
  seal: sealAt(keptMessages), messages: keptMessages, embeds: [], from: "https://share.example", keptAt: 1_760_000_009_000, ...over,
});
const keptReading = { role: "reader", title: "Bread", messages: keptWords, from: "https://share.example", keptAt: 1_760_000_009_000 };
const kept = (rule, name, { password = null, file = keptFile(), ...over } = {}) => ({ rule, name, password, file: text(file), read: { ...keptReading, ...over } });
const noKept = (rule, name, error, reason, { password = null, file }) => ({ rule, name, password, file: text(file), error, reason });
const keptWrap = { wrappedKeys: [{ epoch: 1, key: withPassword }] };
const answeredBy = (who) => {
  const bytes = reply({ of: who, json: { ...answer, replyTo: text(id("kept 0")) } });
  return storedChain([...keptEntries, { id: ask, of: who, envelope: bytes }]);
};
const answered = answeredBy(service);
const pretended = answeredBy(stranger);
const [keptFirst, keptSecond, keptThird] = keptMessages;

const keptChats = {
  valid: [
    kept("Z1", "a chat of three messages"),
    kept("Z1", "with a name of a later version", { file: keptFile({ mood: "good" }) }),
    kept("Z2", "with a password", { password: "caf\u00e9 au lait", file: keptFile(keptWrap) }),
    kept("Z3", "with a message behind the seal, as a member sees it", { file: keptFile({ seal: sealAt(keptMessages.slice(0, 2)) }), role: "member" }),
    kept("Z3", "with an answer of the service that the file names", { file: keptFile({ messages: answered, seal: sealAt(answered) }), messages: [...keptWords, answer.text] }),
    kept("Z3", "with an answer of another service, which is none", { file: keptFile({ messages: pretended, seal: sealAt(pretended) }), messages: [...keptWords, "wrong_sender"] }),
    kept("Z5", "says that it comes from elsewhere, which nobody can know", { file: keptFile({ from: "https://elsewhere.example", keptAt: 1 }), from: "https://elsewhere.example", keptAt: 1 }),
  ],
  invalid: [
    noKept("Z1", "another version", "unsupported_version", "version 2", { file: keptFile({ version: 2 }) }),
    noKept("Z1", "no MessagePack", "malformed", "the end is missing", { file: keptFile().subarray(0, -1) }),
    noKept("Z1", "nothing", "malformed", "no bytes", { file: Buffer.alloc(0) }),
    noKept("Z1", "without a seal", "malformed", "the owner's word is missing", { file: keptFile({ seal: undefined }) }),
    noKept("Z1", "half a link key", "malformed", "31 bytes", { file: keptFile({ linkKey: linkKey.subarray(0, 31) }) }),
    noKept("Z2", "the password is missing", "wrong_key", "made with a password", { file: keptFile(keptWrap) }),
    noKept("Z2", "another password", "wrong_key", "made with another", { password: "tea", file: keptFile(keptWrap) }),
    noKept("Z2", "the link key of another file", "wrong_key", "the wrapped keys are under another", { file: keptFile({ linkKey: fixed("other link key") }) }),
    noKept("Z3", "an altered message", "head_mismatch", "one bit of it", { file: keptFile({ messages: [keptFirst, { ...keptSecond, envelope: flip(keptSecond.envelope, -1) }, keptThird] }) }),
    noKept("Z3", "two messages exchanged", "seal_mismatch", "the heads add up, and not to the sealed one", { file: keptFile({ messages: storedChain([keptEntries[1], keptEntries[0], keptEntries[2]]) }) }),
    noKept("Z3", "without its end", "head_mismatch", "what the seal names is missing (T6)", { file: keptFile({ messages: [keptFirst, keptSecond] }) }),
    noKept("Z3", "sealed by another than the owner", "wrong_key", "a stranger's seal", { file: keptFile({ seal: sealAt(keptMessages, { of: stranger }) }) }),
  ],
};

// --- Section 13: mentions ---

/** By rule and name. */
const ASKS = {
  "M1: alone": "@OpenMates",
  "M1: in lower case": "@openmates what is this?",
  "M1: in upper case": "HEY @OPENMATES!",
  "M1: in the middle of a sentence": "could @OpenMates explain that?",
  "M1: with a comma": "@OpenMates, please",
  "M1: with a colon": "@OpenMates: please",
  "M1: at the end of a sentence": "Ask @OpenMates.",
  "M1: before an ellipsis": "@OpenMates...please",
  "M1: before a dash": "@OpenMates—please",
  "M1: before two hyphens": "@OpenMates--please",
  "M1: after a hyphen that is a dash": "thanks -@OpenMates",
  "M1: directly after a full stop": "Done.@OpenMates what next?",
  "M1: in parentheses": "(@OpenMates?)",
  "M1: in quotation marks": 'He wrote "@OpenMates" there',
  "M1: possessive": "@OpenMates's answer",
  "M1: possessive with a curly apostrophe": "@OpenMates\u{2019}s answer",
  "M1: after an emoji": "\u{2764}\u{fe0f}@OpenMates",
  "M1: before an emoji": "@OpenMates\u{1f44b}",
  "M1: on a line of its own": "Look at this.\n@OpenMates\nThanks",
  "M1: after a Windows line end": "Look at this.\r\n\r\n@OpenMates",
  "M1: a second one counts when the first does not": "`@OpenMates` is how you call @OpenMates",
  "M2: Chinese directly behind": "@OpenMates你好",
  "M2: Chinese directly before": "你好@OpenMates",
  "M2: Japanese behind": "@OpenMatesさん、お願い",
  "M2: a Korean particle behind": "@OpenMates에게 물어봐",
  "M2: Thai on both sides": "ถาม@OpenMatesหน่อย",
  "M2: a full-width comma": "@OpenMates，你好",
  "M2: an ideographic full stop before": "好。@OpenMates",
  "M3: bold": "**@OpenMates** please",
  "M3: italic with underscores": "_@OpenMates_ please",
  "M3: bold with underscores": "__@OpenMates__ please",
  "M3: in a heading": "# @OpenMates",
  "M3: in a list": "- one\n- @OpenMates two",
  "M3: in a nested list": "- one\n  1. @OpenMates two",
  "M3: in a loose list": "- one\n\n- two\n\n  @OpenMates three",
  "M3: in a task": "- [ ] @OpenMates",
  "M3: in a table's cell": "| a | b |\n|---|---|\n| c | @OpenMates |",
  "M3: in a table's head": "| @OpenMates | b |\n|---|---|\n| c | d |",
  "M3: in an inline tag that is no code": "<b>@OpenMates</b>",
  "M4: below a quote": "> what they said\n\n@OpenMates is that so?",
  "M4: directly below a quote": "> what they said\n@OpenMates is that so?",
  "M5: beside code": "`x`@OpenMates",
  "M5: behind a lone backtick": "a ` b @OpenMates",
  "M5: after a fence was closed": "```\ncode\n```\n@OpenMates explain",
  "M6: in brackets that are no link": "[@OpenMates]",
  "M6: in brackets before parentheses that are no address": "[@OpenMates](what do you think)",
  "M6: beside a link": "https://example.org @OpenMates",
  "M6: in angle brackets that are no tag": "<@OpenMates>",
  "M7: behind an HTML comment": "a <!-- x --> @OpenMates",
  "M7: behind a comment that is never closed": "a <!-- @OpenMates",
  "M8: between tildes that strike nothing out": "from ~ 5 @OpenMates to ~ 6",
};

const ASKS_NOTHING = {
  "M1: no mention at all": "OpenMates is a name",
  "M1: a longer name": "@OpenMatesBot",
  "M1: a name with a digit": "@OpenMates2",
  "M1: a name with an underscore": "@OpenMates_bot",
  "M1: a name with a hyphen": "@OpenMates-bot",
  "M1: an accent behind": "@OpenMates\u{301}",
  "M1: a Cyrillic letter behind": "@OpenMatesу",
  "M1: two at signs": "@@OpenMates",
  "M1: an address": "me@openmates.org",
  "M1: an address of a host without a dot": "me@openmates",
  "M1: an address with a plus": "me+@openmates",
  "M1: a host": "@openmates.org",
  "M1: a scope": "npm i @openmates/share",
  "M1: a path": "node_modules/@openmates",
  "M1: an account on another server": "@OpenMates@social.example",
  "M1: a full-width at sign": "＠OpenMates",
  "M1: a small at sign": "\u{fe6b}OpenMates",
  "M1: a name of full-width letters": "@ＯｐｅｎＭａｔｅｓ",
  "M1: a name with Cyrillic letters that look the same": "@\u{41e}penM\u{430}tes",
  "M1: a name with a long s": "@OpenMate\u{17f}",
  "M1: a name with an accent inside": "@Ope\u{301}nMates",
  "M1: a name with a sign inside that nobody sees": "@Open\u{200b}Mates",
  "M1: an accented letter in front": "e\u{301}@OpenMates",
  "M3: underscores inside a word": "foo_@OpenMates",
  "M4: in a quote": "> @OpenMates",
  "M4: in a quote in a list": "- > @OpenMates",
  "M4: in a quote in a quote": "> > @OpenMates",
  "M4: in a list in a quote": "> - @OpenMates",
  "M5: in a code span": "`@OpenMates`",
  "M5: in a code span with two backticks": "`` a ` @OpenMates ``",
  "M5: in a code span over two lines": "`a\n@OpenMates`",
  "M5: in a fence": "```\n@OpenMates\n```",
  "M5: in a fence of tildes": "~~~ts\n@OpenMates\n~~~",
  "M5: in a fence that is never closed": "```\n@OpenMates",
  "M5: in indented code": "text\n\n    @OpenMates",
  "M5: in an HTML code element": "say <code>@OpenMates</code>",
  "M6: the text of a link": "[@OpenMates](https://example.org)",
  "M6: the text of a link with a title": '[ask @OpenMates](<https://example.org> "now")',
  "M6: the address of a link": "[x](https://example.org/@OpenMates)",
  "M6: the title of a link": '[x](/y "@OpenMates")',
  "M6: the text of a reference": "[@OpenMates][a]\n\n[a]: https://example.org",
  "M6: a reference by its own name": "[@OpenMates]\n\n[@openmates]: https://example.org",
  "M6: a link definition": "[a]: https://example.org/@OpenMates",
  "M6: an image's description": "![@OpenMates](a.png)",
  "M6: a bare address": "https://example.org/@OpenMates",
  "M6: a bare address without scheme": "www.example.org/@OpenMates",
  "M6: a bare address with a query": "https://example.org/?to=@OpenMates",
  "M6: an autolink": "<https://example.org/@OpenMates>",
  "M6: an HTML link": '<a href="https://example.org">@OpenMates</a>',
  "M7: escaped": "\\@OpenMates",
  "M7: in a block of HTML": "<div>@OpenMates</div>",
  "M7: in an HTML comment": "a <!-- @OpenMates --> b",
  "M7: in an HTML comment with an angle bracket": "a <!-- x > @OpenMates --> b",
  "M7: in an attribute": 'a <b title="@OpenMates">b</b>',
  "M7: written with an entity": "&#64;OpenMates",
  "M8: struck out": "~~@OpenMates~~ never mind",
  "M8: struck out by one tilde": "~@OpenMates~ never mind",
};

/** What mentions the mate, and yet asks nothing, for how it came into the chat. */
const CAME_OTHERWISE = [
  ["an edit that brings in a mention", "@OpenMates what is this?", { origin: "edited" }],
  ["an edit of a message that asked", "@OpenMates what is that?", { origin: "edited" }],
  ["a conversation brought in from a file", "@OpenMates what is rye?", { origin: "imported" }],
  ["a conversation that was pasted", "could @OpenMates explain that?", { origin: "imported" }],
  ["a message of another chat", "@OpenMates, please", { origin: "copied" }],
  ["a message relayed for somebody who writes elsewhere", "@OpenMates, please", { origin: "relayed" }],
  ["a message that is not for models", "@OpenMates, please", { withheld: true }],
];

const mention = (rule, name, words, over) => ({ rule, name, text: words, origin: "written", withheld: false, ...over });
const byRule = (cases) => Object.entries(cases).map(([title, words]) => mention(...title.split(": "), words));
const mentions = {
  asks: [...byRule(ASKS), mention("M11", "written and sent", "@OpenMates, please"), mention("M11", "text pasted into what one writes", "They said:\n\n> @OpenMates help\n\n@OpenMates is that so?")],
  asksNothing: [...byRule(ASKS_NOTHING), ...CAME_OTHERWISE.map(([name, words, over]) => mention("M11", name, words, over))],
};

const files = {
  base64url,
  ids,
  senders,
  "sender-claims": senderClaims,
  links,
  "wrapped-keys": wrappedKeys,
  padding,
  messages,
  transcript,
  seals,
  "reply-keys": replyKeys,
  deltas,
  given,
  replies,
  "link-labels": linkLabels,
  keyrings,
  "safety-numbers": safetyNumbers,
  successions,
  bequests,
  "share-urls": shareUrls,
  "embed-headers": embedHeaders,
  "embed-chunks": embedChunks,
  "wrapped-embed-keys": wrappedEmbedKeys,
  copies,
  origins,
  mentions,
  "kept-chats": keptChats,
};

for (const [name, vectors] of Object.entries(files)) {
  const file = new URL(`${name}.json`, import.meta.url);
  const made = `${JSON.stringify(vectors, null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === made) continue;
  if (process.argv.includes("--write")) writeFileSync(file, made);
  else process.exitCode = 1;
  console.error(`${name}.json ${process.argv.includes("--write") ? "written" : "differs"}`);
}
