package dev.ermine.fhir;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A run of bytes inside a larger array, never copied: {@code bytes[from..to)}. The array is read
 * only by agreement: who makes a slice gives the array away.
 */
@SuppressWarnings("ArrayRecordComponent") // a view by intent: see equals
public record Slice(byte[] bytes, int from, int to) {

  public Slice {
    if (from < 0 || to < from || to > bytes.length) {
      throw new IllegalArgumentException("slice outside its array");
    }
  }

  /** The bytes of {@code text} in UTF-8. */
  public static Slice of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Slice(bytes, 0, bytes.length);
  }

  /** {@code text} as a JSON string, quotes included. */
  public static Slice quoted(String text) {
    return of('"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"');
  }

  /** How many bytes. */
  public int length() {
    return to - from;
  }

  /** Whether both hold the same bytes. */
  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof Slice s && Arrays.equals(bytes, from, to, s.bytes, s.from, s.to);
  }

  @Override
  public int hashCode() {
    return java.nio.ByteBuffer.wrap(bytes, from, length()).hashCode();
  }

  /** Never the content. */
  @Override
  public String toString() {
    return "Slice[" + length() + " bytes]";
  }
}
