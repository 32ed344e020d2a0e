/** Tags sharings of several conversations of a file, whose pictures are in that file alone: it is not kept. */
export const FROM_FILE = "import";
