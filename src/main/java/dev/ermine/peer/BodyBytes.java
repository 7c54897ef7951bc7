package dev.ermine.peer;

import dev.ermine.fhir.Slice;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * The bytes of one body as they come, in one array, up to a limit. What a peer announces buys it
 * little memory; what it sends buys it twice that at most.
 */
final class BodyBytes {

  private static final int FIRST = 16 * 1024;
  private static final int FIRST_AT_MOST = 256 * 1024;

  private final int limit;
  private byte[] bytes;
  private int length;

  /**
   * Room for a body.
   *
   * @param announced {@code Content-Length}, negative when not announced
   */
  BodyBytes(long announced, int limit) {
    long first = announced < 0 ? FIRST : Math.min(announced, FIRST_AT_MOST);
    this.limit = limit;
    this.bytes = new byte[(int) Math.min(first, limit)];
  }

  /** Adds {@code chunk}; false, with nothing added, when it goes beyond the limit. */
  boolean add(Buffer chunk) {
    int needed = length + chunk.length();
    if (needed < 0 || needed > limit) {
      return false;
    }
    if (needed > bytes.length) {
      long doubled = Math.max(needed, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, limit));
    }
    chunk.getBytes(bytes, length);
    length = needed;
    return true;
  }

  Slice slice() {
    return new Slice(bytes, 0, length);
  }
}
