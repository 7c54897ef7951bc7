package dev.ermine.http;

import java.util.Locale;

/** How a request ended, in a word: few enough to count each. */
public enum Ending {
  ANSWERED,
  NOT_FOUND,
  /** Not a request that there is an answer to. */
  MALFORMED,
  /** Not by this asker, or not by this way. */
  REFUSED,
  FAILED,
  UNAVAILABLE,
  TIMED_OUT,
  /** The client went away before its answer. */
  ABANDONED;

  static Ending of(int status) {
    return switch (status) {
      case 401, 403, 508 -> REFUSED;
      case 404 -> NOT_FOUND;
      case 503 -> UNAVAILABLE;
      case 504 -> TIMED_OUT;
      default -> status < 400 ? ANSWERED : status < 500 ? MALFORMED : FAILED;
    };
  }

  /** As metrics write it. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
