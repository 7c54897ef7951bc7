package dev.ermine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.fhir.Consent;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Slice;
import dev.ermine.policy.ConsentRules.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The Consents that HL7 and IHE have published, wherever {@code ermine.public-data} says they lie:
 * what each comes to for a doctor who treats the patient, and where that changes.
 */
@EnabledIfSystemProperty(named = "ermine.public-data", matches = ".+")
class PublicConsentTest {

  private static final String OBSERVATION =
      "{'resourceType':'Observation','id':'o1','subject':{'reference':'Patient/p1'}%s}";
  private static final String PLAIN = OBSERVATION.formatted("");

  private final Path data = Path.of(System.getProperty("ermine.public-data"));

  private String pcf(String name) throws IOException {
    return Files.readString(data.resolve("ihe-pcf/consent/Consent-" + name + ".json"));
  }

  private String hl7(String name) throws IOException {
    return Files.readString(
        data.resolve("fhir-r4-official/consent/Consent-consent-example-" + name + ".json"));
  }

  private String other(String name) throws IOException {
    return Files.readString(data.resolve("ihe-pcf/other/" + name + ".json"));
  }

  private static ConsentRules rules(String purpose, String... resources) {
    return ConsentWorld.rules(ConsentWorld.doctor(purpose), resources);
  }

  private static ConsentRules rulesAt(String at, String resource) {
    return ConsentRules.of(
        ConsentWorld.recorded(resource),
        ConsentWorld.LONDON,
        ConsentWorld.HERTS,
        ConsentWorld.doctor("TREAT"),
        Instant.parse(at));
  }

  private static Effect effect(ConsentRules rules, String entry) {
    assertThat(rules.undecided()).isFalse();
    return ConsentWorld.ruling(rules, ConsentWorld.entry(ConsentWorld.quoted(entry))).effect();
  }

  private static String labelled(String system, String code) {
    return OBSERVATION.formatted(
        ",'meta':{'security':[{'system':'http://terminology.hl7.org/CodeSystem/"
            + system
            + "','code':'"
            + code
            + "'}]}");
  }

  private static String dated(String date) {
    return OBSERVATION.formatted(",'effectiveDateTime':'" + date + "'");
  }

  private static String by(String performer) {
    return OBSERVATION.formatted(",'performer':[{'reference':'" + performer + "'}]");
  }

  /** The root permits TREAT, HPAYMT and HOPERAT, of what is N or R at most. */
  @Test
  void advancedNormalRestrictedPermitsUpToRestricted() throws IOException {
    ConsentRules rules = rules("TREAT", pcf("ex-consent-advanced-normal-restricted"));

    assertThat(effect(rules, labelled("v3-Confidentiality", "N"))).isEqualTo(Effect.PERMIT);
    assertThat(effect(rules, labelled("v3-Confidentiality", "R"))).isEqualTo(Effect.PERMIT);
    assertThat(effect(rules, labelled("v3-Confidentiality", "V"))).isEqualTo(Effect.NONE);
    // Nothing is labelled: a permission does not hold of what may be very restricted.
    assertThat(effect(rules, PLAIN)).isEqualTo(Effect.NONE);
  }

  /** The same, of what is N at most. */
  @Test
  void advancedNormalPermitsUpToNormal() throws IOException {
    ConsentRules rules = rules("TREAT", pcf("ex-consent-advanced-normal"));

    assertThat(effect(rules, labelled("v3-Confidentiality", "N"))).isEqualTo(Effect.PERMIT);
    assertThat(effect(rules, labelled("v3-Confidentiality", "R"))).isEqualTo(Effect.NONE);
  }

  /**
   * The root denies TREAT, HPAYMT, HOPERAT, and so what stands under TREAT, breaking the glass too.
   */
  @Test
  void basicRejectDeniesTreatmentAndWhatIsUnderIt() throws IOException {
    for (String purpose : List.of("TREAT", "ETREAT", "BTG", "COC")) {
      ConsentRules rules = rules(purpose, pcf("ex-consent-basic-reject"));
      assertThat(effect(rules, PLAIN)).isEqualTo(Effect.DENY);
      assertThat(rules.denyAll()).isTrue();
    }
    // Research is not among its purposes, and its base policy is not known.
    assertThat(effect(rules("HRESCH", pcf("ex-consent-basic-reject")), PLAIN))
        .isEqualTo(Effect.NONE);
  }

