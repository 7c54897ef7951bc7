package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;

/**
 * One entry of a peer's searchset: its resource as the bytes that came, and the facets that rules
 * and merging look at. A facet is read in the one pass that finds the entry; the resource is never
 * parsed again.
 *
 * @param resource the resource, from its opening brace to its closing brace
 * @param type {@code resourceType}
 * @param id {@code Resource.id}, absent when the peer sent none
 * @param fullUrl {@code entry.fullUrl} as the peer sent it
 * @param mode {@code entry.search.mode}; {@link Mode#MATCH} when the peer said nothing, never
 *     {@link Mode#OUTCOME} from the scanner, which tells outcomes as warnings
 * @param identifiers the resource's own {@code identifier} elements, in order, then its {@code
 *     masterIdentifier}
 * @param references every {@code Reference} of the resource, contained ones too, in the order in
 *     which they end; an object that may be a Reference counts as one
 * @param urls every {@code Attachment.url}, {@code valueUrl} and {@code valueUri}, in order
 * @param contained ids and identifiers of contained Patients, in the order in which they end
 * @param facets its labels, codes and dates
 * @see <a href="https://hl7.org/fhir/R4/bundle.html#searchset">FHIR R4: searchset</a>
 */
public record Entry(
    Slice resource,
    String type,
    Optional<String> id,
    Optional<String> fullUrl,
    Mode mode,
    List<Identifier> identifiers,
    List<Reference> references,
    List<Url> urls,
    List<ContainedPatient> contained,
    Facets facets) {

  /** Why an entry is in the searchset: {@code Bundle.entry.search.mode}. */
  public enum Mode {
    MATCH,
    INCLUDE,
    OUTCOME;

    /** The code as FHIR writes it. */
    public String fhir() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * An {@code Identifier} at the top of a resource.
   *
   * @param use {@code usual | official | temp | secondary | old}, when said
   */
  public record Identifier(Optional<String> system, Optional<String> value, Optional<String> use) {

    /** Nothing of it: the system is the peer's text as much as the value. */
    @Override
    public String toString() {
      return "Identifier";
    }
  }

  /**
   * A {@code Reference}, literal, logical or both.
   *
   * @param element the resource's top element it stands under ({@code subject}, {@code patient},
   *     {@code participant} …); {@code contained} for those of contained resources
   * @param literal the decoded {@code reference} string and where it stands
   * @param type {@code Reference.type}
   * @param identifierSystem {@code Reference.identifier.system}
   * @param identifierValue {@code Reference.identifier.value}
   */
  public record Reference(
      String element,
      Optional<Url> literal,
      Optional<String> type,
      Optional<String> identifierSystem,
      Optional<String> identifierValue) {

    /** Nothing of it: the element is the peer's text as much as the value. */
    @Override
    public String toString() {
      return "Reference";
    }
  }

  /**
   * A URL in the resource.
   *
   * @param value the decoded JSON string
   * @param span the JSON string as it stands in the body, quotes included
   * @param kind what it is
   */
  public record Url(String value, Slice span, Kind kind) {

    /** Never the value: an id may identify a person. */
    @Override
    public String toString() {
      return "Url[" + kind + "]";
    }

    /** Where a URL stands decides what may be done with it. */
    public enum Kind {
      /** {@code Reference.reference}. */
      REFERENCE,
      /** {@code Attachment.url}: a document. */
      ATTACHMENT,
      /** {@code valueUrl}, {@code valueUri} of an extension or parameter. */
      VALUE
    }
  }

  /** A contained Patient: its {@code id} without {@code #}, and its identifiers. */
  public record ContainedPatient(Optional<String> id, List<Identifier> identifiers) {
    public ContainedPatient {
      identifiers = List.copyOf(identifiers);
    }

    /** Never the id. */
    @Override
    public String toString() {
      return "ContainedPatient";
    }
  }

  public Entry {
    identifiers = List.copyOf(identifiers);
    references = List.copyOf(references);
    urls = List.copyOf(urls);
    contained = List.copyOf(contained);
  }

  /** Type alone: an id may identify a person. */
  @Override
  public String toString() {
    return "Entry[" + type + "]";
  }
}
