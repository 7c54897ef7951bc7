package dev.ermine.merge;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.ANOTHER;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.entries;
import static dev.ermine.testing.Given.entry;
import static dev.ermine.testing.Given.observation;
import static dev.ermine.testing.Given.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Demographics.PersonName;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.policy.Consents;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.testing.Given;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamePatientTest {

  private static final String GATEWAY = "https://gateway.example";

  private static final String WHO = who("Okafor", "Ada", "1961-04-02");
  private static final String MARRIED = who("Bello", "Ada", "1961-04-02");
  private static final String TWIN = who("Okafor", "Amaka", "1961-04-02");
  private static final String NOTHING = "";

  private static final Sought KNOWN =
      new Sought(
          ADA,
          Set.of(),
          Optional.of(
              new Demographics(
                  List.of(new PersonName(Optional.empty(), Optional.of("Okafor"), List.of("Ada"))),
                  Optional.of("1961-04-02"),
                  Optional.of("female"))));
  private static final Sought BY_NUMBER = Sought.byNumber(ADA);

  @Test
  void aPatientWhoMatchesNeedsNoWords() {
    Merged merged = merge(KNOWN, london(patient("p1", WHO), pulse("o1", "p1")));
    assertThat(line(merged).status()).isEqualTo(Status.ANSWERED);
    assertThat(line(merged).text()).isEqualTo("1 entry");
    assertThat(Told.notes(merged)).isEmpty();
  }

  @Test
  void namesTheDetailsInWhichAPatientDiffersAndMerges() {
    String both = who("Bello", "A", "1961-04-02");
    assertThat(line(merge(KNOWN, london(patient("p1", MARRIED), pulse("o1", "p1")))).text())
        .isEqualTo("1 entry; its patient differs from the one asked about in family name");
    AccountLine line = line(merge(KNOWN, london(patient("p1", both))));
    assertThat(line.status()).isEqualTo(Status.EMPTY);
    assertThat(line.text()).endsWith(" in family name, given name");
  }

  @Test
  void nothingOfAnotherPersonIsMergedThoughTheNumberIsTheSame() {
    Merged merged = merge(KNOWN, london(patient("p1", TWIN), pulse("o1", "p1")));
    assertThat(line(merged).status()).isEqualTo(Status.QUARANTINED);
    assertThat(merged.released()).isEmpty();
  }

  @Test
  void saysOfWhomItCouldNotBeCrossChecked() {
    Merged merged = merge(KNOWN, london(patient("p1", NOTHING), pulse("o1", "p1")));
    assertThat(line(merged).status()).isEqualTo(Status.ANSWERED);
    assertThat(line(merged).text())
        .contains("its patient could not be cross-checked: it shares no demographics");
  }

  @Test
  void whoCannotBeReadIsNotSurelyThePatient() {
    for (Sought sought : List.of(KNOWN, BY_NUMBER)) {
      Merged merged =
          merge(sought, london(patient("p1", ",\"birthDate\":1961"), pulse("o1", "p1")));
      assertThat(line(merged).status()).isEqualTo(Status.QUARANTINED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"02", "03", "06", "07", "08", "42"})
  void aNumberThatWasNotTracedCountsOnlyWhereAllElseAgrees(String status) {
    assertThat(status(KNOWN, verified(status, WHO))).isEqualTo(Status.ANSWERED);
    for (String who : List.of(MARRIED, NOTHING, ",\"birthDate\":\"1961-04-02\"")) {
      assertThat(status(KNOWN, verified(status, who))).isEqualTo(Status.QUARANTINED);
    }
    assertThat(status(BY_NUMBER, verified(status, WHO))).isEqualTo(Status.QUARANTINED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"04", "05"})
  void aNumberInDisputeIsNobodysForSure(String status) {
    assertThat(status(KNOWN, verified(status, WHO))).isEqualTo(Status.QUARANTINED);
    assertThat(status(BY_NUMBER, verified(status, WHO))).isEqualTo(Status.QUARANTINED);
  }

  @Test
  void aVerifiedNumberCounts() {
    assertThat(status(BY_NUMBER, verified("01", NOTHING))).isEqualTo(Status.ANSWERED);
  }

  @Test
  void ofSeveralPatientsUnderTheNumberOnlyTheAcceptedOnesEntriesStay() {
    Merged merged =
        merge(
            KNOWN,
            london(
                patient("p1", WHO) + "," + patient("p2", TWIN),
                pulse("o1", "p1"),
                pulse("o2", "p2"),
                byNumber("o3", ADA)));
    assertThat(merged.released()).containsExactly("london/Observation/o1");
    assertThat(line(merged).status()).isEqualTo(Status.PART_ANSWERED);
    assertThat(line(merged).text())
        .isEqualTo(
            "1 entry; known gaps: 1 of its 2 patients under this number is not surely this one:"
                + " nothing of theirs was merged; 1 entry was set aside as not safe to show: 1 does"
                + " not say for sure whose it is");
  }

  @Test
  void theNumberAloneNamesAPatientWhereNobodyElseHasIt() {
    Merged merged = merge(KNOWN, london(patient("p1", WHO), byNumber("o3", ADA)));
    assertThat(merged.released()).containsExactly("london/Observation/o3");
  }

  @Test
  void patientsThemselvesAreDisclosedWhereAccepted() {
    Map<String, TypeAnswer> types = new LinkedHashMap<>();
    types.put("Patient", read(patient("p1", WHO), patient("p2", TWIN)));
    Merged merged =
        merge(
            KNOWN,
            asked(
                "london",
                new PeerAnswer.Answered(entries(patient("p1", WHO), patient("p2", TWIN)), types),
                Given.SHARES_ALL));
    assertThat(merged.released()).containsExactly("london/Patient/p1");
    assertThat(line(merged).text()).contains("1 of its 2 patients");
  }

  @Test
  void twoAccountsOfOnePatientOfWhichOneIsRefusedAreBothRefused() {
    Map<String, TypeAnswer> types = new LinkedHashMap<>();
    types.put("Patient", read(patient("p1", TWIN)));
    types.put("Observation", read(pulse("o1", "p1")));
    PeerAnswer.Answered answered = new PeerAnswer.Answered(entries(patient("p1", WHO)), types);
    assertThat(line(merge(KNOWN, asked("london", answered, Given.SHARES_ALL))).status())
        .isEqualTo(Status.QUARANTINED);
  }

  @Test
  void aSupersededNumberIsThePatientsOwn() {
    String old = patient("london", "p1", ANOTHER, WHO);
    Contribution region = london(old, pulse("o1", "p1"), byNumber("o2", ANOTHER));
    Sought superseded = new Sought(ADA, Set.of(ANOTHER), KNOWN.reference());
    assertThat(merge(superseded, region).released()).hasSize(2);
    assertThat(line(merge(KNOWN, region)).status()).isEqualTo(Status.QUARANTINED);
  }

  @Test
  void withoutAReferenceItIsSaidThatNothingWasCrossChecked() {
    Merged merged = merge(BY_NUMBER, london(patient("p1", WHO), pulse("o1", "p1")));
    assertThat(Told.notes(merged))
        .extracting(Issue::text)
        .singleElement()
        .asString()
        .startsWith("identity not cross-checked: ")
        .endsWith(
            "Send the patient's demographics (family, given, birthdate, gender) in the token");
    assertThat(merged.issues().get(1)).isEqualTo(Told.notes(merged).getFirst());
    assertThat(line(merged).text()).isEqualTo("1 entry");
  }

  @Test
  void withoutAReferenceRegionsThatDisagreeAreAllQuarantined() {
    Merged merged =
        merge(
            BY_NUMBER,
            simple("london", WHO),
            simple("wessex", WHO),
            simple("yorkshire", TWIN),
            simple("kent", NOTHING));
    assertThat(merged.account())
        .extracting(AccountLine::status)
        .containsExactly(
            Status.QUARANTINED, Status.QUARANTINED, Status.QUARANTINED, Status.ANSWERED);
    assertThat(Told.notes(merged).getFirst().text()).contains("not one person are quarantined");
  }

  @Test
  void withAReferenceAMajorityCountsForNothing() {
    Merged merged =
        merge(KNOWN, simple("london", TWIN), simple("wessex", TWIN), simple("kent", WHO));
    assertThat(merged.account())
        .extracting(AccountLine::status)
        .containsExactly(Status.QUARANTINED, Status.QUARANTINED, Status.ANSWERED);
  }

  @Test
  void withoutAReferenceARegionThatDisagreesWithItselfIsQuarantined() {
    String two = patient("p1", WHO) + "," + patient("p2", TWIN);
    assertThat(line(merge(BY_NUMBER, london(two, pulse("o1", "p1")))).status())
        .isEqualTo(Status.QUARANTINED);
    List<String> many = new ArrayList<>();
    for (int i = 0; i <= Patients.MOST; i++) {
      many.add(patient("p" + i, WHO));
    }
    assertThat(status(BY_NUMBER, String.join(",", many))).isEqualTo(Status.QUARANTINED);
    assertThat(status(BY_NUMBER, String.join(",", many.subList(1, many.size()))))
        .isEqualTo(Status.ANSWERED);
  }

  @Test
  void aGatewayHasThePatientsOfManyRecordsThatSayTheSame() {
    assertThat(behind(2 * Patients.MOST, _ -> WHO)).isEqualTo(Status.ANSWERED);
    assertThat(behind(2 * Patients.MOST, i -> i == 3 ? TWIN : WHO)).isEqualTo(Status.QUARANTINED);
  }

  /** What becomes of a region with one Patient in each of so many records behind it. */
  private static Status behind(int records, IntFunction<String> who) {
    String patients =
        IntStream.range(0, records)
            .mapToObj(i -> patient("p1", who.apply(i)).replace("/fhir/", "/regions/r" + i + "/"))
            .collect(Collectors.joining(","));
    String pulse = pulse("o1", "p1").replace("/fhir/", "/regions/r0/");
    return line(merge(BY_NUMBER, london(patients, pulse))).status();
  }

  @Test
  void aDoubtDoesNotFindOutAPatientWhoObjectsInSilence() {
    EntryPolicy silent = Given.withholdingAll(Reason.OBJECTION, false);
    for (Sought sought : List.of(KNOWN, BY_NUMBER)) {
      for (String who : List.of(WHO, MARRIED, TWIN, NOTHING, verifiedWho("05"))) {
        Merged merged = merge(sought, region("london", silent, who), simple("kent", WHO));
        Merged without =
            merge(
                sought, asked("london", new PeerAnswer.NotMatched(), silent), simple("kent", WHO));
        assertThat(merged.issues()).isEqualTo(without.issues());
      }
    }
    assertThat(
            merge(KNOWN, region("london", Given.withholdingAll(Reason.OBJECTION, true), TWIN))
                .account())
        .extracting(AccountLine::status)
        .containsExactly(Status.QUARANTINED);
  }

  @Test
  void nothingIsSaidOfAPatientWhoIsWithheldInSilence() {
    EntryPolicy silent =
        Given.withholding(
            e -> e.type().equals("Patient") ? Optional.of(Reason.LABEL) : Optional.empty());
    for (String who : List.of(MARRIED, NOTHING)) {
      assertThat(merge(KNOWN, region("london", silent, who)).issues())
          .isEqualTo(merge(KNOWN, region("london", silent, WHO)).issues());
    }
    String two = patient("p1", WHO) + "," + patient("p2", TWIN);
    PeerAnswer.Answered answered =
        new PeerAnswer.Answered(entries(two), Map.of("Observation", read(pulse("o1", "p1"))));
    assertThat(line(merge(KNOWN, asked("london", answered, silent))).text()).isEqualTo("1 entry");
  }

  @Test
  void whatSomebodyElseUnderTheNumberDecidedIsNotKnownToBeThePatients() {
    PeerAnswer.Answered sure = consulted(patient("p1", WHO));
    PeerAnswer.Answered doubtful = consulted(patient("p1", WHO) + "," + patient("p2", TWIN));
    PeerAnswer.Answered another = consulted(patient("p1", TWIN));
    assertThat(inRecord(sure)).isInstanceOf(Consents.Known.class);
    assertThat(inRecord(doubtful)).isInstanceOf(Consents.Unknown.class);
    assertThat(inRecord(another)).isInstanceOf(Consents.Unknown.class);
    assertThat(HeldConsents.inRegister(KNOWN, Given.region("london"), GATEWAY, sure))
        .isInstanceOf(Consents.Known.class);
    assertThat(HeldConsents.inRegister(KNOWN, Given.region("london"), GATEWAY, doubtful))
        .isInstanceOf(Consents.Unknown.class);
  }

  @Test
  void aReadFollowsTheSameCheck() {
    assertThat(disclosure(patient("p1", WHO)).orElseThrow().resource("Observation", "o1"))
        .isPresent();
    assertThat(disclosure(patient("p1", TWIN))).isEmpty();
    Disclosure both = disclosure(patient("p2", WHO) + "," + patient("p1", TWIN)).orElseThrow();
    assertThat(both.resource("Observation", "o1")).isEmpty();
  }

  @Test
  void thePatientsOfAllRegionsAreAlternatesOfEachOther() {
    Merged merged =
        merge(KNOWN, searched("london", WHO), searched("kent", MARRIED), searched("wessex", TWIN));
    String london = GATEWAY + "/regions/london/fhir/Patient/p1";
    String kent = GATEWAY + "/regions/kent/fhir/Patient/p1";
    assertThat(merged.alternates().links())
        .isEqualTo(Map.of(london, List.of(kent), kent, List.of(london)));
    assertThat(merge(KNOWN, searched("london", WHO)).alternates().links()).isEmpty();
  }

  @Test
  void inWhateverOrderRegionsStandAndHoweverManyComeNoneIsBroughtBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] people = {
      WHO, WHO, MARRIED, TWIN, NOTHING, who("Okafor", "A", "1961-02-04"), verifiedWho("02")
    };
    for (int round = 0; round < 200; round++) {
      Sought sought = random.nextBoolean() ? KNOWN : BY_NUMBER;
      List<Contribution> regions = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        regions.add(random(random, "r" + i, people));
      }
      Map<?, Status> all = merge(sought, regions).statuses();
      List<String> released = sorted(merge(sought, regions));
      Collections.shuffle(regions, random);
      assertThat(merge(sought, regions).statuses()).as("seed %d", seed).isEqualTo(all);
      assertThat(sorted(merge(sought, regions))).as("seed %d", seed).isEqualTo(released);
      merge(sought, regions.subList(0, 5))
          .statuses()
          .forEach(
              (region, status) -> {
                if (status == Status.QUARANTINED) {
                  assertThat(all.get(region)).as("seed %d", seed).isEqualTo(Status.QUARANTINED);
                }
              });
      if (sought.reference().isPresent()) {
        assertThat(released).as("seed %d", seed).noneMatch(id -> id.contains("/twins"));
      }
    }
  }

  /** One or two Patients, each with an entry. */
  private static Contribution random(Random random, String region, String[] people) {
    List<String> patients = new ArrayList<>();
    List<String> observations = new ArrayList<>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      String who = people[random.nextInt(people.length)];
      String id = (who.equals(TWIN) ? "twins" : "o") + i;
      patients.add(patient(region, "p" + i, ADA, who));
      observations.add(observation(region, id, "Patient/p" + i));
    }
    return asked(
        region,
        new PeerAnswer.Answered(
            entries(String.join(",", patients)),
            Map.of("Observation", read(observations.toArray(String[]::new)))),
        Given.SHARES_ALL);
  }

  private static List<String> sorted(Merged merged) {
    return merged.released().stream().sorted().toList();
  }

  private static Optional<Disclosure> disclosure(String patients) {
    return Disclosure.of(
        KNOWN,
        Given.region("london"),
        GATEWAY,
        List.of("Observation"),
        List.of("Observation"),
        new PeerAnswer.Answered(entries(patients), Map.of("Observation", read(pulse("o1", "p1")))),
        Given.SHARES_ALL);
  }

  private static Consents inRecord(PeerAnswer answer) {
    return HeldConsents.inRecord(KNOWN, Given.region("london"), GATEWAY, answer);
  }

  private static PeerAnswer.Answered consulted(String patients) {
    return new PeerAnswer.Answered(entries(patients), Map.of(), Optional.of(read()));
  }

  private static Status status(Sought sought, String patients) {
    return line(merge(sought, london(patients, pulse("o1", "p1")))).status();
  }

  private static AccountLine line(Merged merged) {
    assertThat(merged.account()).hasSize(1);
    return merged.account().getFirst();
  }

  private static Merged merge(Sought sought, Contribution... regions) {
    return merge(sought, Arrays.asList(regions));
  }

  private static Merged merge(Sought sought, List<Contribution> regions) {
    return new Merge(GATEWAY).merge(query("Observation"), sought, regions, "request-1", NOON);
  }

  private static Contribution simple(String region, String who) {
    return region(region, Given.SHARES_ALL, who);
  }

  private static Contribution region(String region, EntryPolicy policy, String who) {
    return asked(
        region,
        new PeerAnswer.Answered(
            entries(patient(region, "p1", ADA, who)),
            Map.of("Observation", read(observation(region, "o1", "Patient/p1")))),
        policy);
  }

  private static Contribution searched(String region, String who) {
    String patient = patient(region, "p1", ADA, who);
    return asked(
        region,
        new PeerAnswer.Answered(entries(patient), Map.of("Patient", read(patient))),
        Given.SHARES_ALL);
  }

  private static Contribution london(String patients, String... observations) {
    return asked(
        "london",
        new PeerAnswer.Answered(entries(patients), Map.of("Observation", read(observations))),
        Given.SHARES_ALL);
  }

  private static Contribution asked(String region, PeerAnswer answer, EntryPolicy policy) {
    return new Contribution.Asked(
        Given.region(region),
        answer instanceof PeerAnswer.Answered answered
            ? List.copyOf(answered.types().keySet())
            : List.of("Observation"),
        Set.of("Patient", "Observation"),
        List.of(),
        List.of(),
        List.of(),
        answer,
        policy,
        List.of(),
        Optional.empty());
  }

  private static TypeAnswer read(String... entries) {
    return new TypeAnswer.Read(entries(entries), List.of());
  }

  private static String pulse(String id, String patient) {
    return observation("london", id, "Patient/" + patient);
  }

  private static String byNumber(String id, NhsNumber number) {
    return entry(
        "london",
        "{\"resourceType\":\"Observation\",\"id\":\""
            + id
            + "\",\"subject\":{\"identifier\":{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\""
            + number.value()
            + "\"}}}",
        "Observation/" + id);
  }

  private static String who(String family, String given, String birthDate) {
    return ",\"name\":[{\"family\":\"%s\",\"given\":[\"%s\"]}],\"birthDate\":\"%s\",\"gender\":\"female\""
        .formatted(family, given, birthDate);
  }

  private static String patient(String id, String who) {
    return patient("london", id, ADA, who);
  }

  private static String patient(String region, String id, NhsNumber number, String who) {
    String plain = Given.patient(region, id, number);
    return who.startsWith("!")
        ? plain
            .replace("{\"system\"", "{" + extension(who.substring(1, 3)) + "\"system\"")
            .replace("\"}]}", "\"}]" + who.substring(3) + "}")
        : plain.replace("\"}]}", "\"}]" + who + "}");
  }

  private static String extension(String status) {
    return "\"extension\":[{\"url\":\"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus\","
        + "\"valueCodeableConcept\":{\"coding\":[{\"system\":\"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus\",\"code\":\""
        + status
        + "\"}]}}],";
  }

  private static String verified(String status, String who) {
    return patient("p1", "!" + status + who);
  }

  private static String verifiedWho(String status) {
    return "!" + status + WHO;
  }
}
