package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;

/**
 * What sharing rules and merging look at in a resource besides its references: read in the one pass
 * that finds the entry. What stands in a contained resource counts as its container's.
 *
 * @param labels {@code meta.security} and {@code securityLabel}, as sent; those of contained
 *     resources too, which FHIR forbids and a peer may send
 * @param codes every {@code Coding} under a {@code coding}, each once for the element it stands
 *     under, in the order in which they end
 * @param dates the elements at the top of the resource that say when something was or was recorded
 * @param meta what the resource says of itself as a record
 * @param status the resource's own {@code status}, where that is a code
 * @param contentTypes {@code contentType} of attachments
 * @param hashes {@code hash} of attachments
 * @param warnings UK Core list warning codes that a List carries
 * @param garbled whether text in it was spoilt by a wrong encoding before it came: a replacement
 *     character, or UTF-8 that was taken for Latin-1
 * @see <a href="https://hl7.org/fhir/R4/security-labels.html">FHIR R4: security labels</a>
 */
public record Facets(
    List<Coding> labels,
    List<Coded> codes,
    List<Dated> dates,
    Meta meta,
    Optional<String> status,
    List<String> contentTypes,
    List<String> hashes,
    List<String> warnings,
    boolean garbled) {

  /** Nothing. */
  public static final Facets NONE =
      new Facets(
          List.of(),
          List.of(),
          List.of(),
          Meta.NONE,
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          false);

  /**
   * A code, and where it stands.
   *
   * @param element the resource's top element it stands under, at any depth ({@code code}, {@code
   *     clinicalStatus} …); {@code contained} for those of contained resources
   */
  public record Coded(String element, Coding coding) {}

  /**
   * The resource's own {@code meta}, labels aside.
   *
   * @param version {@code versionId}
   * @param profiles {@code profile}
   * @param tags {@code tag}
   * @see <a href="https://hl7.org/fhir/R4/resource.html#Meta">FHIR R4: Meta</a>
   */
  public record Meta(
      Optional<String> version,
      Optional<String> lastUpdated,
      Optional<String> source,
      List<String> profiles,
      List<Coding> tags) {

    /** Nothing. */
    public static final Meta NONE =
        new Meta(Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());

    public Meta {
      profiles = List.copyOf(profiles);
      tags = List.copyOf(tags);
    }

    /** Nothing of it: it may identify a person. */
    @Override
    public String toString() {
      return "Meta";
    }
  }

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
    contentTypes = List.copyOf(contentTypes);
    hashes = List.copyOf(hashes);
    warnings = List.copyOf(warnings);
  }

  /** Nothing of it: codes tell of the patient. */
  @Override
  public String toString() {
    return "Facets";
  }
}
