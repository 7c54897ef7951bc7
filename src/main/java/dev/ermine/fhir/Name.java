package dev.ermine.fhir;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A key of FHIR's JSON that the scanner knows, since it looks for it or since it is said the most;
 * every other key is {@link #OTHER}. There are no more than a word has bits.
 */
enum Name {
  OTHER(""),
  AUTHORED_ON("authoredOn"),
  CATEGORY("category"),
  CODE("code"),
  CODING("coding"),
  COMPONENT("component"),
  CONTAINED("contained"),
  CONTENT_TYPE("contentType"),
  CONTEXT("context"),
  DETAILS("details"),
  DISPLAY("display"),
  DIV("div"),
  EFFECTIVE_DATE_TIME("effectiveDateTime"),
  ENCOUNTER("encounter"),
  END("end"),
  ENTRY("entry"),
  EXTENSION("extension"),
  FAMILY("family"),
  FULL_URL("fullUrl"),
  GIVEN("given"),
  HASH("hash"),
  ID("id"),
  IDENTIFIER("identifier"),
  ISSUE("issue"),
  ISSUED("issued"),
  LAST_UPDATED("lastUpdated"),
  LINK("link"),
  MASTER_IDENTIFIER("masterIdentifier"),
  META("meta"),
  MODE("mode"),
  MODIFIER_EXTENSION("modifierExtension"),
  NAME("name"),
  NOTE("note"),
  ONSET_DATE_TIME("onsetDateTime"),
  PATIENT("patient"),
  PERFORMER("performer"),
  PERIOD("period"),
  PROFILE("profile"),
  RECORDER("recorder"),
  REFERENCE("reference"),
  RELATION("relation"),
  RESOURCE("resource"),
  RESOURCE_TYPE("resourceType"),
  SEARCH("search"),
  SECURITY("security"),
  SECURITY_LABEL("securityLabel"),
  SEVERITY("severity"),
  SOURCE("source"),
  START("start"),
  STATUS("status"),
  SUBJECT("subject"),
  SYSTEM("system"),
  TAG("tag"),
  TEXT("text"),
  TYPE("type"),
  UNIT("unit"),
  URL("url"),
  USE("use"),
  VALUE("value"),
  VALUE_CODE("valueCode"),
  VALUE_QUANTITY("valueQuantity"),
  VALUE_URI("valueUri"),
  VALUE_URL("valueUrl"),
  VERSION_ID("versionId");

  private static final int BITS = 8;

  private static final long REPEATED =
      CONTENT_TYPE.bit() | PROFILE.bit() | SYSTEM.bit() | TYPE.bit();

  /** Each name at a place of its own: whatever is spelt, there is one to compare it with. */
  private static final Name[] PLACES = new Name[1 << BITS];

  private static final long FACTOR = factor();

  private final String text;
  private final int length;
  private final long head;
  private final long tail;
  private final boolean saysWhen;

  @SuppressWarnings("ImmutableEnumChecker") // written once, never handed out
  private final byte[] utf8;

  Name(String text) {
    this.text = text;
    utf8 = text.getBytes(StandardCharsets.UTF_8);
    length = utf8.length;
    head = Words.head(utf8, 0, length);
    tail = Words.tail(utf8, 0, length);
    saysWhen = Dating.isSaidBy(utf8, 0, length);
  }

  /** The name that these decoded bytes spell. */
  static Name of(byte[] bytes, int from, int to) {
    long head = Words.head(bytes, from, to);
    long tail = Words.tail(bytes, from, to);
    Name name = PLACES[place(head, tail, FACTOR)];
    return name.head == head
            && name.tail == tail
            && name.length == to - from
            && (name.length <= 2 * Words.LENGTH
                || Arrays.equals(name.utf8, 0, name.length, bytes, from, to))
        ? name
        : OTHER;
  }

  private static int place(long head, long tail, long factor) {
    return (int) (((head ^ Long.rotateLeft(tail, 31)) * factor) >>> (64 - BITS));
  }

  /** Puts the names in their places. */
  private static long factor() {
    SplittableRandom random = new SplittableRandom(0);
    long factor;
    do {
      factor = random.nextLong();
      Arrays.fill(PLACES, OTHER);
    } while (!isGood(factor));
    return factor;
  }

  private static boolean isGood(long factor) {
    for (Name name : values()) {
      int place = place(name.head, name.tail, factor);
      if (PLACES[place] != OTHER) {
        return false;
      }
      PLACES[place] = name;
    }
    return true;
  }

  /** Whether bodies say few texts under it, again and again. */
  boolean isRepeated() {
    return (bit() & REPEATED) != 0;
  }

  /** Its own of a word's bits. */
  @SuppressWarnings("EnumOrdinal") // no such word outlives the reading of a body
  long bit() {
    return 1L << ordinal();
  }

  /** Whether it says when something was: see {@link Dating}. */
  boolean saysWhen() {
    return saysWhen;
  }

  /** As it is spelt; nothing for {@link #OTHER}. */
  String text() {
    return text;
  }
}
