package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Bytes that were something else a moment ago: a few of them are lost, added, doubled or changed.
 */
final class MutatedBytes {

  /** What means something in JSON. */
  private static final byte[] SHARP = "{}[]\",:\\/u0dDe8E+-. \n\tntf19\u0000é😀".getBytes(UTF_8);

  private MutatedBytes() {}

  /** One to three mutations of {@code bytes}. */
  static byte[] of(byte[] bytes, RandomGenerator random) {
    byte[] mutated = bytes;
    for (int i = random.nextInt(3); i >= 0; i--) {
      mutated = once(mutated, random);
    }
    return mutated;
  }

  /** One mutation. */
  static byte[] once(byte[] bytes, RandomGenerator random) {
    int at = random.nextInt(bytes.length + 1);
    int until = Math.min(bytes.length, at + 1 + random.nextInt(4));
    byte[] piece = new byte[1];
    piece[0] =
        random.nextBoolean() ? SHARP[random.nextInt(SHARP.length)] : (byte) random.nextInt(256);
    return switch (random.nextInt(5)) {
      case 0 -> spliced(bytes, at, until, new byte[0]);
      case 1 -> spliced(bytes, at, at, piece);
      case 2 -> spliced(bytes, at, Math.min(bytes.length, at + 1), piece);
      case 3 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, until));
      default -> flipped(bytes, random);
    };
  }

  private static byte[] flipped(byte[] bytes, RandomGenerator random) {
    byte[] flipped = bytes.clone();
    if (flipped.length > 0) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  /** With a piece in place of {@code bytes[from..to)}. */
  static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
    byte[] spliced = new byte[bytes.length - (to - from) + piece.length];
    System.arraycopy(bytes, 0, spliced, 0, from);
    System.arraycopy(piece, 0, spliced, from, piece.length);
    System.arraycopy(bytes, to, spliced, from + piece.length, bytes.length - to);
    return spliced;
  }
}
