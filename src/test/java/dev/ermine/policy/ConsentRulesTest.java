package dev.ermine.policy;

import static dev.ermine.policy.ConsentWorld.consent;
import static dev.ermine.policy.ConsentWorld.provision;
import static dev.ermine.policy.ConsentWorld.quoted;
import static dev.ermine.policy.ConsentWorld.rule;
import static dev.ermine.policy.ConsentWorld.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Slice;
import dev.ermine.policy.ConsentRules.Effect;
import dev.ermine.policy.ConsentRules.Ruling;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentRulesTest {

  private static final String V3 = "http://terminology.hl7.org/CodeSystem/";
  private static final String SNOMED = "http://snomed.info/sct";

  /** An observation of June 2022 with an R label, coded 1, by one practitioner. */
  private static final String RICH =
      "{'resourceType':'Observation','id':'o1','identifier':[{'system':'urn:lab','value':'7'}],"
          + "'meta':{'profile':['https://x.example/weight|2'],'security':[{'system':'"
          + V3
          + "v3-Confidentiality','code':'R'},{'system':'"
          + V3
          + "v3-ActCode','code':'ETHUD'},{'system':'urn:tags','code':'blue'}]},"
          + "'code':{'coding':[{'system':'"
          + SNOMED
          + "','code':'1'}]},'effectiveDateTime':'2022-06',"
          + "'subject':{'reference':'Patient/p1'},'encounter':{'reference':'Encounter/e1'},"
          + "'performer':[{'reference':'Practitioner/a'}]}";

  /** An observation that nothing else is said of. */
  private static final String POOR = "{'resourceType':'Observation','id':'o1'}";

  private static String coding(String system, String code) {
    return "{'system':'" + system + "','code':'" + code + "'}";
  }

  private static String concept(String system, String code) {
    return "{'coding':[" + coding(system, code) + "]}";
  }

  private static Effect effect(ConsentRules rules, String entry) {
    return ConsentWorld.ruling(rules, ConsentWorld.entry(quoted(entry))).effect();
  }

  /**
   * What an attribute comes to for a permission and a denial, of that entry or that requester. A
   * denial holds where it cannot be told; a permission does not.
   */
  private static void check(String attribute, String entry, Truth permission, Truth denial) {
    String permit = consent(provision("'type':'permit'", attribute));
    String deny = consent(provision("'type':'deny'", attribute));

    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), permit), entry))
        .as("permit %s", attribute)
        .isEqualTo(permission == Truth.TRUE ? Effect.PERMIT : Effect.NONE);
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), deny), entry))
        .as("deny %s", attribute)
        .isEqualTo(denial == Truth.FALSE ? Effect.NONE : Effect.DENY);
  }

  private static void check(String attribute, String entry, Truth both) {
    check(attribute, entry, both, both);
  }

  @Test
  void aPeriodIsWhenTheRuleHolds() {
    check("'period':{'start':'2022-06-01','end':'2022-06-01'}", POOR, Truth.TRUE);
    check("'period':{'end':'2022'}", POOR, Truth.TRUE);
    check("'period':{'start':'2022-06-01T13:00:00Z'}", POOR, Truth.FALSE);
    check("'period':{'end':'2022-05'}", POOR, Truth.FALSE);
  }

  @Test
  void aPurposeIsPermittedToTheLetterAndDeniedWithItsDescendants() {
    check("'purpose':[" + coding(V3 + "v3-ActReason", "TREAT") + "]", POOR, Truth.TRUE);
    check("'purpose':[" + coding(V3 + "v3-ActReason", "HRESCH") + "]", POOR, Truth.FALSE);
    check("'purpose':[" + coding(V3 + "v3-ActReason", "ETREAT") + "]", POOR, Truth.FALSE);
    check("'purpose':[" + coding("urn:local", "TREAT") + "]", POOR, Truth.UNKNOWN);
    check("'purpose':[" + coding(V3 + "v3-ActReason", "XYZ") + "]", POOR, Truth.UNKNOWN);

    String treat = "'purpose':[" + coding(V3 + "v3-ActReason", "TREAT") + "]";
    ConsentRules permit =
        rules(ConsentWorld.doctor("ETREAT"), consent(provision("'type':'permit'", treat)));
    ConsentRules deny =
        rules(ConsentWorld.doctor("ETREAT"), consent(provision("'type':'deny'", treat)));
    assertThat(effect(permit, POOR)).isEqualTo(Effect.NONE);
    assertThat(effect(deny, POOR)).isEqualTo(Effect.DENY);
  }

  @Test
  void ofSeveralPurposesAllArePermittedAndOneIsDenied() {
    String treat = "'purpose':[" + coding(V3 + "v3-ActReason", "TREAT") + "]";
    ConsentRules permit =
        rules(ConsentWorld.doctor("TREAT", "COC"), consent(provision("'type':'permit'", treat)));
    ConsentRules deny =
        rules(ConsentWorld.doctor("HRESCH", "TREAT"), consent(provision("'type':'deny'", treat)));
    assertThat(effect(permit, POOR)).isEqualTo(Effect.NONE);
    assertThat(effect(deny, POOR)).isEqualTo(Effect.DENY);
  }

  @Test
  void theGatewayDisclosesAndGivesAccess() {
    check("'action':[" + concept(V3 + "consentaction", "access") + "]", POOR, Truth.TRUE);
    check("'action':[" + concept(V3 + "consentaction", "disclose") + "]", POOR, Truth.TRUE);
    check("'action':[" + concept(V3 + "consentaction", "collect") + "]", POOR, Truth.FALSE);
    check("'action':[" + concept(V3 + "consentaction", "use") + "]", POOR, Truth.FALSE);
    check("'action':[" + concept(V3 + "consentaction", "correct") + "]", POOR, Truth.FALSE);
    check("'action':[" + concept("urn:local", "access") + "]", POOR, Truth.UNKNOWN);
    check("'action':[{'text':'see'}]", POOR, Truth.UNKNOWN);
  }

  private static String actor(String role, String reference) {
    String system = role.startsWith("R8") ? AgreementRules.ROLES : V3 + "v3-ParticipationType";
    return "{'role':" + concept(system, role) + ",'reference':{" + reference + "}}";
  }

  private static String actors(String... actors) {
    return "'actor':[" + String.join(",", actors) + "]";
  }

  private static String ods(String code) {
    return "'identifier':{'system':'https://fhir.nhs.uk/Id/ods-organization-code','value':'"
        + code
        + "'}";
  }

  private static String user(String id) {
    return "'identifier':{'system':'https://fhir.nhs.uk/Id/sds-user-id','value':'" + id + "'}";
  }

  @Test
  void aRecipientIsComparedWithWhoAsks() {
    check(actors(actor("IRCP", ods("RQW"))), POOR, Truth.TRUE);
    check(actors(actor("PRCP", ods("qm7"))), POOR, Truth.TRUE);
    check(actors(actor("IRCP", ods("RAX"))), POOR, Truth.FALSE);
    check(actors(actor("IRCP", user("111222333444"))), POOR, Truth.TRUE);
    check(actors(actor("IRCP", user("999"))), POOR, Truth.FALSE);
    check(
        actors(
            actor(
                "IRCP",
                "'identifier':{'system':'https://fhir.hl7.org.uk/Id/gmc-number','value':'C1234567'}")),
        POOR,
        Truth.TRUE);
    check(actors(actor("IRCP", "'reference':'Organization/x'")), POOR, Truth.UNKNOWN);
    check(actors(actor("IRCP", "'reference':'RelatedPerson/x'")), POOR, Truth.UNKNOWN);
    check(actors(actor("IRCP", "'reference':'Patient/p1'")), POOR, Truth.FALSE);
    check(actors(actor("ATND", ods("RQW"))), POOR, Truth.UNKNOWN);
  }

  @Test
  void aRoleIsComparedWithTheRequestersToo() {
    check(actors(actor("R8000", ods("RQW"))), POOR, Truth.TRUE);
    check(actors(actor("R8001", ods("RQW"))), POOR, Truth.FALSE);
    check(actors(actor("R8000", ods("RAX"))), POOR, Truth.FALSE);
    check("'actor':[{'role':" + concept(AgreementRules.ROLES, "R8000") + "}]", POOR, Truth.TRUE);
  }

  @Test
  void aCustodianIsTheHolderOrCannotBeTold() {
    check(actors(actor("CST", "'reference':'Organization/keeper'")), POOR, Truth.TRUE);
    check(actors(actor("CST", ods("QMJ"))), POOR, Truth.TRUE);
    check(actors(actor("CST", ods("RAX"))), POOR, Truth.UNKNOWN);
  }

  @Test
  void anAuthorIsWhoTheEntrySaysItIsFrom() {
    check(actors(actor("AUT", "'reference':'Practitioner/a'")), RICH, Truth.TRUE);
    check(actors(actor("AUT", "'reference':'Practitioner/b'")), RICH, Truth.FALSE);
    check(actors(actor("AUT", "'reference':'Practitioner/a'")), POOR, Truth.UNKNOWN);
    check(actors(actor("AUT", "'reference':'Organization/b'")), RICH, Truth.UNKNOWN);
  }

  /** Any of several is enough for a denial; a permission takes one of each part that it names. */
  @Test
  void aPermissionTakesACustodianAndARecipient() {
    check(
        actors(actor("CST", ods("QMJ")), actor("IRCP", ods("RAX"))), POOR, Truth.FALSE, Truth.TRUE);
    check(actors(actor("CST", ods("QMJ")), actor("IRCP", ods("RQW"))), POOR, Truth.TRUE);
    check(actors(actor("IRCP", ods("RAX")), actor("IRCP", ods("RQW"))), POOR, Truth.TRUE);
  }

  @Test
  void findsARecipientInsideTheConsentAndAmongWhatCameWithIt() {
    String inside =
        "'contained':[{'resourceType':'Organization','id':'o','identifier':[{'system':"
            + "'https://fhir.nhs.uk/Id/ods-organization-code','value':'RQW'}]}]";
    String denial = provision("'type':'deny'", actors(actor("IRCP", "'reference':'#o'")));
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), consent(inside, denial)), POOR))
        .isEqualTo(Effect.DENY);
    assertThat(
            effect(
                rules(ConsentWorld.doctor("TREAT"), consent(inside.replace("RQW", "RAX"), denial)),
                POOR))
        .isEqualTo(Effect.NONE);

    String role = provision("'type':'permit'", actors(actor("IRCP", "'reference':'CareTeam/t'")));
    String team =
        quoted(
            "{'resourceType':'CareTeam','id':'t','participant':[{'member':{'reference':"
                + "'PractitionerRole/r'},'onBehalfOf':{"
                + ods("RQW")
                + "}}]}");
    String joined =
        quoted(
            "{'resourceType':'PractitionerRole','id':'r','practitioner':{%s},'organization':{%s}}");
    assertThat(
            effect(
                rules(
                    ConsentWorld.doctor("TREAT"),
                    consent(role),
                    team,
                    quoted(joined.formatted(user("111222333444"), ods("RQW")))),
                POOR))
        .isEqualTo(Effect.PERMIT);
    assertThat(
            effect(
                rules(
                    ConsentWorld.doctor("TREAT"),
                    consent(role),
                    team,
                    quoted(joined.formatted(user("111222333444"), ods("RAX")))),
                POOR))
        .isEqualTo(Effect.NONE);
  }

  @Test
  void thePatientAsksForThePatientsOwnRequest() {
    String denial =
        consent(provision("'type':'deny'", actors(actor("IRCP", "'reference':'Patient/p1'"))));
    String permit = denial.replace("deny", "permit");
    assertThat(effect(rules(ConsentWorld.doctor("PATRQT"), permit), POOR)).isEqualTo(Effect.PERMIT);
    assertThat(effect(rules(ConsentWorld.doctor("PATRQT"), denial), POOR)).isEqualTo(Effect.DENY);
    assertThat(effect(rules(ConsentWorld.doctor("FAMRQT"), permit), POOR)).isEqualTo(Effect.NONE);
    assertThat(effect(rules(ConsentWorld.doctor("FAMRQT"), denial), POOR)).isEqualTo(Effect.DENY);
  }

  /** RICH is R, of opioids or alcohol, blue. */
  @Test
  void labelsAreAHighWaterMarkAndSensitivities() {
    String level = V3 + "v3-Confidentiality";
    check("'securityLabel':[" + coding(level, "R") + "]", RICH, Truth.TRUE);
    check("'securityLabel':[" + coding(level, "V") + "]", RICH, Truth.TRUE, Truth.FALSE);
    check("'securityLabel':[" + coding(level, "N") + "]", RICH, Truth.FALSE, Truth.TRUE);
    check("'securityLabel':[" + coding(level, "N") + "]", POOR, Truth.UNKNOWN);
    String act = V3 + "v3-ActCode";
    check("'securityLabel':[" + coding(act, "ETHUD") + "]", RICH, Truth.TRUE);
    check("'securityLabel':[" + coding(act, "SPI") + "]", RICH, Truth.TRUE);
    check("'securityLabel':[" + coding(act, "HIV") + "]", RICH, Truth.FALSE);
    check("'securityLabel':[" + coding(level, "HIV") + "]", RICH, Truth.FALSE);
    check("'securityLabel':[" + coding(act, "HIV") + "]", POOR, Truth.UNKNOWN);
    check("'securityLabel':[" + coding("urn:tags", "blue") + "]", RICH, Truth.TRUE);
    check("'securityLabel':[" + coding("urn:tags", "red") + "]", RICH, Truth.UNKNOWN);
  }

  @Test
  void aDenialOfWhatIsRestrictedLeavesWhatIsNormal() {
    String normal = RICH.replace("'code':'R'", "'code':'N'");
    check(
        "'securityLabel':[" + coding(V3 + "v3-Confidentiality", "R") + "]",
        normal,
        Truth.TRUE,
        Truth.FALSE);
  }

  @Test
  void aClassIsATypeOrAProfileOrAContentType() {
    check(
        "'class':[" + coding("http://hl7.org/fhir/resource-types", "Observation") + "]",
        POOR,
        Truth.TRUE);
    check(
        "'class':[" + coding("http://hl7.org/fhir/resource-types", "Flag") + "]",
        POOR,
        Truth.FALSE);
    String profile = "'class':[" + coding("urn:ietf:rfc:3986", "https://x.example/weight") + "]";
    check(profile, RICH, Truth.TRUE);
    check(profile, RICH.replace("weight", "height"), Truth.FALSE);
    check(profile, POOR, Truth.UNKNOWN);
    String pdf = "'class':[" + coding("urn:ietf:bcp:13", "application/pdf") + "]";
    String document =
        "{'resourceType':'DocumentReference','content':[{'attachment':{'contentType':"
            + "'application/PDF; version=2'}}]}";
    check(pdf, document, Truth.TRUE);
    check(pdf, document.replace("PDF", "xml"), Truth.FALSE);
    check(pdf, "{'resourceType':'DocumentReference','id':'d'}", Truth.UNKNOWN);
    check(pdf, POOR, Truth.FALSE);
    check("'class':[" + coding("urn:local", "Observation") + "]", POOR, Truth.UNKNOWN);
  }

  @Test
  void aCodeIsAnyOfTheEntrys() {
    check("'code':[" + concept(SNOMED, "1") + "]", RICH, Truth.TRUE);
    check("'code':[" + concept(SNOMED, "2") + "]", RICH, Truth.FALSE);
    check("'code':[" + concept(SNOMED, "1") + "]", POOR, Truth.UNKNOWN);
    check("'code':[{'text':'weight'}]", RICH, Truth.UNKNOWN);
  }

  @Test
  void aDataPeriodHoldsAllOfAPermissionAndTouchesADenial() {
    check("'dataPeriod':{'start':'2022'}", RICH, Truth.TRUE);
    check("'dataPeriod':{'start':'2022-06-15'}", RICH, Truth.FALSE, Truth.TRUE);
    check("'dataPeriod':{'start':'2022-07'}", RICH, Truth.FALSE);
    check("'dataPeriod':{'start':'2022'}", POOR, Truth.UNKNOWN);
    check("'dataPeriod':{'start':'2022'}", RICH.replace("2022-06", "last June"), Truth.UNKNOWN);
  }

  private static String data(String meaning, String reference) {
    return "'data':[{'meaning':'" + meaning + "','reference':{" + reference + "}}]";
  }

  @Test
  void anInstanceIsNamedByItsAddressOrItsIdentifier() {
    check(data("instance", "'reference':'Observation/o1'"), POOR, Truth.TRUE);
    check(data("instance", "'reference':'Observation/o1/_history/3'"), POOR, Truth.TRUE);
    check(
        data("instance", "'reference':'" + ConsentWorld.BASE + "/Observation/o1'"),
        POOR,
        Truth.TRUE);
    check(data("instance", "'reference':'Observation/o2'"), POOR, Truth.FALSE);
    check(data("instance", "'reference':'https://x.example/Observation/o1'"), POOR, Truth.UNKNOWN);
    String logical = "'identifier':{'system':'urn:lab','value':'%s'}";
    check(data("instance", logical.formatted("7")), RICH, Truth.TRUE);
    check(data("instance", logical.formatted("8")), RICH, Truth.FALSE);
    check(data("instance", logical.formatted("7")), POOR, Truth.UNKNOWN);
  }

  @Test
  void dependentsReferToAnInstanceAndRelatedAreReferredTo() {
    check(data("dependents", "'reference':'Encounter/e1'"), RICH, Truth.TRUE);
    check(data("dependents", "'reference':'Encounter/e2'"), RICH, Truth.FALSE);
    check(data("dependents", "'reference':'Observation/o1'"), POOR, Truth.TRUE);
    check(data("related", "'reference':'Observation/o1'"), POOR, Truth.TRUE);
    check(data("related", "'reference':'Task/t'"), POOR, Truth.UNKNOWN);
  }

  /** A register keeps ids of its own: what it names by them may be any entry of the record. */
  @Test
  void aRegistersIdsNameNoEntry() {
    String denial =
        consent(provision("'type':'deny'", data("instance", "'reference':'Observation/o2'")));
    Consents register =
        new Consents.Known(
            List.of(ConsentWorld.entry(denial)), "https://register.example.nhs.uk/fhir");
    ConsentRules rules =
        ConsentRules.of(
            register,
            ConsentWorld.LONDON,
            ConsentWorld.HERTS,
            ConsentWorld.doctor("TREAT"),
            ConsentWorld.AT);
    assertThat(effect(rules, POOR)).isEqualTo(Effect.DENY);
  }

  /** The asking region's own Consents name entries of its record, and these are another's. */
  @Test
  void theAskersReferencesNameNothingElsewhere() {
    String denial =
        consent(provision("'type':'deny'", data("instance", "'reference':'Observation/o1'")));
    ConsentRules rules =
        ConsentRules.of(
            new Consents.Known(
                List.of(ConsentWorld.entry(denial)), "https://hwe.example.nhs.uk/fhir"),
            ConsentWorld.HERTS,
            ConsentWorld.HERTS,
            ConsentWorld.doctor("TREAT"),
            ConsentWorld.AT);
    Entry elsewhere =
        ConsentWorld.entry(
            ConsentWorld.json(quoted(POOR)),
            Slice.of(quoted(POOR)),
            Optional.of(ConsentWorld.BASE + "/Observation/o1"));
    assertThat(ConsentWorld.ruling(rules, elsewhere).effect()).isEqualTo(Effect.NONE);
  }

  @Test
  void attributesAreAllMetAndExceptionsCarveOut() {
    String hiv = "'securityLabel':[" + coding(V3 + "v3-ActCode", "ETHUD") + "]";
    String flag = "'class':[" + coding("http://hl7.org/fhir/resource-types", "Flag") + "]";
    check(hiv + "," + flag, RICH, Truth.FALSE);

    String nested =
        consent(
            provision(
                "'type':'permit'",
                "'provision':[{'type':'deny',"
                    + hiv
                    + ",'provision':[{'type':'permit','code':["
                    + concept(SNOMED, "1")
                    + "]}]}]"));
    ConsentRules rules = rules(ConsentWorld.doctor("TREAT"), nested);
    assertThat(ConsentWorld.ruling(rules, ConsentWorld.entry(quoted(RICH))))
        .isEqualTo(new Ruling(Effect.PERMIT, "consent[0].provision.provision[0].provision[0]"));
    assertThat(effect(rules, RICH.replace("'code':'1'", "'code':'2'"))).isEqualTo(Effect.DENY);
    assertThat(effect(rules, POOR)).isEqualTo(Effect.DENY);
  }

  /**
   * What is denied inside a permission that may hold is denied; what is permitted inside is not.
   */
  @Test
  void anExceptionInsideWhatCannotBeToldHoldsIfItDenies() {
    String weight = "'code':[" + concept(SNOMED, "1") + "]";
    String denied = consent(provision("'type':'permit'", weight, "'provision':[{'type':'deny'}]"));
    String lifted = consent(provision("'type':'deny'", weight, "'provision':[{'type':'permit'}]"));
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), denied), POOR)).isEqualTo(Effect.DENY);
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), lifted), POOR)).isEqualTo(Effect.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "OPTIN, TREAT, PERMIT",
    "OPTINR, TREAT, PERMIT",
    "IMPLIED, TREAT, PERMIT",
    "IMPLIEDD, TREAT, PERMIT",
    "OPTOUT, TREAT, DENY",
    "OPTOUTE, TREAT, DENY",
    "EMRGONLY, TREAT, DENY",
    "EMRGONLY, ETREAT, PERMIT",
    "EMRGONLY, ERTREAT, PERMIT",
    "EMRGONLY, BTG, DENY"
  })
  void aBasePolicyHoldsWhereNoProvisionSpeaks(String code, String purpose, Effect effect) {
    ConsentRules rules = rules(ConsentWorld.doctor(purpose), consent(rule(code)));
    assertThat(effect(rules, POOR)).isEqualTo(effect);
    assertThat(rules.denyAll()).isEqualTo(effect == Effect.DENY);
  }

  @ParameterizedTest
  @CsvSource({
    "basic-normal, TREAT, PERMIT",
    "basic-normal, HRESCH, DENY",
    "all-normal, HRESCH, PERMIT",
    "break-glass-only, TREAT, DENY",
    "break-glass-only, BTG, PERMIT",
    "deny, BTG, DENY"
  })
  void anImplicitPolicyIsABasePolicy(String policy, String purpose, Effect effect) {
    String uri = "'policy':[{'uri':'https://profiles.ihe.net/ITI/PCF/Policy-" + policy + "'}]";
    assertThat(effect(rules(ConsentWorld.doctor(purpose), consent(uri)), POOR)).isEqualTo(effect);
  }

  @Test
  void aBasePolicyThatIsNotKnownDecidesNothing() {
    String unknown = "'policy':[{'uri':'https://x.example/policy'}]";
    String typed = provision("'type':'permit'");
    assertThat(rules(ConsentWorld.doctor("TREAT"), consent(unknown)).undecided()).isTrue();
    assertThat(rules(ConsentWorld.doctor("TREAT"), consent(unknown, rule("OPTIN"))).undecided())
        .isTrue();
    assertThat(rules(ConsentWorld.doctor("TREAT"), consent(unknown, typed)).undecided()).isFalse();
    assertThat(rules(ConsentWorld.doctor("TREAT"), consent("'language':'en'")).undecided())
        .isTrue();
  }

  @Test
  void aDenialBesideAPolicyThatIsNotKnownStands() {
    String unknown = "'policy':[{'uri':'https://x.example/policy'}]";
    String typed = provision("'type':'permit','code':[" + concept(SNOMED, "2") + "]");
    ConsentRules rules =
        rules(ConsentWorld.doctor("TREAT"), consent(unknown, rule("OPTOUT"), typed));
    assertThat(effect(rules, RICH)).isEqualTo(Effect.DENY);
  }

  @Test
  void basePoliciesThatContradictOneAnotherDecideNothing() {
    String deny = "'policy':[{'uri':'https://profiles.ihe.net/ITI/PCF/Policy-deny'}]";
    String typed = provision("'type':'permit'");
    assertThat(rules(ConsentWorld.doctor("TREAT"), consent(rule("OPTIN"), deny, typed)).undecided())
        .isTrue();
    assertThat(rules(ConsentWorld.doctor("TREAT"), consent(rule("OPTOUT"), deny)).undecided())
        .isFalse();
  }

  /** As bounds it would permit this type alone; as an exception it denies it. */
  @Test
  void aRootWithoutTypeDisclosesTheLessOfBothReadings() {
    String root =
        provision("'class':[" + coding("http://hl7.org/fhir/resource-types", "Flag") + "]");
    ConsentRules rules = rules(ConsentWorld.doctor("TREAT"), consent(rule("OPTIN"), root));
    assertThat(effect(rules, "{'resourceType':'Flag','id':'f'}")).isEqualTo(Effect.DENY);
    assertThat(effect(rules, POOR)).isEqualTo(Effect.NONE);
  }

  @Test
  void aRootThatAsksForNothingHoldsTheExceptionsToTheBase() {
    String root =
        provision(
            "'provision':[{'type':'deny','class':["
                + coding("http://hl7.org/fhir/resource-types", "Flag")
                + "]}]");
    ConsentRules rules = rules(ConsentWorld.doctor("TREAT"), consent(rule("OPTIN"), root));
    assertThat(effect(rules, "{'resourceType':'Flag','id':'f'}")).isEqualTo(Effect.DENY);
    assertThat(effect(rules, POOR)).isEqualTo(Effect.PERMIT);
  }

  @Test
  void aDenialOverridesAnyPermission() {
    String permit = consent(provision("'type':'permit'"));
    String deny = consent(provision("'type':'deny'"));
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), permit, deny), POOR))
        .isEqualTo(Effect.DENY);
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), deny, permit), POOR))
        .isEqualTo(Effect.DENY);
  }

  @Test
  void theLaterOfOneIdentifierSupersedesTheEarlier() {
    String identifier = "'identifier':[{'system':'urn:forms','value':'1'}]";
    String deny = consent(identifier, "'dateTime':'2022-01-01'", provision("'type':'deny'"));
    String permit = consent(identifier, "'dateTime':'2022-01-02'", provision("'type':'permit'"));
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), deny, permit), POOR))
        .isEqualTo(Effect.PERMIT);
    String sameYear = permit.replace("2022-01-02", "2022");
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), deny, sameYear), POOR))
        .isEqualTo(Effect.DENY);
    String other = permit.replace("urn:forms", "urn:others");
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), deny, other), POOR))
        .isEqualTo(Effect.DENY);
    String undated = permit.replace("\"dateTime\":\"2022-01-02\",", "");
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), deny, undated), POOR))
        .isEqualTo(Effect.DENY);
  }

  /** Compared two ways at once, each of the three would be superseded by another, and none left. */
  @Test
  void consentsNeverAllSupersedeOneAnother() {
    String identifier = "'identifier':[{'system':'urn:forms','value':'1'}]";
    String one =
        consent(
            identifier,
            "'dateTime':'2022-01-02','meta':{'lastUpdated':'2022-01-01T00:00:00Z'}",
            provision("'type':'deny'"));
    String two =
        consent(
            identifier,
            "'dateTime':'2022-01-01','meta':{'lastUpdated':'2022-01-03T00:00:00Z'}",
            provision("'type':'deny'"));
    String three =
        consent(
            identifier,
            "'meta':{'lastUpdated':'2022-01-02T00:00:00Z'}",
            provision("'type':'deny'"));
    assertThat(effect(rules(ConsentWorld.doctor("TREAT"), one, two, three), POOR))
        .isEqualTo(Effect.DENY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"draft", "proposed", "rejected", "inactive", "entered-in-error"})
  void whatIsNotInForceIsAsIfItWereNotThere(String status) {
    String consent =
        consent(provision("'type':'deny'")).replace("\"active\"", "\"" + status + "\"");
    ConsentRules rules = rules(ConsentWorld.doctor("TREAT"), consent);
    assertThat(rules.undecided()).isFalse();
    assertThat(effect(rules, POOR)).isEqualTo(Effect.NONE);
  }

  @Test
  void whatWasNotHeardDecidesNothingAndNothingRecordedSaysNothing() {
    for (Consents consents : Stream.of(Consents.NONE, new Consents.Unknown()).toList()) {
      ConsentRules rules =
          ConsentRules.of(
              consents,
              ConsentWorld.LONDON,
              ConsentWorld.HERTS,
              ConsentWorld.doctor("TREAT"),
              ConsentWorld.AT);
      assertThat(rules.undecided()).isEqualTo(!consents.equals(Consents.NONE));
      assertThat(effect(rules, POOR)).isEqualTo(Effect.NONE);
    }
  }

  @Test
  void tellsHowItCameToThatInWords() {
    String consent =
        consent(
            rule("OPTIN"),
            provision(
                "'type':'deny','code':[" + concept(SNOMED, "1") + "]",
                "'purpose':[" + coding(V3 + "v3-ActReason", "TREAT") + "]"));
    ConsentRules rules = rules(ConsentWorld.doctor("TREAT"), consent);
    assertThat(rules.explain(ConsentWorld.entry(quoted(POOR)), EntryLabels.NONE))
        .containsExactly(
            "consent[0]: its base policy (OPTIN) permits",
            "consent[0].provision denies if the purpose is TREAT (yes), and it is about 1"
                + " (cannot be told): it may apply, and a denial that may apply does",
            "consent[0] denies it, by consent[0].provision",
            "altogether: it is denied, by consent[0].provision");
  }
}
