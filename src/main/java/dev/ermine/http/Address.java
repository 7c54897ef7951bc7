package dev.ermine.http;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address of the gateway. This is the whole table: what is not in it does not exist, and what is
 * not {@linkplain Access#PUBLIC public} in it needs a client certificate.
 */
enum Address {
  METADATA("/fhir/metadata", Access.PUBLIC, "GET"),
  SMART_CONFIGURATION("/fhir/.well-known/smart-configuration", Access.PUBLIC, "GET"),
  JWKS("/.well-known/jwks.json", Access.PUBLIC, "GET"),
  TOKEN("/oauth2/token", Access.CERTIFICATE, "POST"),
  SYSTEM_SEARCH("/fhir", Access.CERTIFICATE, "GET"),
  SYSTEM_SEARCH_FORM("/fhir/_search", Access.CERTIFICATE, "POST"),
  TYPE_SEARCH("/fhir/{type}", Access.CERTIFICATE, "GET"),
  TYPE_SEARCH_FORM("/fhir/{type}/_search", Access.CERTIFICATE, "POST"),
  // Ahead of what it looks like: a read of a merged resource, whose id could have no `$`.
  SUMMARY("/fhir/Patient/$summary", Access.CERTIFICATE, "POST"),
  /** Ids live under regions: the answer says so. */
  MERGED_READ("/fhir/{type}/{id}", Access.CERTIFICATE, "GET"),
  REGION_READ("/regions/{region}/fhir/{type}/{id}", Access.CERTIFICATE, "GET"),
  REGION_DOCUMENT("/regions/{region}/documents/{document}", Access.CERTIFICATE, "GET"),
  // One region's records are searched through the federated search alone.
  REGION_SEARCH("/regions/{region}/fhir/{type}", Access.CERTIFICATE),
  REGION_SEARCH_FORM("/regions/{region}/fhir/{type}/_search", Access.CERTIFICATE),
  REGION_SYSTEM_SEARCH("/regions/{region}/fhir", Access.CERTIFICATE),
  REGION_SYSTEM_SEARCH_FORM("/regions/{region}/fhir/_search", Access.CERTIFICATE),
  TRUST_VERSION("/trust/version", Access.OFFICER, "GET"),
  TRUST_EXPLAIN("/trust/explain", Access.OFFICER, "POST"),
  TRUST_QUALITY("/trust/quality", Access.OFFICER, "GET");

  /** Who may come to an address. */
  enum Access {
    /** Anyone. */
    PUBLIC,
    /** Who shows a client certificate; what it proves is looked at further in. */
    CERTIFICATE,
    /** Who shows an officer's, which is looked at further in. */
    OFFICER
  }

  /** The route of a request that no address is for. */
  static final String UNKNOWN = "unknown";

  /** There is room in it for the address of a document. */
  private static final int LONGEST_PATH = 3_200;

  private static final Pattern PLAIN_PATH = Pattern.compile("(?:/[A-Za-z0-9._$-]++)++");
  private static final Pattern DOTS_ALONE = Pattern.compile("(^|.*/)\\.{1,2}(/.*|$)");

  private final String template;
  private final Access access;
  private final @Nullable String method;
  private final Pattern pattern;

  Address(String template, Access access) {
    this(template, access, null);
  }

  Address(String template, Access access, @Nullable String method) {
    this.template = template;
    this.access = access;
    this.method = method;
    this.pattern =
        Pattern.compile(
            template
                .replace(".", "\\.")
                .replace("$", "\\$")
                .replace("{region}", "[a-z0-9-]{1,40}")
                .replace("{type}", "[A-Za-z]{1,64}")
                .replace("{id}", "[A-Za-z0-9.-]{1,64}")
                .replace("{document}", "[A-Za-z0-9_-]{1,3000}"));
  }

  /**
   * Whether {@code path} is written plainly: no percent-escapes, no path parameters, no empty or
   * dotted segments, no trailing slash. No address needs any of these, so there is one way to write
   * each of them and nothing to normalise.
   */
  static boolean isPlain(String path) {
    return path.equals("/")
        || (path.length() <= LONGEST_PATH
            && PLAIN_PATH.matcher(path).matches()
            && !DOTS_ALONE.matcher(path).matches());
  }

  /** The address that a plain path is; the first in this table that fits. */
  static Optional<Address> of(String path) {
    for (Address address : values()) {
      if (address.pattern.matcher(path).matches()) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  /** The route's template: what logs and audit may say of a URL. */
  String template() {
    return template;
  }

  Access access() {
    return access;
  }

  boolean isPublic() {
    return access == Access.PUBLIC;
  }

  /** The one method there is; none where there is only a 405. */
  Optional<String> method() {
    return Optional.ofNullable(method);
  }

  /** What it is for. */
  Interaction interaction() {
    return switch (this) {
      case METADATA, SMART_CONFIGURATION, JWKS -> Interaction.DISCOVERY;
      case TOKEN -> Interaction.TOKEN;
      case SYSTEM_SEARCH, SYSTEM_SEARCH_FORM -> Interaction.SEARCH_SYSTEM;
      case TYPE_SEARCH, TYPE_SEARCH_FORM -> Interaction.SEARCH_TYPE;
      case SUMMARY -> Interaction.SUMMARY;
      case REGION_READ, REGION_DOCUMENT -> Interaction.READ;
      case MERGED_READ,
          REGION_SEARCH,
          REGION_SEARCH_FORM,
          REGION_SYSTEM_SEARCH,
          REGION_SYSTEM_SEARCH_FORM ->
          Interaction.NONE;
      case TRUST_VERSION, TRUST_EXPLAIN, TRUST_QUALITY -> Interaction.TRUST;
    };
  }

  boolean allows(String name) {
    return name.equals(method);
  }

  /** Whether its parameters come as a form too. */
  boolean takesForm() {
    return allows("POST") && access == Access.CERTIFICATE && this != SUMMARY;
  }
}
