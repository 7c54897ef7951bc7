package dev.ermine.policy;

import static dev.ermine.policy.Entries.attaching;
import static dev.ermine.policy.Entries.entry;
import static dev.ermine.policy.Entries.level;
import static dev.ermine.policy.Entries.restricted;
import static dev.ermine.policy.Entries.sensitive;
import static dev.ermine.policy.Entries.snomed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import dev.ermine.policy.EntryDecision.Disclosed;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryDecision.Withheld;
import dev.ermine.region.Agreement;
import dev.ermine.region.Labelling;
import dev.ermine.region.Region;
import dev.ermine.region.ReleaseTerms.Ceiling;
import dev.ermine.region.ReleaseTerms.ImplicitConsent;
import dev.ermine.region.ReleaseTerms.LegalGroup;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryRulesTest {

  static final Instant JUNE = Instant.parse("2022-06-01T12:00:00Z");
  static final Region LONDON = Parties.region(Parties.LONDON, "Patient", "Observation");
  private static final Disclosed IMPLIED = new Disclosed("implicit:basic-normal");
  private static final Terms CARE = Terms.of("DSA", "TREAT", "BTG");

  @Test
  void disclosesWhatIsNormalWhereCareIsImplied() {
    assertThat(rules(CARE).decide(entry("Observation"))).isEqualTo(IMPLIED);
    assertThat(rules(CARE).decide(entry("Observation", level("N")))).isEqualTo(IMPLIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"R", "V", "HIV", "ETH", "S", "D", "REDACTED", "n", ""})
  void withholdsWhatIsAboveNormalOrWhoKnowsWhere(String code) {
    assertThat(rules(CARE).decide(entry("Observation", level(code)))).isEqualTo(byLabel("label"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"D", "I", "REDACTED", "n", ""})
  void withholdsUnknownConfidentialityUnderTheHighestCeiling(String code) {
    Terms highest = CARE.ceiling(Confidentiality.V);
    assertThat(rules(highest).decide(entry("Observation", level(code))))
        .isEqualTo(byLabel("label"));
    assertThat(rules(highest).decide(entry("Observation", level("V")))).isEqualTo(IMPLIED);
  }

  @Test
  void readsDeprecatedConfidentialityAsTheSensitivityThatReplacedIt() {
    Terms without = CARE.ceiling(Confidentiality.R, "HIV");
    assertThat(rules(without).decide(entry("Observation", level("HIV"))))
        .isEqualTo(byLabel("label:HIV"));
    assertThat(rules(without).decide(entry("Observation", level("ETH")))).isEqualTo(IMPLIED);
  }

  @Test
  void takesWhatIsUnlabelledForNormal() {
    assertThat(rules(CARE.ceiling(Confidentiality.M)).decide(entry("Observation")))
        .isEqualTo(byLabel("label"));
  }

  @Test
  void takesTheHighestOfSeveralLabels() {
    assertThat(rules(CARE).decide(entry("Observation", level("L"), level("R"), level("N"))))
        .isEqualTo(byLabel("label"));
  }

  @Test
  void leavesOutASensitivityWithItsDescendantsAndNoOther() {
    Terms without = CARE.ceiling(Confidentiality.N, "SUD", "SEX");
    assertThat(rules(without).decide(entry("Observation", sensitive("OPIOIDUD"))))
        .isEqualTo(byLabel("label:SUD"));
    assertThat(rules(without).decide(entry("Observation", level("L"), sensitive("SEX"))))
        .isEqualTo(byLabel("label:SEX"));
    assertThat(rules(without).decide(entry("Observation", sensitive("SPI")))).isEqualTo(IMPLIED);
  }

  @Test
  void letsHandlingLabelsThatItDoesNotKnowTravel() {
    assertThat(rules(CARE).decide(entry("Observation", sensitive("NORDSCLCD"), snomed("x"))))
        .isEqualTo(IMPLIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NOAUTH", "NODSCLCD", "NODSCLCDS"})
  void disclosesNothingByImpliedConsentThatAsksForOne(String label) {
    Withheld withheld = byLabel("label:" + label);
    assertThat(rules(CARE).decide(entry("Observation", sensitive(label)))).isEqualTo(withheld);
    assertThat(rules(CARE).decide(entry("Organization", sensitive(label)))).isEqualTo(withheld);
  }

  @ParameterizedTest
  @EnumSource(LegalGroup.class)
  void withholdsWhatTheLawRestrictsUnlessTheAgreementExceptsIt(LegalGroup group) {
    Entry entry = entry("Observation", restricted(group), level("V"));
    assertThat(rules(CARE.ceiling(Confidentiality.V)).decide(entry))
        .isEqualTo(new Withheld(Reason.LAW, "law:" + group.code()));
    assertThat(rules(CARE.ceiling(Confidentiality.V).law(group)).decide(entry)).isEqualTo(IMPLIED);
    assertThat(rules(CARE.law(group)).decide(entry)).as("V").isEqualTo(byLabel("label"));
  }

  @Test
  void withholdsAGroupThatNobodyKnowsAndNeverQuotesIt() {
    Terms all = CARE.law(LegalGroup.values());
    assertThat(rules(all).decide(entry("Observation", new Coding(LegalGroup.SYSTEM, "<x>"))))
        .isEqualTo(new Withheld(Reason.LAW, "law"));
  }

  @Test
  void oneExceptionIsNoneFromAnotherLaw() {
    Entry both =
        entry(
            "Observation",
            restricted(LegalGroup.FERTILITY),
            restricted(LegalGroup.GENDER_RECOGNITION));
    assertThat(rules(CARE.law(LegalGroup.FERTILITY)).decide(both))
        .isEqualTo(new Withheld(Reason.LAW, "law:gender-recognition"));
  }

  @Test
  void derivesLabelsFromCodesOfTheOfficersLists() {
    Labelling lists =
        new Labelling(
            List.of(
                group("hiv", Set.of(sensitive("HIV")), "86406008"),
                group("ivf", Set.of(restricted(LegalGroup.FERTILITY)), "52637005"),
                group("restricted", Set.of(level("R")), "86406008")));
    EntryRules rules = rules(lists, "TREAT", CARE.ceiling(Confidentiality.R, "HIV"));
    assertThat(rules.decide(coded("86406008"))).isEqualTo(byLabel("label:HIV"));
    assertThat(rules.decide(coded("52637005")))
        .isEqualTo(new Withheld(Reason.LAW, "law:fertility"));
    assertThat(rules.decide(coded("38341003"))).isEqualTo(IMPLIED);
    assertThat(rules(lists, "TREAT", CARE).decide(coded("86406008"))).isEqualTo(byLabel("label"));
  }

  /** A code is one of its system: the same in another means something else. */
  @Test
  void comparesCodesWithTheirSystem() {
    Labelling lists = new Labelling(List.of(group("hiv", Set.of(level("V")), "86406008")));
    Entry elsewhere = entry("Observation", List.of(), List.of(new Coding("urn:x", "86406008")));
    assertThat(rules(lists, "TREAT", CARE).decide(elsewhere)).isEqualTo(IMPLIED);
  }

  @Test
  void neverWeakensALabelThatWasSent() {
    Labelling lists = new Labelling(List.of(group("low", Set.of(level("L")), "1")));
    Entry sent = entry("Observation", List.of(level("R")), List.of(snomed("1")));
    assertThat(rules(lists, "TREAT", CARE).decide(sent)).isEqualTo(byLabel("label"));
  }

  @Test
  void withholdsDocumentsThatNobodyHasLabelled() {
    List<Entry> documents =
        List.of(
            entry("DocumentReference"),
            entry("Binary", sensitive("PHY")),
            attaching("Observation", "application/pdf"));
    for (Entry document : documents) {
      assertThat(rules(CARE).decide(document)).isEqualTo(byLabel("label:unlabelled"));
      assertThat(rules(CARE.unlabelledDocuments()).decide(document)).isInstanceOf(Disclosed.class);
    }
    assertThat(rules(CARE).decide(entry("DocumentReference", level("N")))).isEqualTo(IMPLIED);
    assertThat(rules(CARE).decide(attaching("Observation", "text/plain", level("L"))))
        .isEqualTo(IMPLIED);
    assertThat(rules(CARE.unlabelledDocuments()).decide(entry("DocumentReference", level("R"))))
        .isEqualTo(byLabel("label"));
  }

  /** What a list finds in a document says nothing of the rest of it. */
  @Test
  void aListOfCodesLabelsNoDocument() {
    Labelling lists = new Labelling(List.of(group("low", Set.of(level("L")), "1")));
    Entry document = entry("DocumentReference", List.of(), List.of(snomed("1")));
    assertThat(rules(lists, "TREAT", CARE).decide(document)).isEqualTo(byLabel("label:unlabelled"));
  }

  @Test
  void breaksTheGlassUnderACeilingOfItsOwnAndNoLaw() {
    Terms glass = CARE.glass(Optional.of(new Ceiling(Confidentiality.R, Set.of(), false)));
    Entry restricted = entry("Observation", level("R"));
    assertThat(rules("BTG", glass).decide(restricted)).isEqualTo(IMPLIED);
    assertThat(rules("TREAT", glass).decide(restricted)).isEqualTo(byLabel("label"));
    assertThat(rules("BTG", CARE.glass(Optional.empty())).decide(restricted))
        .isEqualTo(byLabel("label"));
    assertThat(rules("BTG", glass).decide(entry("Observation", restricted(LegalGroup.FERTILITY))))
        .isEqualTo(new Withheld(Reason.LAW, "law:fertility"));
  }

  /** Each purpose is to be permitted, so a second one never discloses more. */
  @Test
  void breakingTheGlassBesideAnotherPurposeLiftsNothing() {
    Terms glass = CARE.glass(Optional.of(new Ceiling(Confidentiality.R, Set.of(), false)));
    Requester both = asker("TREAT", "BTG");
    assertThat(rules(Labelling.NONE, both, false, glass).decide(entry("Observation", level("R"))))
        .isEqualTo(byLabel("label"));
  }

  @Test
  void impliesWhatPcfsPoliciesImply() {
    assertThat(implied(ImplicitConsent.BASIC_NORMAL, "TREAT", "COC", "ETREAT", "ERTREAT", "BTG"))
        .isTrue();
    assertThat(implied(ImplicitConsent.BASIC_NORMAL, "PATRQT")).isFalse();
    assertThat(implied(ImplicitConsent.BASIC_NORMAL, "TREAT", "POPHLTH")).isFalse();
    assertThat(implied(ImplicitConsent.ALL_NORMAL, "TREAT", "HRESCH")).isTrue();
    assertThat(implied(ImplicitConsent.BREAK_GLASS_ONLY, "BTG")).isTrue();
    assertThat(implied(ImplicitConsent.BREAK_GLASS_ONLY, "ETREAT")).isFalse();
    assertThat(implied(ImplicitConsent.DENY, "BTG")).isFalse();
  }

  private static boolean implied(ImplicitConsent implicit, String... purposes) {
    EntryRules rules =
        rules(
            Labelling.NONE,
            asker(purposes),
            false,
            CARE.releaseReady("Observation").implicit(implicit));
    EntryDecision decision = rules.decide(entry("Observation"));
    assertThat(rules.withholdAll())
        .as("nothing can be disclosed where nothing is implied nor consented to")
        .isEqualTo(
            decision instanceof Disclosed ? Optional.empty() : Optional.of(Reason.OBJECTION));
    return switch (decision) {
      case Disclosed(String rule) ->
          rule.equals(implicit.uri().replaceAll(".*Policy-", "implicit:"));
      case Withheld withheld -> {
        assertThat(withheld.reason()).isEqualTo(Reason.OBJECTION);
        assertThat(withheld.rule()).startsWith("implicit:");
        yield false;
      }
    };
  }

  @Test
  void asksNoPatientAboutWhatIsNoPatientsRecord() {
    Terms denied = CARE.implicit(ImplicitConsent.DENY);
    assertThat(rules(denied).decide(entry("Organization"))).isEqualTo(new Disclosed("DSA"));
    assertThat(rules(denied.types("Organization")).withholdAll()).isEmpty();
    assertThat(rules(denied).decide(entry("Organization", level("R")))).isEqualTo(byLabel("label"));
  }

  @Test
  void withholdsWhatNoAgreementPermits() {
    assertThat(rules(CARE).decide(entry("Flag"))).isEqualTo(byLabel("default-deny"));
  }

  @Test
  void oneAgreementOfSeveralIsEnough() {
    Entry entry = entry("Observation", sensitive("HIV"), level("R"));
    Terms normal = Terms.of("DSA-N", "TREAT");
    Terms higher = Terms.of("DSA-R", "TREAT").ceiling(Confidentiality.R);
    Terms without = Terms.of("DSA-HIV", "TREAT").ceiling(Confidentiality.R, "HIV");
    assertThat(rules(normal, higher, without).decide(entry)).isEqualTo(IMPLIED);
    assertThat(rules(normal, without).decide(entry)).isEqualTo(byLabel("label"));
  }

  @Test
  void theTermsOfSeveralAgreementsAreNeverMixed() {
    Terms law = Terms.of("DSA-LAW", "TREAT").law(LegalGroup.FERTILITY);
    Terms high = Terms.of("DSA-HIGH", "TREAT").ceiling(Confidentiality.R);
    Entry entry = entry("Observation", restricted(LegalGroup.FERTILITY), level("R"));
    assertThat(rules(law, high).decide(entry))
        .as("the gravest reason")
        .isEqualTo(new Withheld(Reason.LAW, "law:fertility"))
        .isEqualTo(rules(high, law).decide(entry));
  }

  @Test
  void showsPatientsWhatIsReadyAndNoDocument() {
    Terms own =
        Terms.of("DSA-OWN", "PATRQT")
            .implicit(ImplicitConsent.ALL_NORMAL)
            .unlabelledDocuments()
            .releaseReady("Observation", "DocumentReference", "Binary");
    EntryRules rules = rules("PATRQT", own);
    Withheld never = byLabel("patient-access");
    assertThat(rules.decide(entry("Observation"))).isEqualTo(new Disclosed("implicit:all-normal"));
    assertThat(rules.decide(entry("Observation", sensitive("NOPAT")))).isEqualTo(never);
    assertThat(rules.decide(entry("Patient"))).isEqualTo(never);
    assertThat(rules.decide(entry("Organization"))).isEqualTo(never);
    assertThat(rules.decide(entry("DocumentReference", level("N")))).isEqualTo(never);
    assertThat(rules.decide(entry("Binary", level("N")))).isEqualTo(never);
    assertThat(rules.decide(attaching("Observation", "text/plain", level("N")))).isEqualTo(never);
    assertThat(rules("FAMRQT", own).decide(entry("Patient"))).isEqualTo(never);
    assertThat(rules("TREAT", own).decide(entry("Observation", sensitive("NOPAT"))))
        .isInstanceOf(Disclosed.class);
  }

  @Test
  void withholdsAllOfWhoHasOptedOut() {
    Terms research = Terms.of("DSA-RES", "HRESCH").implicit(ImplicitConsent.ALL_NORMAL);
    EntryRules rules = rules(Labelling.NONE, asker("HRESCH"), true, research);
    Withheld optedOut = new Withheld(Reason.OBJECTION, "opt-out");
    assertThat(rules.withholdAll()).contains(Reason.OBJECTION);
    assertThat(rules.decide(entry("Observation"))).isEqualTo(optedOut);
    assertThat(rules.decide(entry("Organization"))).isEqualTo(optedOut);
    assertThat(rules(Labelling.NONE, asker("HRESCH"), false, research).withholdAll()).isEmpty();
  }

  @Test
  void tellsOnlyWhatEveryAgreementTells() {
    Terms usual = Terms.of("DSA-1", "TREAT");
    Terms all = Terms.of("DSA-2", "TREAT").telling(true, true, true);
    Terms none = Terms.of("DSA-3", "TREAT").telling(false, false, false);
    assertThat(told(usual)).containsExactly(Reason.OBJECTION);
    assertThat(told(all)).containsExactly(Reason.OBJECTION, Reason.LABEL, Reason.LAW);
    assertThat(told(all, usual)).containsExactly(Reason.OBJECTION);
    assertThat(told(all, usual, none)).isEmpty();
    assertThat(told()).as("no agreement").isEmpty();
  }

  private static List<Reason> told(Terms... terms) {
    return Stream.of(Reason.values()).filter(rules(terms)::tells).toList();
  }

  @Test
  void releasesRestrictedPatientsWhereEveryAgreementDoes() {
    Terms not = Terms.of("DSA-1", "TREAT");
    Terms does = Terms.of("DSA-2", "TREAT").restrictedPatients();
    assertThat(released(does).releasesRestrictedPatients()).isTrue();
    assertThat(released(does, not).releasesRestrictedPatients()).isFalse();
    assertThat(released().releasesRestrictedPatients()).isFalse();
  }

  private static Release released(Terms... terms) {
    return release(Labelling.NONE, asker("TREAT"), false, terms);
  }

  @Test
  void givesEveryNoticeOnce() {
    Terms one = Terms.of("DSA-1", "TREAT").notice("It may hold more.");
    Terms same = Terms.of("DSA-2", "TREAT").notice("It may hold more.");
    Terms other = Terms.of("DSA-3", "TREAT").notice("It is new.");
    assertThat(released(one, same, other).notices())
        .containsExactly("It may hold more.", "It is new.");
    assertThat(released(Terms.of("DSA", "TREAT")).notices()).isEmpty();
  }

  @Test
  void explainsTheDecisionEachAgreementAndEachList() {
    Labelling lists =
        new Labelling(List.of(group("sexual-health", Set.of(sensitive("HIV")), "86406008")));
    Terms without = Terms.of("DSA-1", "TREAT").ceiling(Confidentiality.N, "HIV");
    Terms denied = Terms.of("DSA-2", "TREAT").implicit(ImplicitConsent.DENY);
    assertThat(rules(lists, "TREAT", without, denied).explain(coded("86406008")))
        .containsExactly(
            "it is withheld by a label, by `label:HIV`",
            "agreement `DSA-1` withholds it: the ceiling leaves out what is sensitive for `HIV`"
                + " (`label:HIV`)",
            "agreement `DSA-2` withholds it: no Consent speaks of it, and what is implied does not"
                + " permit it (`implicit:deny`)",
            "list `sexual-health` (Codes of sexual-health) holds a code of it, and labels it `HIV`",
            "of what `london` holds, altogether: nothing recorded speaks of it",
            "of what `hwe` holds, altogether: nothing recorded speaks of it");
  }

  /** No rule is without its words. */
  @Test
  void explainsEveryRule() {
    Terms own = Terms.of("DSA", "TREAT", "PATRQT").ceiling(Confidentiality.N, "HIV");
    List<Entry> entries =
        List.of(
            entry("Observation"),
            entry("Organization"),
            entry("Observation", level("R")),
            entry("Observation", sensitive("HIV")),
            entry("Observation", sensitive("NODSCLCD")),
            entry("Observation", restricted(LegalGroup.FERTILITY)),
            entry("DocumentReference"));
    for (String purpose : List.of("TREAT", "PATRQT")) {
      for (Entry entry : entries) {
        EntryRules rules = rules(purpose, own);
        String rule =
            switch (rules.decide(entry)) {
              case Disclosed(String by) -> by;
              case Withheld(_, String by) -> by;
            };
        assertThat(rules.explain(entry))
            .startsWith(EntryWords.of(rules.decide(entry)))
            .element(1)
            .satisfies(sentence -> assertThat(sentence).containsAnyOf(rule, "no patient's"));
      }
    }
  }

  static Labelling.Group group(String id, Set<Coding> labels, String code) {
    return new Labelling.Group(id, "Codes of " + id, labels, Set.of(snomed(code)));
  }

  private static Entry coded(String code) {
    return entry("Observation", List.of(), List.of(snomed(code)));
  }

  private static Withheld byLabel(String rule) {
    return new Withheld(Reason.LABEL, rule);
  }

  private static EntryRules rules(Terms... terms) {
    return rules("TREAT", terms);
  }

  private static EntryRules rules(String purpose, Terms... terms) {
    return rules(Labelling.NONE, purpose, terms);
  }

  private static EntryRules rules(Labelling lists, String purpose, Terms... terms) {
    return rules(lists, asker(purpose), false, terms);
  }

  static EntryRules rules(Labelling lists, Requester asker, boolean optedOut, Terms... terms) {
    Region asking = Parties.silent(Parties.HWE);
    return EntryRules.of(
        release(lists, asker, optedOut, terms),
        ConsentRules.of(Consents.NONE, LONDON, asking, asker, JUNE),
        ConsentRules.of(Consents.NONE, asking, asking, asker, JUNE));
  }

  private static Release release(
      Labelling lists, Requester asker, boolean optedOut, Terms... terms) {
    Map<String, List<Agreement>> permits = new LinkedHashMap<>();
    for (Terms each : terms) {
      Agreement agreement = each.agreement();
      agreement
          .types()
          .forEach(type -> permits.computeIfAbsent(type, _ -> new ArrayList<>()).add(agreement));
    }
    return new Release(LONDON, asker, permits, new LabelRules(lists), JUNE, optedOut);
  }

  static Requester asker(String... purposes) {
    return Parties.requester(
        Parties.HWE, List.of(Parties.role("R8000")), Optional.of("encounter"), purposes);
  }
}