  /** The root permits TREAT to the letter: emergencies are not said. */
  @Test
  void basicTreatPermitsTreatmentToTheLetter() throws IOException {
    assertThat(effect(rules("TREAT", pcf("ex-consent-basic-treat")), PLAIN))
        .isEqualTo(Effect.PERMIT);
    assertThat(effect(rules("ETREAT", pcf("ex-consent-basic-treat")), PLAIN))
        .isEqualTo(Effect.NONE);
  }

  /** Its root is in force to the end of 2022. */
  @Test
  void expiredTreatPermitsUntilItExpires() throws IOException {
    String consent = pcf("ex-consent-expired-treat");

    assertThat(effect(rulesAt("2022-12-31T23:59:59Z", consent), PLAIN)).isEqualTo(Effect.PERMIT);
    assertThat(effect(rulesAt("2023-01-01T00:00:00Z", consent), PLAIN)).isEqualTo(Effect.NONE);
  }

  /** The root permits what one practitioner has written. */
  @Test
  void intermediateAuthoredByPermitsWhatThatPractitionerWrote() throws IOException {
    ConsentRules rules = rules("TREAT", pcf("ex-consent-intermediate-authoredby"));

    assertThat(effect(rules, by("Practitioner/ex-practitioner"))).isEqualTo(Effect.PERMIT);
    assertThat(effect(rules, by("Practitioner/ex-author"))).isEqualTo(Effect.NONE);
    assertThat(effect(rules, PLAIN)).isEqualTo(Effect.NONE);
  }

  /** The root permits what is of 2022. */
  @Test
  void intermediateTimeframePermitsWhatIsOfThatTime() throws IOException {
    ConsentRules rules = rules("TREAT", pcf("ex-consent-intermediate-timeframe"));

    assertThat(effect(rules, dated("2022-05"))).isEqualTo(Effect.PERMIT);
    assertThat(effect(rules, dated("2021-12-31"))).isEqualTo(Effect.NONE);
    assertThat(effect(rules, PLAIN)).isEqualTo(Effect.NONE);
  }

  /**
   * The root denies, but not to a group that breaks the glass. Its one member is known by a name
   * alone, so that nobody can be told to be it.
   */
  @Test
  void dissentIsLiftedForTheGroupThatMayBreakTheGlass() throws IOException {
    String consent = pcf("ex-dissent-intermediate-break-glass");
    String group = other("Group-ex-privilegedUsers");
    String member = other("Practitioner-ex-practitioner");
    String known = identified(member, "https://fhir.nhs.uk/Id/sds-user-id", "111222333444");

    assertThat(effect(rules("TREAT", consent, group, known), PLAIN)).isEqualTo(Effect.DENY);
    assertThat(effect(rules("BTG", consent, group, member), PLAIN)).isEqualTo(Effect.DENY);
    assertThat(effect(rules("BTG", consent), PLAIN)).isEqualTo(Effect.DENY);
    assertThat(effect(rules("BTG", consent, group, known), PLAIN)).isEqualTo(Effect.PERMIT);
  }

  /** The published practitioner, under an identifier that tokens carry. */
  private static String identified(String resource, String system, String value) {
    ObjectNode tree = (ObjectNode) ConsentWorld.json(resource);
    tree.putArray("identifier").addObject().put("system", system).put("value", value);
    return tree.toString();
  }

  /**
   * OPTOUT; the root without type names the custodian and emergency treatment, and denies that
   * custodian inside. As bounds: emergencies are denied, nothing else said. As an exception: the
   * custodian's is denied there all the same, and everything else by the base.
   */
  @Test
  void emergencyDeniesEverythingInBothReadings() throws IOException {
    assertThat(effect(rules("TREAT", hl7("Emergency")), PLAIN)).isEqualTo(Effect.DENY);
    assertThat(effect(rules("ETREAT", hl7("Emergency")), PLAIN)).isEqualTo(Effect.DENY);
  }

