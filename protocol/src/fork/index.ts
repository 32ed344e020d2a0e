/** Where a chat came from: messages of other chats with what proves them (SPEC section 18). Never part of the server. */
export * from "./copy.ts";
export {
  type Ancestor,
  checkAncestor,
  LINEAGE,
  type Lineage,
  ORIGIN,
  type Origin,
  openAncestor,
  type ProvenSeal,
  parseLineage,
  parseOrigin,
  type Run,
  sealLineage,
  sealOrigin,
} from "./origin.ts";
export { type Proof, proofOfMessage, proofOfSeal, verifyProof } from "./proof.ts";
