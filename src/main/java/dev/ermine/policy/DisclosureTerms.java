package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.Sensitivity;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryDecision.Withheld;
import dev.ermine.region.Agreement;
import dev.ermine.region.ReleaseTerms.Ceiling;
import dev.ermine.region.ReleaseTerms.LegalGroup;
import dev.ermine.trust.Requester;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The terms of one agreement that an entry meets or does not, whatever its patient has decided: the
 * law, the ceiling of labels, and what patients may see.
 */
final class DisclosureTerms {

  /** Not to be shown to the patient, family or carers. */
  private static final Coding NOPAT = new Coding(Sensitivity.SYSTEM, "NOPAT");

  /**
   * The handling labels by which nothing is disclosed unless the patient has said so.
   *
   * @see <a href="https://terminology.hl7.org/CodeSystem-v3-ActCode.html">v3 ActCode:
   *     RefrainPolicy</a>
   */
  private static final List<Coding> CONSENT_NEEDED =
      List.of(
          new Coding(Sensitivity.SYSTEM, "NOAUTH"),
          new Coding(Sensitivity.SYSTEM, "NODSCLCD"),
          new Coding(Sensitivity.SYSTEM, "NODSCLCDS"));

  private static final Set<String> GROUPS =
      Arrays.stream(LegalGroup.values()).map(LegalGroup::code).collect(Collectors.toSet());

  private final Agreement agreement;
  private final Set<String> lawful;
  private final Ceiling ceiling;
  private final List<String> without;
  private final boolean toPatients;
  private final Set<String> releaseReady;
  private final boolean implied;

  /** As that requester meets them. */
  DisclosureTerms(Agreement agreement, Requester requester) {
    this.agreement = agreement;
    lawful =
        agreement.terms().law().stream()
            .map(LegalGroup::code)
            .collect(Collectors.toUnmodifiableSet());
    ceiling = ceiling(agreement, requester.purposes());
    without = ceiling.without().stream().sorted().toList();
    toPatients = Use.PATIENT_ACCESS.isAmong(requester.purposes());
    releaseReady = Documents.without(agreement.terms().releaseReady());
    implied = Implied.permits(agreement.terms().implicit(), requester.purposes());
  }

  /** Each purpose is to be permitted, so the other ceiling is for who breaks the glass alone. */
  private static Ceiling ceiling(Agreement agreement, List<PurposeOfUse> purposes) {
    return agreement
        .breakGlass()
        .filter(_ -> purposes.stream().allMatch(PurposeOfUse.BREAK_THE_GLASS::equals))
        .flatMap(Agreement.BreakGlass::ceiling)
        .orElse(agreement.terms().ceiling());
  }

  /** What withholds an entry of these labels; null: its patient's decision is asked next. */
  @Nullable Withheld unmet(Entry entry, EntryLabels labels) {
    @Nullable Withheld byLaw = byLaw(labels);
    if (byLaw != null) {
      return byLaw;
    }
    @Nullable String above = above(entry, labels);
    if (above != null) {
      return new Withheld(Reason.LABEL, above);
    }
    return toPatients && !isForPatients(entry, labels)
        ? new Withheld(Reason.LABEL, "patient-access")
        : null;
  }

  /** A group that nobody here has heard of is restricted, too; it is never quoted. */
  private @Nullable Withheld byLaw(EntryLabels labels) {
    for (Coding other : labels.others()) {
      if (other.system().equals(LegalGroup.SYSTEM) && !lawful.contains(other.code())) {
        return new Withheld(
            Reason.LAW, GROUPS.contains(other.code()) ? "law:" + other.code() : "law");
      }
    }
    return null;
  }

  /** The rule by which the labels lie above the ceiling. */
  private @Nullable String above(Entry entry, EntryLabels labels) {
    boolean labelled = isLabelled(entry);
    if (isUnknown(labels) || height(labels, labelled).isAbove(ceiling.confidentiality())) {
      return "label";
    }
    for (String sensitivity : without) {
      if (labels.sensitivities().contains(sensitivity)) {
        return "label:" + sensitivity;
      }
    }
    return !labelled && !ceiling.unlabelledDocuments() && Documents.is(entry)
        ? "label:unlabelled"
        : null;
  }

  /** Unlabelled means normal in FHIR: what a list finds in it makes it no less than that. */
  private static Confidentiality height(EntryLabels labels, boolean labelled) {
    Confidentiality stated = labels.confidentiality().orElse(Confidentiality.N);
    return labelled || stated.isAbove(Confidentiality.N) ? stated : Confidentiality.N;
  }

  /** Whether its region said how confidential it is: a list of codes says what it finds, alone. */
  private static boolean isLabelled(Entry entry) {
    for (Coding sent : entry.facets().labels()) {
      if (sent.system().equals(Confidentiality.SYSTEM)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a confidentiality is stated that nobody knows the height of. */
  private static boolean isUnknown(EntryLabels labels) {
    for (Coding other : labels.others()) {
      if (other.system().equals(Confidentiality.SYSTEM)) {
        return true;
      }
    }
    return false;
  }

  private boolean isForPatients(Entry entry, EntryLabels labels) {
    return releaseReady.contains(entry.type())
        && !labels.others().contains(NOPAT)
        && !Documents.is(entry);
  }

  /** The label by which only a Consent can permit an entry; null: there is none. */
  static @Nullable String consentNeeded(EntryLabels labels) {
    if (!labels.others().isEmpty()) {
      for (Coding label : CONSENT_NEEDED) {
        if (labels.others().contains(label)) {
          return label.code();
        }
      }
    }
    return null;
  }

  /** Whether a patient who has recorded nothing is taken to agree to each of the purposes. */
  boolean isImplied() {
    return implied;
  }

  /** The rule by which what is implied decides. */
  String implicitRule() {
    String uri = agreement.terms().implicit().uri();
    return "implicit:" + uri.substring(uri.indexOf("Policy-") + "Policy-".length());
  }

  Agreement agreement() {
    return agreement;
  }

  Ceiling ceiling() {
    return ceiling;
  }
}
