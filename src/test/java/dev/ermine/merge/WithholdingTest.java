package dev.ermine.merge;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.ANOTHER;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.entries;
import static dev.ermine.testing.Given.patient;
import static dev.ermine.testing.Given.query;
import static dev.ermine.testing.Given.region;
import static dev.ermine.testing.Given.withholding;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Entry;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.testing.Given;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WithholdingTest {

  private static final String GATEWAY = "https://gateway.example";
  private static final Set<String> DISCLOSABLE =
      Set.of("Patient", "Observation", "DiagnosticReport", "List", "Composition", "Medication");

  @Test
  void whatIsWithheldSilentlyIsNotCountedAnywhere() {
    String other = entry("{\"resourceType\":\"Observation\",\"subject\":{\"display\":\"?\"}}");
    assertThat(bundle(silently("o2"), observation("o1"), observation("o2"), other))
        .isEqualTo(bundle(silently(), observation("o1"), other));
    assertThat(bundle(silently("o1"), observation("o1"))).isEqualTo(bundle(silently()));
  }

  @Test
  void whatIsWithheldAndToldStandsBesideWhatIsDisclosed() {
    Merged merged = merged(told("o2"), observation("o1"), observation("o2"));
    assertThat(merged.account())
        .extracting(AccountLine::status)
        .containsExactly(Status.ANSWERED, Status.WITHHELD);
    assertThat(merged.account().getFirst().text()).isEqualTo("1 entry");
    assertThat(merged.account().getLast().text())
        .isEqualTo("information is withheld under sharing rules");
    assertThat(merged.total()).contains(1);
    assertThat(merged.statuses().values()).containsExactly(Status.WITHHELD);
    assertThat(merged.issues().getFirst().text())
        .startsWith("0 of 1 regions asked have answered in full; Region london withholds");
  }

  @Test
  void itStandsAloneWhereNothingIsDisclosed() {
    assertThat(statuses(told("o1"), observation("o1"))).containsExactly(Status.WITHHELD);
  }

  @Test
  void neverTellsHowManyOrWhy() {
    List<AccountLine> one = merged(told("o1"), observation("o1")).account();
    assertThat(merged(told("o1", "o2"), observation("o1"), observation("o2")).account())
        .isEqualTo(one);
    assertThat(one.getFirst().rules()).containsExactly("DSA-london");
  }

  @Test
  void whateverRefersToItGoesWithIt() {
    String report = report("r1", "Observation/o1");
    String about = report("r2", "https://LONDON.example:443/fhir/DiagnosticReport/r1/_history/3");
    assertThat(shown(silently("o1"), observation("o1"), report, about, observation("o9")))
        .containsExactly("Observation/o9");
  }

  @Test
  void referencesToThePatientDoNotCount() {
    String patient = patient("london", "p1", ADA);
    assertThat(shown(silently("p1"), patient, observation("o1"))).containsExactly("Observation/o1");
  }

  @Test
  void allCopiesOfAnAddressShareTheGravestFate() {
    EntryPolicy first = new EntryPolicyOfFirst("Observation");
    Map<String, TypeAnswer> types = new LinkedHashMap<>();
    types.put("Observation", read(observation("o1")));
    types.put("DiagnosticReport", read(observation("o1"), observation("o2")));
    assertThat(shown(merge(first, types))).containsExactly("Observation/o2");
  }

  @Test
  void anEntryNamedByUuidIsFoundByItsIdToo() {
    String urn =
        "{\"fullUrl\":\"urn:uuid:5a0f6b3c-6a34-4a8c-8f43-bb6cf9b2d8e1\",\"resource\":{\"resourceType\":\"Observation\",\"id\":\"o1\",\"subject\":{\"reference\":\"Patient/p1\"}}}";
    assertThat(shown(silently("o1"), urn, report("r1", "Observation/o1"))).isEmpty();
    assertThat(
            shown(
                silently("o1"), urn, report("r1", "urn:uuid:5a0f6b3c-6a34-4a8c-8f43-bb6cf9b2d8e1")))
        .isEmpty();
  }

  @Test
  void entriesWithoutAnAddressDoNotShareOne() {
    String nowhere = "{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\"}}";
    EntryPolicy firstAlone = new EntryPolicyOfFirst("Observation");
    assertThat(bundle(firstAlone, nowhere, nowhere)).isEqualTo(bundle(silently(), nowhere));
  }

  @Test
  void aListIsWithheldWithAnyOfItsItems() {
    String list = listing("l1", "Observation/o1", "Observation/o2");
    assertThat(shown(silently("o2"), list, observation("o1"), observation("o2")))
        .containsExactly("Observation/o1");
    assertThat(shown(silently(), list, observation("o1"), observation("o2")))
        .containsExactly("Observation/o1", "Observation/o2", "List/l1");
  }

  @Test
  void aListWhoseItemsAreNotAllAtHandCannotBeJudged() {
    assertThat(shown(silently(), listing("l1", "Observation/o1"))).isEmpty();
    assertThat(shown(silently(), listing("l1", "#c1"))).containsExactly("List/l1");
    assertThat(shown(silently(), listing("l1", "Patient/p1"))).containsExactly("List/l1");
    String logical =
        entry(
            "{\"resourceType\":\"Composition\",\"id\":\"c1\",\"subject\":{\"reference\":\"Patient/p1\"},\"section\":[{\"entry\":[{"
                + number("x")
                + "}]}]}");
    assertThat(shown(silently(), logical)).isEmpty();
  }

  @Test
  void anItemThatNoAgreementCoversIsNotAtHand() {
    String flag =
        entry(
            "{\"resourceType\":\"Flag\",\"id\":\"f1\",\"subject\":{\"reference\":\"Patient/p1\"}}",
            "include");
    assertThat(shown(silently(), listing("l1", "Flag/f1"), flag)).isEmpty();
  }

  @Test
  void aListWithAnItemWithheldByLawIsWithheldForThat() {
    EntryPolicy lawSilentLabelsTold =
        new Given.FixedPolicy(
            false,
            Optional.empty(),
            entry -> is(entry, "o1") ? Optional.of(Reason.LAW) : Optional.empty(),
            Set.of(Reason.LABEL));
    assertThat(bundle(lawSilentLabelsTold, listing("l1", "Observation/o1"), observation("o1")))
        .isEqualTo(bundle(silently()));
  }

  @Test
  void whatOnlyWithheldEntriesLedToIsNotThereEither() {
    String medicine = entry("{\"resourceType\":\"Medication\",\"id\":\"m1\"}", "include");
    String flag =
        entry(
            "{\"resourceType\":\"Flag\",\"id\":\"f1\",\"subject\":{\"reference\":\"Patient/p1\"}}",
            "include");
    String report = report("r1", "Medication/m1", "Flag/f1");
    assertThat(bundle(silently("r1"), report, medicine, flag)).isEqualTo(bundle(silently()));
    assertThat(shown(silently("r1"), report, medicine, report("r2", "Medication/m1")))
        .containsExactly("DiagnosticReport/r2", "Medication/m1");
  }

  @Test
  void aRegionWithAnotherPatientsMatchIsQuarantinedHoweverLittleOfItWouldShow() {
    String another = Given.observation("london", "o2", "Patient/p2");
    for (EntryPolicy policy :
        List.of(
            silently("o2"),
            Given.undecided(),
            Given.withholdingAll(Reason.OBJECTION, false),
            Given.withholdingAll(Reason.OBJECTION, true))) {
      assertThat(statuses(policy, observation("o1"), another)).containsExactly(Status.QUARANTINED);
    }
  }

  @Test
  void aSilentObjectionLooksLikeAPatientWhoIsNotKnown() {
    EntryPolicy silent = Given.withholdingAll(Reason.OBJECTION, false);
    Map<String, TypeAnswer> broken =
        Map.of(
            "Observation",
            new TypeAnswer.Unread(new Miss.TimedOut()),
            "List",
            new TypeAnswer.Read(List.of(), List.of(new Gap(Gap.Kind.LIMIT, "too much"))));
    byte[] unknown = bytes(merge(Given.SHARES_ALL, new PeerAnswer.NotMatched()));
    assertThat(bytes(merge(silent, answered(broken)))).isEqualTo(unknown);
    assertThat(bundle(silent, observation("o1"))).isEqualTo(unknown);
    assertThat(bytes(merge(silent, new PeerAnswer.Objected()))).isEqualTo(unknown);
  }

  @Test
  void anObjectionThatIsToldIsWithheldWhole() {
    EntryPolicy told = Given.withholdingAll(Reason.OBJECTION, true);
    Merged merged = merged(told, observation("o1"));
    assertThat(merged.account()).extracting(AccountLine::status).containsExactly(Status.WITHHELD);
    assertThat(merged.released()).isEmpty();
    assertThat(merge(told, new PeerAnswer.Objected()).account()).isEqualTo(merged.account());
  }

  @Test
  void nothingIsDisclosedWhereConsentIsUnknown() {
    for (PeerAnswer answer :
        List.of(
            answered(Map.of("Observation", read(observation("o1")))),
            new PeerAnswer.NotMatched(),
            new PeerAnswer.Objected())) {
      Merged merged = merge(Given.undecided(), answer);
      assertThat(merged.account())
          .extracting(AccountLine::status)
          .containsExactly(Status.CONSENT_UNKNOWN);
      assertThat(merged.released()).isEmpty();
      assertThat(merged.total()).isEmpty();
    }
  }

  @Test
  void aRegionThatCouldNotBeHeardKeepsItsStatus() {
    PeerAnswer missed = new PeerAnswer.Missed(new Miss.TimedOut());
    for (EntryPolicy policy :
        List.of(Given.undecided(), Given.withholdingAll(Reason.OBJECTION, true))) {
      assertThat(merge(policy, missed).account())
          .extracting(AccountLine::status)
          .containsExactly(Status.TIMED_OUT);
    }
  }

  @Test
  void noticesAndOffersAreSaidWhateverTheRegionAnswered() {
    List<PeerAnswer> all =
        List.of(
            answered(Map.of("Observation", read(observation("o1")))),
            new PeerAnswer.NotMatched(),
            new PeerAnswer.Objected(),
            new PeerAnswer.Missed(new Miss.TimedOut()));
    for (PeerAnswer answer : all) {
      Contribution.Asked asked =
          asked(Given.SHARES_ALL, answer, List.of("It may hold more."), Optional.of("Break it."));
      Merged merged =
          new Merge(GATEWAY)
              .merge(query("Observation"), Sought.byNumber(ADA), List.of(asked), "request-1", NOON);
      assertThat(merged.account())
          .singleElement()
          .extracting(AccountLine::text)
          .asString()
          .endsWith(". It may hold more. Break it.");
    }
  }

  @Test
  void aConsentThatMayBeAnothersLeavesEverythingOpen() {
    assertThat(recorded(consent("\"reference\":\"Patient/p1\""))).isInstanceOf(KNOWN);
    assertThat(recorded(consent("\"reference\":\"Patient/p2\""))).isInstanceOf(UNKNOWN);
    assertThat(recorded(consent("\"display\":\"?\""))).isInstanceOf(UNKNOWN);
    assertThat(recorded(consent(number(ANOTHER.value())))).isInstanceOf(UNKNOWN);
  }

  @Test
  void whatWasNotReadWholeLeavesEverythingOpen() {
    Gap gap = new Gap(Gap.Kind.PEER_WARNING, "something");
    assertThat(recorded(Optional.of(new TypeAnswer.Read(List.of(), List.of(gap)))))
        .isInstanceOf(UNKNOWN);
    assertThat(recorded(Optional.of(new TypeAnswer.Unread(new Miss.TimedOut()))))
        .isInstanceOf(UNKNOWN);
    assertThat(recorded(Optional.empty())).isInstanceOf(UNKNOWN);
  }

  @Test
  void aRegisterSpeaksOfAPatientByNumberOrOfOneThatItShows() {
    String byNumber = consent("\"reference\":\"Patient/9\"," + number(ADA.value()));
    assertThat(registered(byNumber)).isInstanceOf(KNOWN);
    assertThat(registered(consent("\"reference\":\"Patient/p1\""))).isInstanceOf(UNKNOWN);
    assertThat(registered(patient("london", "p1", ADA), consent("\"reference\":\"Patient/p1\"")))
        .isInstanceOf(KNOWN);
    assertThat(registered(consent(number(ANOTHER.value())))).isInstanceOf(UNKNOWN);
    assertThat(
            registered(patient("london", "p2", ANOTHER), consent("\"reference\":\"Patient/p2\"")))
        .isInstanceOf(UNKNOWN);
  }

  @Test
  void anyRegionsWordMakesAPatientRestricted() {
    Entry restricted =
        Given.labelled(
            entries(patient("london", "p1", ANOTHER)).getFirst(),
            dev.ermine.fhir.Confidentiality.R);
    Entry normal =
        Given.labelled(
            entries(patient("london", "p1", ADA)).getFirst(), dev.ermine.fhir.Confidentiality.N);
    PeerAnswer.Answered asPatient = new PeerAnswer.Answered(List.of(restricted), Map.of());
    PeerAnswer.Answered asEntry =
        answered(Map.of("Patient", new TypeAnswer.Read(List.of(restricted), List.of())));
    PeerAnswer.Answered asActor =
        new PeerAnswer.Answered(
            List.of(normal),
            Map.of(),
            Optional.of(new TypeAnswer.Read(List.of(restricted), List.of())));
    for (PeerAnswer.Answered answer : List.of(asPatient, asEntry, asActor)) {
      assertThat(RestrictedPatient.isIn(List.of(new PeerAnswer.NotMatched(), answer))).isTrue();
    }
    assertThat(RestrictedPatient.isIn(List.of(new PeerAnswer.Answered(List.of(normal), Map.of()))))
        .isFalse();
  }

  private static final Class<?> KNOWN = dev.ermine.policy.Consents.Known.class;
  private static final Class<?> UNKNOWN = dev.ermine.policy.Consents.Unknown.class;

  private static dev.ermine.policy.Consents recorded(String... consents) {
    return recorded(Optional.of(read(consents)));
  }

  private static dev.ermine.policy.Consents recorded(Optional<TypeAnswer> consents) {
    return HeldConsents.inRecord(
        Sought.byNumber(ADA),
        region("london"),
        GATEWAY,
        new PeerAnswer.Answered(entries(patient("london", "p1", ADA)), Map.of(), consents));
  }

  private static dev.ermine.policy.Consents registered(String... found) {
    List<Entry> patients =
        entries(found).stream().filter(entry -> entry.type().equals("Patient")).toList();
    return HeldConsents.inRegister(
        Sought.byNumber(ADA),
        region("london"),
        GATEWAY,
        new PeerAnswer.Answered(patients, Map.of(), Optional.of(read(found))));
  }

  private static String consent(String patient) {
    return entry("{\"resourceType\":\"Consent\",\"id\":\"c1\",\"patient\":{" + patient + "}}");
  }

  private static String number(String value) {
    return "\"identifier\":{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\""
        + value
        + "\"}";
  }

  /** Withholds the first entry of a type that it is asked about, for a label. */
  private static final class EntryPolicyOfFirst implements EntryPolicy {
    private final EntryPolicy policy;
    private @Nullable Entry first;

    @SuppressWarnings("ReferenceEquality") // the first, and not one that is like it
    EntryPolicyOfFirst(String type) {
      this.policy =
          withholding(
              entry -> {
                first = first == null && entry.type().equals(type) ? entry : first;
                return entry == first ? Optional.of(Reason.LABEL) : Optional.empty();
              });
    }

    @Override
    public boolean undecided() {
      return false;
    }

    @Override
    public Optional<Reason> withholdAll() {
      return Optional.empty();
    }

    @Override
    public dev.ermine.policy.EntryDecision decide(Entry entry) {
      return policy.decide(entry);
    }

    @Override
    public boolean tells(Reason reason) {
      return false;
    }
  }

  private static EntryPolicy silently(String... ids) {
    return keepingBack(Reason.LABEL, ids);
  }

  private static EntryPolicy told(String... ids) {
    return keepingBack(Reason.OBJECTION, ids);
  }

  private static EntryPolicy keepingBack(Reason reason, String... ids) {
    return withholding(
        entry ->
            List.of(ids).contains(entry.id().orElse("")) ? Optional.of(reason) : Optional.empty());
  }

  private static boolean is(Entry entry, String id) {
    return entry.id().equals(Optional.of(id));
  }

  private static String observation(String id) {
    return Given.observation("london", id, "Patient/p1");
  }

  private static String report(String id, String... results) {
    return entry(
        "{\"resourceType\":\"DiagnosticReport\",\"id\":\""
            + id
            + "\",\"subject\":{\"reference\":\"Patient/p1\"},\"result\":["
            + references("", results)
            + "]}");
  }

  private static String listing(String id, String... items) {
    return entry(
        "{\"resourceType\":\"List\",\"id\":\""
            + id
            + "\",\"subject\":{\"reference\":\"Patient/p1\"},\"entry\":["
            + references("\"item\":", items)
            + "]}");
  }

  private static String references(String element, String... targets) {
    List<String> references = new ArrayList<>();
    for (String target : targets) {
      String reference = "{\"reference\":\"" + target + "\"}";
      references.add(element.isEmpty() ? reference : "{" + element + reference + "}");
    }
    return String.join(",", references);
  }

  private static String entry(String resource) {
    return entry(resource, "match");
  }

  private static String entry(String resource, String mode) {
    return "{\"resource\":" + resource + ",\"search\":{\"mode\":\"" + mode + "\"}}";
  }

  private static TypeAnswer read(String... entries) {
    return new TypeAnswer.Read(entries(entries), List.of());
  }

  private static PeerAnswer.Answered answered(Map<String, TypeAnswer> types) {
    return new PeerAnswer.Answered(entries(patient("london", "p1", ADA)), types);
  }

  private static Contribution.Asked asked(
      EntryPolicy policy, PeerAnswer answer, List<String> notices, Optional<String> offer) {
    return new Contribution.Asked(
        region("london"),
        List.of("Observation", "DiagnosticReport", "List", "Composition", "Patient"),
        DISCLOSABLE,
        List.of(),
        List.of(),
        List.of("DSA-london"),
        answer,
        policy,
        notices,
        offer);
  }

  private static Merged merge(EntryPolicy policy, PeerAnswer answer) {
    return new Merge(GATEWAY)
        .merge(
            query("Observation"),
            Sought.byNumber(ADA),
            List.of(asked(policy, answer, List.of(), Optional.empty())),
            "request-1",
            NOON);
  }

  private static Merged merge(EntryPolicy policy, Map<String, TypeAnswer> types) {
    return merge(policy, answered(types));
  }

  private static Merged merged(EntryPolicy policy, String... entries) {
    return merge(policy, Map.of("Observation", read(entries)));
  }

  private static List<Status> statuses(EntryPolicy policy, String... entries) {
    return merged(policy, entries).account().stream().map(AccountLine::status).toList();
  }

  private static List<String> shown(EntryPolicy policy, String... entries) {
    return shown(merged(policy, entries));
  }

  private static List<String> shown(Merged merged) {
    return merged.released().stream().map(name -> name.replace("london/", "")).toList();
  }

  private static byte[] bundle(EntryPolicy policy, String... entries) {
    return bytes(merged(policy, entries));
  }

  private static byte[] bytes(Merged merged) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      merged.bundle().writeTo(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
