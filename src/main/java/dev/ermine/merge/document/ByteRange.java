package dev.ermine.merge.document;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One range of a document's bytes, as it is asked for.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2">RFC 9110, 14.1.2: byte
 *     ranges</a>
 */
public sealed interface ByteRange {

  /** From byte {@code first}, the first being zero, to byte {@code last} or to the end. */
  record From(long first, OptionalLong last) implements ByteRange {
    public From {
      if (first < 0 || (last.isPresent() && last.getAsLong() < first)) {
        throw new IllegalArgumentException("a range that ends before it begins");
      }
    }
  }

  /** The last {@code bytes}. */
  record Last(long bytes) implements ByteRange {
    public Last {
      if (bytes < 0) {
        throw new IllegalArgumentException("a range of less than nothing");
      }
    }
  }

  /** Which part of a document of that length it is; empty when no byte of it is there. */
  default Optional<Extent.Part> of(long length) {
    long from =
        switch (this) {
          case From(long first, _) -> first;
          case Last(long bytes) -> bytes == 0 ? length : Math.max(0, length - bytes);
        };
    long to =
        this instanceof From(_, OptionalLong last) && last.isPresent()
            ? Math.min(length, last.getAsLong() + 1)
            : length;
    return from < to ? Optional.of(new Extent.Part(from, to, length)) : Optional.empty();
  }

  /** As the header {@code Range} has it. */
  default String header() {
    return switch (this) {
      case From(long first, OptionalLong last) ->
          "bytes=" + first + "-" + (last.isPresent() ? last.getAsLong() : "");
      case Last(long bytes) -> "bytes=-" + bytes;
    };
  }
}
