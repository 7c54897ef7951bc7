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

  /** The line that says how many follow. */
  private static final int COUNTED = 5;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern COUNT = Pattern.compile("0|[1-9][0-9]{0,6}");

  private final InputStream in;
  private final OptOutKey key;
  private final Mac sealing;

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
    byte[] seal = header(1, "seal", "64 lower-case hex digits", OptOutReader::hash);
    sealing.reset();
    LocalDate made = header(2, "made", "a date like `2026-11-20`", OptOutReader::date);
    LocalDate until = header(3, "valid-until", "a date like `2026-12-11`", OptOutReader::date);
    if (until.isBefore(made)) {
      throw flaw(3, "`valid-until` lies before `made`");
    }
    header(
        4, "algorithm", "`HMAC-SHA-256`", text -> Optional.of(text).filter("HMAC-SHA-256"::equals));
    int count = header(COUNTED, "count", "a whole number below 10 million", OptOutReader::count);
    Digests patients = patients(count);
    if (!MessageDigest.isEqual(seal, sealing.doFinal())) {
      throw new Flaw(
          "`seal` is not by `ermine.opt-outs.key` over what follows; make the list anew with that"
              + " key");
    }
    return new OptOutList(made, until, key, patients);
  }

  private <T> T header(int line, String name, String form, Function<String, Optional<T>> value)
      throws IOException, Flaw {
    return next(line)
        .filter(text -> text.startsWith(name + ": "))
        .flatMap(text -> value.apply(text.substring(name.length() + 2)))
        .orElseThrow(() -> flaw(line, "is not `" + name + ": ` and " + form));
  }

  private Digests patients(int count) throws IOException, Flaw {
    Digests patients = new Digests(count);
    String before = "";
    for (int i = 0; i < count; i++) {
      int line = COUNTED + 1 + i;
      String text = next(line).orElseThrow(() -> flaw(line, "is not there, and `count` has it"));
      if (text.compareTo(before) <= 0) {
        throw flaw(line, "is not above the one before; sort the hashes, each once");
      }
      patients.set(
          i,
          hash(text).orElseThrow(() -> flaw(line, "is no hash; write 64 lower-case hex digits")));
      before = text;
    }
    int line = COUNTED + 1 + count;
    if (next(line).isPresent()) {
      throw flaw(line, "is more than `count` has");
    }
    return patients;
  }

  /** The next line, which is the one of that number; empty at the end. */
  private Optional<String> next(int line) throws IOException, Flaw {
    byte[] text = new byte[LONGEST];
    int length = 0;
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0 && length == 0) {
        return Optional.empty();
      } else if (each < 0) {
        throw flaw(line, "is cut short: no line feed is behind it");
      } else if (length == LONGEST) {
        throw flaw(line, "is too long");
      }
      text[length++] = (byte) each;
    }
    sealing.update(text, 0, length);
    sealing.update((byte) '\n');
    return Optional.of(new String(text, 0, length, StandardCharsets.ISO_8859_1));
  }

  private static Flaw flaw(int line, String says) {
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
