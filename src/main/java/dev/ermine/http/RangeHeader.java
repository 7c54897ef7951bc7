package dev.ermine.http;

import dev.ermine.merge.document.ByteRange;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header {@code Range}, as far as it is heeded: one range of bytes. Anything else of it is
 * ignored, and so is all of it beside {@code If-Range}, for no validator is ever given.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.2">RFC 9110, 14.2: Range</a>
 */
final class RangeHeader {

  /** Beyond eighteen digits there is no document. */
  private static final Pattern ONE =
      Pattern.compile("(?i)bytes=[ \\t]*(?<first>[0-9]{0,18})-(?<last>[0-9]{0,18})[ \\t]*");

  private RangeHeader() {}

  static Optional<ByteRange> read(MultiMap headers) {
    List<String> lines = headers.getAll("range");
    return lines.size() == 1 && !headers.contains("if-range")
        ? parse(lines.getFirst())
        : Optional.empty();
  }

  static Optional<ByteRange> parse(String text) {
    Matcher range = ONE.matcher(text);
    return range.matches() ? of(range.group("first"), range.group("last")) : Optional.empty();
  }

  private static Optional<ByteRange> of(String first, String last) {
    if (first.isEmpty()) {
      return last.isEmpty()
          ? Optional.empty()
          : Optional.of(new ByteRange.Last(Long.parseLong(last)));
    }
    long from = Long.parseLong(first);
    if (last.isEmpty()) {
      return Optional.of(new ByteRange.From(from, OptionalLong.empty()));
    }
    long to = Long.parseLong(last);
    return from <= to
        ? Optional.of(new ByteRange.From(from, OptionalLong.of(to)))
        : Optional.empty();
  }
}
