package dev.ermine.merge.document;

import java.util.OptionalLong;

/**
 * How much of a document is sent.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.4">RFC 9110, 14.4:
 *     Content-Range</a>
 */
public sealed interface Extent {

  /** All of it, however long that will turn out to be. */
  record Unannounced() implements Extent {}

  /** All of it. */
  record Whole(long bytes) implements Extent {}

  /** The bytes {@code [from, to)} of so many. */
  record Part(long from, long to, long of) implements Extent {}

  /** Nothing, for it has only so many bytes, and none that was asked for. */
  record Beyond(long of) implements Extent {}

  /** How many bytes are sent, where that is known. */
  default OptionalLong length() {
    return switch (this) {
      case Unannounced _ -> OptionalLong.empty();
      case Whole(long bytes) -> OptionalLong.of(bytes);
      case Part(long from, long to, _) -> OptionalLong.of(to - from);
      case Beyond _ -> OptionalLong.of(0);
    };
  }

  /** The HTTP status that says so. */
  default int status() {
    return switch (this) {
      case Unannounced _, Whole _ -> 200;
      case Part _ -> 206;
      case Beyond _ -> 416;
    };
  }
}