  /** OPTOUT for the custodian, who is the holder: as bounds all is denied, and that is the less. */
  @Test
  void outDeniesAll() throws IOException {
    ConsentRules rules = rules("TREAT", hl7("Out"));

    assertThat(effect(rules, PLAIN)).isEqualTo(Effect.DENY);
    assertThat(rules.denyAll()).isTrue();
  }

  /**
   * OPTIN; the root without type is of 1964 to 2016. Within it: as an exception it denies, as
   * bounds it permits. After: as an exception OPTIN holds, as bounds nothing is said. The less each
   * time.
   */
  @Test
  void basicSaysNothingAfterItsPeriodAndDeniesWithinIt() throws IOException {
    assertThat(effect(rulesAt("2022-06-01T12:00:00Z", hl7("basic")), PLAIN)).isEqualTo(Effect.NONE);
    assertThat(effect(rulesAt("2015-06-01T12:00:00Z", hl7("basic")), PLAIN)).isEqualTo(Effect.DENY);
  }

  /**
   * OPTOUT; the root names the custodian, and another patient as recipient. As bounds, a denial
   * that names the custodian holds; as an exception it would permit that recipient alone.
   */
  @Test
  void grantorDeniesWhoIsNotTheRecipient() throws IOException {
    assertThat(effect(rules("TREAT", hl7("grantor")), PLAIN)).isEqualTo(Effect.DENY);
  }

  /**
   * OPTIN; the root names the custodian, who is the holder: as an exception all of it is denied.
   */
  @Test
  void notAuthorDeniesTheCustodiansRecord() throws IOException {
    assertThat(effect(rules("TREAT", hl7("notAuthor")), PLAIN)).isEqualTo(Effect.DENY);
  }

  /**
   * OPTIN; the root denies access to one organisation: which, is told by what comes along alone.
   */
  @Test
  void notOrgDeniesThatOrganisationAndPermitsOthers() throws IOException {
    String consent = hl7("notOrg");

    assertThat(effect(rules("TREAT", consent, organisation("RQW")), PLAIN)).isEqualTo(Effect.DENY);
    assertThat(effect(rules("TREAT", consent, organisation("QM7")), PLAIN)).isEqualTo(Effect.DENY);
    assertThat(effect(rules("TREAT", consent, organisation("RAX")), PLAIN))
        .isEqualTo(Effect.PERMIT);
    assertThat(effect(rules("TREAT", consent), PLAIN)).isEqualTo(Effect.DENY);
  }

  private static String organisation(String ods) {
    return ConsentWorld.quoted(
        "{'resourceType':'Organization','id':'f001','identifier':[{'system':"
            + "'https://fhir.nhs.uk/Id/ods-organization-code','value':'"
            + ods
            + "'}]}");
  }

  /** OPTIN; the root without type names a nurse. As bounds it would permit her alone. */
  @Test
  void notThemDeniesThatNurseAndSaysNothingOfOthers() throws IOException {
    String consent = hl7("notThem");

    assertThat(effect(rules("TREAT", consent, nurse("111222333444")), PLAIN))
        .isEqualTo(Effect.DENY);
    assertThat(effect(rules("TREAT", consent, nurse("999")), PLAIN)).isEqualTo(Effect.NONE);
    assertThat(effect(rules("TREAT", consent), PLAIN)).isEqualTo(Effect.DENY);
  }

  private static String nurse(String user) {
    return ConsentWorld.quoted(
        "{'resourceType':'Practitioner','id':'f204','identifier':[{'system':"
            + "'https://fhir.nhs.uk/Id/sds-user-id','value':'"
            + user
            + "'}]}");
  }

