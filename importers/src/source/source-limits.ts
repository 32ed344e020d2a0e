const MiB = 1 << 20;

/** Bounds of what is read out of a file. Sizes are bytes. */
export const SOURCE_LIMITS = {
  /** One conversation as JSON. The longest known ones are a tenth of it, and parsing takes about eight times its size. */
  record: 64 * MiB,
  /** A text without structure is held and looked at as a whole; books are a twentieth of it. */
  text: 64 * MiB,
  /** Conversations in their files, unpacked. Heavy users' exports have 1 GB after years. */
  unpacked: 4096 * MiB,
  /** Unpacked bytes from which the ratio counts: what is smaller does no harm, however well it is packed. */
  ratioFrom: 64 * MiB,
  /** Times that a file may grow when unpacked. Exports grow by 3 to 20; what is made to do harm, by up to 1,032. */
  ratio: 200,
  /** Files in an archive. Each generated image of an export is one. */
  entries: 200_000,
  /** Conversations of one import: a list of a million titles would take the memory that reading saves. */
  conversations: 200_000,
  /** Bytes of one image or file beside a message, as the server takes them. */
  attachment: 25 * MiB,
  /** How often progress is told. */
  progressStep: MiB,
} as const;
