package dev.ermine.peer;

/** What the end of one question tells of the server that was asked. */
enum Sign {
  /** It answered whole. */
  WELL,
  /** It could not be reached, broke off, failed, or was too slow: whoever asks, about whomever. */
  ILL,
  /** It spoke, and with that tells nothing of how well it does. */
  ALIVE,
  /** Nothing: the question was given up, or none of it was sent. */
  NONE
}