  /** OPTIN; the root without type names a task and what it refers to: as an exception, denied. */
  @Test
  void notThisDeniesTheTaskAndWhatItRefersTo() throws IOException {
    String task =
        ConsentWorld.quoted(
            "{'resourceType':'Task','id':'example3','focus':{'reference':'Observation/o1'}}");
    ConsentRules rules = rules("TREAT", hl7("notThis"), task);

    assertThat(effect(rules, task)).isEqualTo(Effect.DENY);
    assertThat(effect(rules, PLAIN)).isEqualTo(Effect.DENY);
    assertThat(effect(rules, PLAIN.replace("o1", "o2"))).isEqualTo(Effect.NONE);
    // Without the task nobody can tell what it refers to.
    assertThat(effect(rules("TREAT", hl7("notThis")), PLAIN.replace("o1", "o2")))
        .isEqualTo(Effect.DENY);
  }

  /** OPTIN, and January of 2015: `period` is when the rule holds, not when the data is of. */
  @Test
  void notTimeDeniesInThatMonthAndSaysNothingLater() throws IOException {
    assertThat(effect(rulesAt("2015-01-15T12:00:00Z", hl7("notTime")), PLAIN))
        .isEqualTo(Effect.DENY);
    assertThat(effect(rulesAt("2022-01-15T12:00:00Z", hl7("notTime")), PLAIN))
        .isEqualTo(Effect.NONE);
  }

  /** Its exceptions neither permit nor deny, which R4 requires of them. */
  @Test
  void pkbCannotBeUnderstood() throws IOException {
    assertThat(rules("TREAT", hl7("pkb")).undecided()).isTrue();
    assertThat(Consent.read(ConsentWorld.entry(hl7("pkb"))))
        .isEqualTo(
            new Consent.Reading.Malformed("`provision.provision[0]` neither permits nor denies"));
  }

  /**
   * OPTIN from October 2015 for a year, for one practitioner, who is known by name alone. As an
   * exception that may be this doctor, whom it then denies; what it permits inside may not be
   * meant.
   */
  @Test
  void signatureDeniesInItsYearAndSaysNothingLater() throws IOException {
    assertThat(effect(rulesAt("2016-01-15T12:00:00Z", hl7("signature")), PLAIN))
        .isEqualTo(Effect.DENY);
    assertThat(effect(rulesAt("2022-01-15T12:00:00Z", hl7("signature")), PLAIN))
        .isEqualTo(Effect.NONE);
  }

  /**
   * OPTIN for half an hour, with medication requests permitted inside. As an exception it denies
   * all but these in that time; as bounds it permits all. The less: these alone.
   */
  @Test
  void smartOnFhirPermitsMedicationRequestsForHalfAnHour() throws IOException {
    String request = PLAIN.replace("Observation", "MedicationRequest");
    ConsentRules during = rulesAt("2016-06-23T07:10:00Z", hl7("smartonfhir"));

    assertThat(effect(during, request)).isEqualTo(Effect.PERMIT);
    assertThat(effect(during, PLAIN)).isEqualTo(Effect.DENY);
    assertThat(effect(rulesAt("2016-06-23T07:40:00Z", hl7("smartonfhir")), request))
        .isEqualTo(Effect.NONE);
  }

  @Test
  void everyPublishedConsentIsReadAndNoneIsForgottenHere() throws IOException {
    Set<String> understood = new HashSet<>();
    List<String> others = new ArrayList<>();
    try (Stream<Path> theirs = Files.list(data.resolve("ihe-pcf/consent"));
        Stream<Path> hl7s = Files.list(data.resolve("fhir-r4-official/consent"))) {
      List<Path> files = new ArrayList<>(theirs.toList());
      files.addAll(hl7s.toList());
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        JsonNode tree = ConsentWorld.JSON.readTree(bytes);
        Entry entry = ConsentWorld.entry(tree, new Slice(bytes, 0, bytes.length), Optional.empty());
        switch (Consent.read(entry)) {
          case Consent.Reading.Heard _ -> understood.add(tree.path("id").asText());
          case Consent.Reading.OfNoConcern _, Consent.Reading.Malformed _ ->
              others.add(tree.path("id").asText());
        }
      }
    }
    assertThat(understood).hasSize(19);
    assertThat(others).containsExactly("consent-example-pkb");
  }
}
