package dev.ermine.peer;

import dev.ermine.merge.document.Extent;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a response with a part of a document says which part it is.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.4">RFC 9110, 14.4:
 *     Content-Range</a>
 */
sealed interface ContentRange {

  /** This part. */
  record Stated(Extent.Part part) implements ContentRange {}

  /** A part of a document whose length is not known. */
  record Unknown() implements ContentRange {}

  /** Nothing that could be true. */
  record Malformed() implements ContentRange {}

  Pattern BYTES = Pattern.compile("(?i)bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  static ContentRange read(Optional<String> header) {
    Matcher range = BYTES.matcher(header.orElse(""));
    if (!range.matches()) {
      return new Malformed();
    }
    long from = Long.parseLong(range.group(1));
    long to = Long.parseLong(range.group(2)) + 1;
    if (range.group(3).equals("*")) {
      return new Unknown();
    }
    long of = Long.parseLong(range.group(3));
    return from < to && to <= of ? new Stated(new Extent.Part(from, to, of)) : new Malformed();
  }
}
