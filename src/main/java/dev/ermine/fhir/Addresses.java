package dev.ermine.fhir;

/**
 * Where the entries of one FHIR base stand, and where their references lead: absolute, without a
 * version.
 *
 * @param base without trailing slash
 * @see <a href="https://hl7.org/fhir/R4/bundle.html#references">FHIR R4: resolving references in
 *     bundles</a>
 */
public record Addresses(String base) {

  /** The address of an entry: its {@code fullUrl}, or else its type and id under the base. */
  public String of(Entry entry) {
    return entry.fullUrl().map(Addresses::withoutVersion).orElseGet(() -> own(entry));
  }

  /**
   * Where a literal reference in {@code entry} leads; one to a contained resource stays as it is.
   */
  public String of(Entry entry, String reference) {
    return reference.startsWith("#") ? reference : withoutVersion(absolute(entry, reference));
  }

  /** A URL in {@code entry}, absolute. */
  public String absolute(Entry entry, String url) {
    return url.contains(":") ? url : baseOf(entry) + url;
  }

  /** A relative reference resolves against the base of its entry's {@code fullUrl}. */
  private String baseOf(Entry entry) {
    String own = entry.type() + "/" + entry.id().orElse("");
    return entry
        .fullUrl()
        .map(Addresses::withoutVersion)
        .filter(url -> url.startsWith("http") && url.endsWith("/" + own))
        .map(url -> url.substring(0, url.length() - own.length()))
        .orElseGet(() -> base + "/");
  }

  private String own(Entry entry) {
    return base + "/" + entry.type() + "/" + entry.id().orElse("");
  }

  /** The URL without {@code /_history/…}. */
  public static String withoutVersion(String url) {
    int history = url.indexOf("/_history/");
    return history < 0 ? url : url.substring(0, history);
  }
}
