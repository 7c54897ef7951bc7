package dev.ermine.federation;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a trace: which trace, and which piece of work in it, as the header {@code traceparent}
 * says it from one party to the next.
 *
 * <p>{@code tracestate} has no counterpart here: it is for the asker's own systems, in words of
 * theirs, and so ends where trust does.
 *
 * @param traceId 16 bytes in hexadecimal
 * @param parentId 8 bytes in hexadecimal
 * @param sampled whether whoever is at this place may have recorded it
 * @param random whether the trace's id was drawn at random
 * @see <a href="https://www.w3.org/TR/trace-context-2/#traceparent-header">W3C: Trace Context</a>
 */
public record Traceparent(String traceId, String parentId, boolean sampled, boolean random) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?<version>[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<parent>[0-9a-f]{16})"
              + "-(?<flags>[0-9a-f]{2})(?<more>-.*)?");
  private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern PARENT_ID = Pattern.compile("[0-9a-f]{16}");
  private static final int SAMPLED = 1;
  private static final int RANDOM = 2;
  private static final int DIGITS_OF_A_NUMBER = 10;

  public Traceparent {
    if (!isId(TRACE_ID, traceId) || !isId(PARENT_ID, parentId)) {
      throw new IllegalArgumentException("not the ids of a place in a trace");
    }
  }

  /**
   * The place that a header names; empty where it is not to be used, which is never a fault of the
   * request. Of a version to come, what this one knows is read.
   */
  public static Optional<Traceparent> parse(String header) {
    return Optional.of(FORM.matcher(header))
        .filter(Matcher::matches)
        .filter(Traceparent::isVersion)
        .filter(form -> isId(TRACE_ID, form.group("trace")))
        .filter(form -> isId(PARENT_ID, form.group("parent")))
        .map(Traceparent::of);
  }

  /** Only a version to come may say more, and 255 is none. */
  private static boolean isVersion(Matcher form) {
    return switch (form.group("version")) {
      case "ff" -> false;
      case "00" -> form.group("more") == null;
      default -> true;
    };
  }

  /**
   * Ids are drawn at random, so one that is zero but for ten digits is none. The specification says
   * so of all zeros; for the rest, ten digits are an NHS number, and ids go to logs and peers.
   */
  private static boolean isId(Pattern form, String id) {
    return form.matcher(id).matches()
        && !id.startsWith("0".repeat(id.length() - DIGITS_OF_A_NUMBER));
  }

  private static Traceparent of(Matcher form) {
    int flags = HexFormat.fromHexDigits(form.group("flags"));
    return new Traceparent(
        form.group("trace"), form.group("parent"), (flags & SAMPLED) != 0, (flags & RANDOM) != 0);
  }

  /** A place in a trace of its own, which nobody records. */
  public static Traceparent fresh() {
    return new Traceparent(randomId() + randomId(), randomId(), false, true);
  }

  /** Another place in the same trace: that of what is done next. */
  public Traceparent next() {
    return new Traceparent(traceId, randomId(), sampled, random);
  }

  /** No secret and no proof of anything, so a fast generator will do; it draws no small number. */
  private static String randomId() {
    return HexFormat.of()
        .toHexDigits(
            ThreadLocalRandom.current().nextLong(1L << (4 * DIGITS_OF_A_NUMBER), Long.MAX_VALUE));
  }

  /** The header's value, in version 00. */
  public String header() {
    int flags = (sampled ? SAMPLED : 0) | (random ? RANDOM : 0);
    return "00-%s-%s-%s".formatted(traceId, parentId, HexFormat.of().toHexDigits((byte) flags));
  }
}
