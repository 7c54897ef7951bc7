package dev.ermine.fhir;

import dev.ermine.fhir.Entry.Identifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A patient's decision on who may see what of the record: an active Consent about privacy.
 *
 * @param identifiers those with system and value
 * @param patient whose decision it is
 * @param dateTime when it was made
 * @param lastUpdated when the record of it was last changed
 * @param organizations who keeps it
 * @param policyRule the base policy in codes
 * @param policies the URI of each policy that it names; empty where one has none
 * @param provision the root of what it says beyond the base policy
 * @param contained parties inside it, by id
 * @param size how many things it says
 * @see <a href="https://hl7.org/fhir/R4/consent.html">FHIR R4: Consent</a>
 */
public record Consent(
    List<Identifier> identifiers,
    Pointer patient,
    Optional<TimeSpan> dateTime,
    Optional<TimeSpan> lastUpdated,
    List<Pointer> organizations,
    Optional<Concept> policyRule,
    List<Optional<String>> policies,
    Optional<Provision> provision,
    Map<String, Party> contained,
    int size) {

  /** What came of reading one. */
  public sealed interface Reading {

    /** It is in force and about privacy. */
    record Heard(Consent consent) implements Reading {}

    /**
     * It decides nothing here: not in force, or not about privacy.
     *
     * @param why in words
     */
    record OfNoConcern(String why) implements Reading {}

    /**
     * What it decides cannot be told.
     *
     * @param why in words, without any value
     */
    record Malformed(String why) implements Reading {}
  }

  /**
   * A rule of it.
   *
   * @param path where it stands in the Consent, as FHIRPath
   * @param type what it does; the root may leave that open
   * @param period when it is in force
   * @param actors whom it concerns
   * @param actions what they do
   * @param labels of the information that it concerns
   * @param purposes what they do it for
   * @param classes what kind of information
   * @param codes what it is about
   * @param dataPeriod when it came about
   * @param data resources that it names
   * @param provisions exceptions to it
   */
  public record Provision(
      String path,
      Optional<ProvisionType> type,
      Optional<TimeSpan> period,
      List<Actor> actors,
      List<Concept> actions,
      List<Coding> labels,
      List<Coding> purposes,
      List<Coding> classes,
      List<Concept> codes,
      Optional<TimeSpan> dataPeriod,
      List<Data> data,
      List<Provision> provisions) {
    public Provision {
      actors = List.copyOf(actors);
      actions = List.copyOf(actions);
      labels = List.copyOf(labels);
      purposes = List.copyOf(purposes);
      classes = List.copyOf(classes);
      codes = List.copyOf(codes);
      data = List.copyOf(data);
      provisions = List.copyOf(provisions);
    }

    /** Whether it holds of everything, always, for everyone. */
    public boolean isBare() {
      return period.isEmpty()
          && actors.isEmpty()
          && actions.isEmpty()
          && labels.isEmpty()
          && purposes.isEmpty()
          && classes.isEmpty()
          && codes.isEmpty()
          && dataPeriod.isEmpty()
          && data.isEmpty();
    }
  }

  /** What a rule does. */
  public enum ProvisionType {
    DENY,
    PERMIT;

    /** What the other does. */
    public ProvisionType opposite() {
      return this == DENY ? PERMIT : DENY;
    }
  }

  /**
   * Whom a rule concerns.
   *
   * @param role as what
   * @param who empty where the role is all that is said
   */
  public record Actor(Concept role, Optional<Pointer> who) {}

  /** A resource that a rule names, and what of it and around it is meant. */
  public record Data(Meaning meaning, Pointer reference) {}

  /**
   * What is meant by a resource that is named.
   *
   * @see <a href="https://hl7.org/fhir/R4/codesystem-consent-data-meaning.html">FHIR R4:
   *     ConsentDataMeaning</a>
   */
  public enum Meaning {
    /** It. */
    INSTANCE,
    /** It, and what it refers to. */
    RELATED,
    /** It, and what refers to it. */
    DEPENDENTS,
    /** What it has written. */
    AUTHOREDBY
  }

  public Consent {
    identifiers = List.copyOf(identifiers);
    organizations = List.copyOf(organizations);
    policies = List.copyOf(policies);
    contained = Map.copyOf(contained);
  }

  /** Reads the Consent that {@code entry} is. */
  public static Reading read(Entry entry) {
    try {
      return ConsentReader.read(Element.root(entry.resource()));
    } catch (Element.Unfit e) {
      return new Reading.Malformed(e.why());
    }
  }

  /** Nothing of it: it tells of the patient. */
  @Override
  public String toString() {
    return "Consent";
  }
}
