package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;

/**
 * What sharing rules and merging look at in a resource besides its references: read in the one pass
 * that finds the entry. What stands in a contained resource counts as its container's.
 *
 * @param labels {@code meta.security} and {@code securityLabel}, as sent; those of contained
 *     resources too, which FHIR forbids and a peer may send
 * @param codes every {@code Coding} under a {@code coding}, each once, in the order in which they
 *     end
 * @param dates the elements at the top of the resource that say when something was or was recorded
 * @param lastUpdated {@code meta.lastUpdated}
 * @param profiles {@code meta.profile}
 * @param contentTypes {@code contentType} of attachments
 * @param warnings UK Core list warning codes that a List carries
 * @see <a href="https://hl7.org/fhir/R4/security-labels.html">FHIR R4: security labels</a>
 */
public record Facets(
    List<Coding> labels,
    List<Coding> codes,
    List<Dated> dates,
    Optional<String> lastUpdated,
    List<String> profiles,
    List<String> contentTypes,
    List<String> warnings) {

  /** Nothing. */
  public static final Facets NONE =
      new Facets(
          List.of(), List.of(), List.of(), Optional.empty(), List.of(), List.of(), List.of());

  /**
   * A date, an instant or a period at the top of a resource, as it was sent: {@code onsetDateTime},
   * {@code recordedDate}, {@code period} …
   *
   * @param start the same as {@code end} where it is no period; empty: open or not said
   */
  public record Dated(String element, Optional<String> start, Optional<String> end) {}

  public Facets {
    labels = List.copyOf(labels);
    codes = List.copyOf(codes);
    dates = List.copyOf(dates);
    profiles = List.copyOf(profiles);
    contentTypes = List.copyOf(contentTypes);
    warnings = List.copyOf(warnings);
  }

  /** Nothing of it: codes tell of the patient. */
  @Override
  public String toString() {
    return "Facets";
  }
}
