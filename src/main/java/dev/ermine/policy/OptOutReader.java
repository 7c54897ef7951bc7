package dev.ermine.policy;

import dev.ermine.policy.OptOutList.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.Mac;

/** The reading of one list of opt-outs, line by line: whatever is not as it should be ends it. */
final class OptOutReader {

  private static final int LONGEST = 80;
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern COUNT = Pattern.compile("0|[1-9][0-9]{0,7}");

  private final InputStream in;
  private final OptOutKey key;
  private final Mac sealing;
  private int line;

  OptOutReader(InputStream in, OptOutKey key) {
    this.in = in;
    this.key = key;
    this.sealing = key.mac();
  }

  /** Ends the reading; the message is for who made the file. */
  private static final class Flaw extends Exception {
    private static final long serialVersionUID = 1L;

    Flaw(String message) {
      super(message);
    }
  }

  Reading read() throws IOException {
    try {
      return new Reading.Read(list());
    } catch (Flaw flaw) {
      return new Reading.Faulty(String.valueOf(flaw.getMessage()));
    }
  }

  private OptOutList list() throws IOException, Flaw {
    byte[] seal = header("seal", "64 lower-case hex digits", OptOutReader::hash);
    sealing.reset();
    LocalDate made = header("made", "a date like `2026-11-20`", OptOutReader::date);
    LocalDate until = header("valid-until", "a date like `2026-12-11`", OptOutReader::date);
    if (until.isBefore(made)) {
      throw flaw("`valid-until` lies before `made`");
    }
    header("algorithm", "`HMAC-SHA-256`", text -> Optional.of(text).filter("HMAC-SHA-256"::equals));
    int count = header("count", "a whole number", OptOutReader::count);
    Digests patients = patients();
    if (patients.size() != count) {
      throw new Flaw(
          "`count` says %d, and there are %d; make the list anew"
              .formatted(count, patients.size()));
    }
    if (!MessageDigest.isEqual(seal, sealing.doFinal())) {
      throw new Flaw(
          "`seal` is not by `ermine.opt-outs.key` over what follows; make the list anew with that"
              + " key");
    }
    return new OptOutList(made, until, key, patients);
  }

  private <T> T header(String name, String form, Function<String, Optional<T>> value)
      throws IOException, Flaw {
    return next()
        .filter(text -> text.startsWith(name + ": "))
        .flatMap(text -> value.apply(text.substring(name.length() + 2)))
        .orElseThrow(() -> flaw("is not `" + name + ": ` and " + form));
  }

  private Digests patients() throws IOException, Flaw {
    Digests patients = new Digests();
    for (Optional<String> next = next(); next.isPresent(); next = next()) {
      byte[] hash =
          next.flatMap(OptOutReader::hash)
              .orElseThrow(() -> flaw("is no hash; write 64 lower-case hex digits"));
      if (!patients.add(hash)) {
        throw flaw("lists someone for the second time");
      }
    }
    return patients;
  }

  /** The next line; empty at the end. */
  private Optional<String> next() throws IOException, Flaw {
    byte[] text = new byte[LONGEST];
    int length = 0;
    line++;
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0 && length == 0) {
        return Optional.empty();
      } else if (each < 0) {
        throw flaw("is cut short: no line feed is behind it");
      } else if (length == LONGEST) {
        throw flaw("is too long");
      }
      text[length++] = (byte) each;
    }
    sealing.update(text, 0, length);
    sealing.update((byte) '\n');
    return Optional.of(new String(text, 0, length, StandardCharsets.ISO_8859_1));
  }

  private Flaw flaw(String says) {
    return new Flaw("line " + line + " " + says);
  }

  private static Optional<byte[]> hash(String text) {
    return HASH.matcher(text).matches()
        ? Optional.of(HexFormat.of().parseHex(text))
        : Optional.empty();
  }

  private static Optional<LocalDate> date(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeParseException e) {
      // Not a date: the caller says which line, and quotes nothing.
      return Optional.empty();
    }
  }

  private static Optional<Integer> count(String text) {
    return COUNT.matcher(text).matches() ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }
}
