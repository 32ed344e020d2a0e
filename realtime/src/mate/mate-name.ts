/** As people mention it. The protocol's content package says the same; the server does not import that (R1). */
export const MATE_NAME = "OpenMates";
