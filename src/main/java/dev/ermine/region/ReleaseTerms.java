package dev.ermine.region;

import dev.ermine.fhir.Confidentiality;
import java.util.Optional;
import java.util.Set;

/**
 * The terms of an agreement that are looked at entry by entry: what it discloses of the types that
 * it releases, and what is said of the rest.
 *
 * @param implicit what holds for a patient of whom no Consent is recorded
 * @param ceiling above which entries are withheld
 * @param law the groups restricted by law that it releases all the same; {@link LegalGroup}
 * @param restrictedPatients whether it releases the record of a patient whose own is restricted
 * @param releaseReady the types that patients may see
 * @param telling what is told of entries that are withheld
 * @param notice what is said of the region to every asker, whoever the patient is
 */
public record ReleaseTerms(
    ImplicitConsent implicit,
    Ceiling ceiling,
    Set<LegalGroup> law,
    boolean restrictedPatients,
    Set<String> releaseReady,
    Telling telling,
    Optional<String> notice) {

  /** What holds where an agreement says nothing else. */
  public static final ReleaseTerms DEFAULT =
      new ReleaseTerms(
          ImplicitConsent.BASIC_NORMAL,
          Ceiling.NORMAL,
          Set.of(),
          false,
          Set.of(),
          Telling.DEFAULT,
          Optional.empty());

  /**
   * What a patient of whom no Consent is recorded is taken to have decided.
   *
   * @see <a href="https://profiles.ihe.net/ITI/PCF/volume-1.html#15321-implicit-option">IHE PCF,
   *     53.2.1: Implicit Option</a>
   */
  public enum ImplicitConsent {
    /** Yes to treatment, no to everything else. */
    BASIC_NORMAL,
    /** Yes to whatever an agreement permits. */
    ALL_NORMAL,
    /** Yes to breaking the glass alone. */
    BREAK_GLASS_ONLY,
    /** No. */
    DENY;

    /** Where the policies are named. */
    private static final String BASE = "https://profiles.ihe.net/ITI/PCF/Policy-";

    /** Its URI. */
    public String uri() {
      return BASE + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * The labels up to which entries are disclosed.
   *
   * @param confidentiality the highest
   * @param without v3-ActCode sensitivities, each with its descendants, that are above it whatever
   *     the confidentiality
   * @param unlabelledDocuments whether documents that no confidentiality is stated of lie below it
   */
  public record Ceiling(
      Confidentiality confidentiality, Set<String> without, boolean unlabelledDocuments) {

    /** Normal, and no document without a label. */
    public static final Ceiling NORMAL = new Ceiling(Confidentiality.N, Set.of(), false);

    public Ceiling {
      without = Set.copyOf(without);
    }
  }

  /** Information whose disclosure an Act of Parliament restricts. */
  public enum LegalGroup {
    /**
     * Identifying information about licensed fertility treatment.
     *
     * @see <a href="https://www.legislation.gov.uk/ukpga/1990/37/section/33A">Human Fertilisation
     *     and Embryology Act 1990, section 33A</a>
     */
    FERTILITY,
    /**
     * Protected information about a person with a gender recognition certificate.
     *
     * @see <a href="https://www.legislation.gov.uk/ukpga/2004/7/section/22">Gender Recognition Act
     *     2004, section 22</a>
     */
    GENDER_RECOGNITION;

    /** The code system of these: a label of ours, since HL7 has none. */
    public static final String SYSTEM = "https://ermine.dev/fhir/CodeSystem/restricted-by-law";

    /** Its code. */
    public String code() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What is told of entries that are withheld, by reason: that there are some, or nothing, so that
   * the answer looks as if they did not exist. What, how many and of which kind is never told.
   *
   * @param objections whether it is told that the patient's decision keeps something back
   * @param labels whether it is told that a label does
   * @param law whether it is told that the law does
   */
  public record Telling(boolean objections, boolean labels, boolean law) {

    /** Objections are told, labels and law are not. */
    public static final Telling DEFAULT = new Telling(true, false, false);
  }

  public ReleaseTerms {
    law = Set.copyOf(law);
    releaseReady = Set.copyOf(releaseReady);
  }
}
