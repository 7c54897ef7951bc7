package dev.ermine.peer;

import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer.Miss;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of one body as they come, in blocks, up to a limit. What a peer announces buys it no
 * memory, and what it sends little more than that: every block is taken from what the question may
 * hold before it is made.
 */
final class BodyBytes {

  private static final int FIRST = 16 * 1024;
  private static final int BLOCK = 64 * 1024;
  private static final byte[] NONE = {};

  private final long announced;
  private final int limit;
  private final Allowance allowance;
  private final List<byte[]> full = new ArrayList<>();
  private byte[] block = NONE;
  private int used;
  private int length;
  private long taken;

  /**
   * Room for a body.
   *
   * @param announced {@code Content-Length}, negative when not announced
   */
  BodyBytes(long announced, int limit, Allowance allowance) {
    this.announced = announced;
    this.limit = limit;
    this.allowance = allowance;
  }

  /** Adds {@code chunk}; what stands against it, if anything does. */
  Optional<Miss> add(Buffer chunk) {
    if (chunk.length() > limit - length) {
      return Optional.of(Faults.TOO_LARGE);
    }
    for (int from = 0; from < chunk.length(); ) {
      if (used == block.length) {
        Optional<Miss> refused = open();
        if (refused.isPresent()) {
          return refused;
        }
      }
      int part = Math.min(chunk.length() - from, block.length - used);
      chunk.getBytes(from, from + part, block, used);
      from += part;
      used += part;
      length += part;
    }
    return Optional.empty();
  }

  /** Opens the next block, the last one no larger than what is left of what was announced. */
  private Optional<Miss> open() {
    long left = (announced < 0 ? limit : announced) - length;
    int size = Math.clamp(left, 1, block.length == 0 ? FIRST : BLOCK);
    Optional<Miss> refused = allowance.take(size);
    if (refused.isEmpty()) {
      taken += size;
      full.add(block);
      block = new byte[size];
      used = 0;
    }
    return refused;
  }

  /** All of them, in one array that has nothing else; blocks are given back. */
  Slice slice() {
    if (length == block.length) {
      return new Slice(block, 0, length);
    }
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] each : full) {
      System.arraycopy(each, 0, whole, at, each.length);
      at += each.length;
    }
    System.arraycopy(block, 0, whole, at, used);
    full.clear();
    allowance.giveBack(taken - length);
    taken = length;
    return new Slice(whole, 0, length);
  }

  /** Nobody wants them any more. */
  void drop() {
    full.clear();
    block = NONE;
    allowance.giveBack(taken);
    taken = 0;
  }
}
