package dev.ermine.fhir;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A key of FHIR's JSON that the scanner knows; every other key is {@link #OTHER}. */
enum Name {
  OTHER(""),
  CODE("code"),
  CODING("coding"),
  CONTAINED("contained"),
  CONTENT_TYPE("contentType"),
  CONTEXT("context"),
  DETAILS("details"),
  END("end"),
  ENTRY("entry"),
  EXTENSION("extension"),
  FULL_URL("fullUrl"),
  HASH("hash"),
  ID("id"),
  IDENTIFIER("identifier"),
  ISSUE("issue"),
  LAST_UPDATED("lastUpdated"),
  LINK("link"),
  MASTER_IDENTIFIER("masterIdentifier"),
  META("meta"),
  MODE("mode"),
  MODIFIER_EXTENSION("modifierExtension"),
  PERIOD("period"),
  PROFILE("profile"),
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
  SYSTEM("system"),
  TAG("tag"),
  TYPE("type"),
  URL("url"),
  USE("use"),
  VALUE("value"),
  VALUE_CODE("valueCode"),
  VALUE_URI("valueUri"),
  VALUE_URL("valueUrl"),
  VERSION_ID("versionId");

  /** The names of each length: few of any, and most keys of a body meet none. */
  private static final Name[][] BY_LENGTH = byLength();

  private final String text;

  @SuppressWarnings("ImmutableEnumChecker") // written once, never handed out
  private final byte[] utf8;

  Name(String text) {
    this.text = text;
    utf8 = text.getBytes(StandardCharsets.UTF_8);
  }

  /** The name that these decoded bytes spell. */
  static Name of(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length < BY_LENGTH.length) {
      for (Name name : BY_LENGTH[length]) {
        if (Arrays.equals(name.utf8, 0, length, bytes, from, to)) {
          return name;
        }
      }
    }
    return OTHER;
  }

  /** As it is spelt; nothing for {@link #OTHER}. */
  String text() {
    return text;
  }

  private static Name[][] byLength() {
    int longest = Arrays.stream(values()).mapToInt(name -> name.utf8.length).max().orElse(0);
    Name[][] names = new Name[longest + 1][];
    for (int i = 0; i <= longest; i++) {
      int length = i;
      names[i] =
          Arrays.stream(values()).filter(name -> name.utf8.length == length).toArray(Name[]::new);
    }
    return names;
  }
}
