package dev.ermine.federation;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.answered;
import static dev.ermine.testing.Given.entries;
import static dev.ermine.testing.Given.observation;
import static dev.ermine.testing.Given.patient;
import static dev.ermine.testing.Given.query;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Found;
import dev.ermine.federation.FederatedAnswer.NotFound;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.federation.PeerQuestion.Consulting;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.policy.Consents;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.Agreement;
import dev.ermine.region.ConsentSource;
import dev.ermine.region.ConsentSource.Order;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.region.ReleaseTerms;
import dev.ermine.region.ReleaseTerms.Telling;
import dev.ermine.testing.Given;
import dev.ermine.testing.PageRing;
import dev.ermine.testing.SelfSigned;
import dev.ermine.testing.UnreadAudit;
import dev.ermine.trust.Thumbprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Consents of regions and of the asker's own, with rules so plain that their ids say it all. */
class DiscretionTest {

  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(NOON.minusSeconds(60), NOON.plusSeconds(3600));

  /** The Consent {@code deny} denies everything, {@code odd} cannot be understood. */
  private static final Discretion.Rules RULES =
      (asker, requester, recorded, at) ->
          (release, held) ->
              new Given.FixedPolicy(
                  Stream.of(recorded, held).anyMatch(each -> says(each, "odd")),
                  Stream.of(recorded, held).anyMatch(each -> says(each, "deny"))
                      ? Optional.of(Reason.OBJECTION)
                      : Optional.empty(),
                  entry ->
                      entry.facets().labels().isEmpty()
                          ? Optional.empty()
                          : Optional.of(Reason.LABEL),
                  release.agreements().stream()
                          .allMatch(each -> each.terms().telling().objections())
                      ? Set.of(Reason.OBJECTION)
                      : Set.of());

  private final Map<String, PeerAnswer> answers = new HashMap<>();
  private final List<PeerQuestion> asked = Collections.synchronizedList(new ArrayList<>());
  private ReleaseTerms terms = Given.DOCUMENTS_TOO;

  DiscretionTest() {
    answers.put("london", answered("london", observation("london", "o1", "Patient/p1")));
    answers.put("wessex", answered("wessex", observation("wessex", "o2", "Patient/p1")));
    answers.put("register of london", registered());
    answers.put("register of hwe", registered());
  }

  @Test
  void aRegisterIsAskedBesideTheRecord() {
    assertThat(search(registers("london", Order.BESIDE), region("wessex")))
        .contains("london/fhir/Observation/o1", "\"total\":2");
    assertThat(names()).containsExactlyInAnyOrder("register of london", "london", "wessex");
    answers.put("register of london", registered("deny"));
    assertThat(search(registers("london", Order.BESIDE), region("wessex")))
        .doesNotContain("Observation/o1")
        .contains("withheld", "Observation/o2", "\"total\":1");
  }

  @Test
  void aRegisterAheadKeepsAnObjectorsEntriesFromBeingAskedFor() {
    for (String consent : List.of("deny", "odd")) {
      asked.clear();
      answers.put("register of london", registered(consent));
      federate(registers("london", Order.ASK_FIRST));
      assertThat(names()).containsExactly("register of london", "london");
      assertThat(((PeerQuestion.Search) asked.get(1)).types()).isEmpty();
    }
    asked.clear();
    answers.put("register of london", registered());
    assertThat(search(registers("london", Order.ASK_FIRST))).contains("Observation/o1");
    assertThat(((PeerQuestion.Search) asked.get(1)).types()).containsExactly("Observation");
  }

  @Test
  void whereARegisterIsDownNothingOfItsRegionIsDisclosedAndOthersAre() {
    answers.put("register of london", new PeerAnswer.Missed(new Miss.Unreachable("refused")));
    for (Order order : Order.values()) {
      View view = view(registers("london", order), region("wessex"));
      assertThat(view.tally().allAnswered()).isFalse();
      assertThat(view.tally().answered()).isEqualTo(1);
      assertThat(text(view))
          .contains("consent-unknown", "Observation/o2")
          .doesNotContain("Observation/o1", "\"total\"");
    }
    assertThat(failure(federate(registers("london", Order.BESIDE)))).isEqualTo(Failure.FAILED);
  }

  @Test
  void aRegisterThatHangsCostsItsRegionAlone() {
    answers.remove("register of london");
    View view = view(registers("london", Order.BESIDE), region("wessex"));
    assertThat(text(view)).contains("consent-unknown", "Observation/o2");
  }

  @Test
  void anUnknownPatientAndASilentObjectorAreAlikeWhateverTheRegisterDoes() {
    terms = telling(new Telling(false, false, false));
    PeerAnswer known = answers.get("london");
    for (Order order : Order.values()) {
      for (PeerAnswer register :
          List.of(registered("deny"), new PeerAnswer.Missed(new Miss.TimedOut()))) {
        answers.put("london", known);
        answers.put("register of london", register);
        String objector = search(registers("london", order), region("wessex"));
        answers.put("london", new PeerAnswer.NotMatched());
        answers.put(
            "register of london", register instanceof PeerAnswer.Missed ? register : registered());
        assertThat(search(registers("london", order), region("wessex"))).isEqualTo(objector);
      }
    }
  }

  @Test
  void consentsOfARecordAreAskedForWithIt() {
    Region london = with(region("london"), new ConsentSource(Order.BESIDE, Optional.empty()));
    answers.put("london", holding(Given.observation("london", "o1", "Patient/p1")));
    assertThat(search(london)).contains("Observation/o1");
    assertThat(asked)
        .singleElement()
        .extracting(PeerQuestion::consulting)
        .isEqualTo(new Consulting.InRecord(Optional.empty()));
    answers.put("london", holding(Given.observation("london", "o1", "Patient/p1"), "deny"));
    assertThat(search(london)).contains("withheld").doesNotContain("Observation/o1");
    answers.put("london", answered("london", observation("london", "o1", "Patient/p1")));
    assertThat(failure(federate(london))).isEqualTo(Failure.FAILED);
  }

  @Test
  void whatARecordSaysAheadDecidesWhetherEntriesAreAskedFor() {
    federate(with(region("london"), new ConsentSource(Order.ASK_FIRST, Optional.empty())));
    Consulting.InRecord consulting = (Consulting.InRecord) asked.getFirst().consulting();
    assertThat(consulting.ahead().orElseThrow().test(holding("", "deny"))).isFalse();
    assertThat(consulting.ahead().orElseThrow().test(holding("", "odd"))).isFalse();
    assertThat(consulting.ahead().orElseThrow().test(holding(""))).isTrue();
  }

  @Test
  void theAskingRegionsOwnWordHoldsForEveryRegion() {
    Region hwe = registers(Given.asker(CERTIFICATE), Order.BESIDE);
    answers.put("register of hwe", registered("deny"));
    assertThat(text(view(hwe, region("london"), region("wessex"))))
        .doesNotContain("Observation/o1", "Observation/o2")
        .contains("withheld");
    assertThat(names()).containsExactlyInAnyOrder("register of hwe", "london", "wessex");
    answers.put("register of hwe", new PeerAnswer.Missed(new Miss.TimedOut()));
    assertThat(failure(federate(hwe, region("london"), region("wessex"))))
        .isEqualTo(Failure.FAILED);
    answers.put("register of hwe", registered());
    View view = view(hwe, region("london"), region("wessex"));
    assertThat(view.tally().asked()).isEqualTo(2);
    assertThat(view.tally().timings()).hasSize(2);
    assertThat(text(view)).contains("Observation/o1", "Observation/o2");
  }

  @Test
  void aRestrictedPatientIsKnownNowhere() {
    String unknown = unknownEverywhere();
    restrict("wessex");
    assertThat(search(region("london"), region("wessex"))).isEqualTo(unknown);
    answers.put("london", new PeerAnswer.Objected());
    assertThat(search(region("london"), region("wessex"))).isEqualTo(unknown);
    answers.put("london", new PeerAnswer.Missed(new Miss.TimedOut()));
    assertThat(search(region("london"), region("wessex"))).contains("timed-out");
    assertThat(read("wessex", "Observation", "o2", region("wessex"))).isEqualTo(new NotFound());
  }

  @Test
  void aRestrictedPatientIsReleasedWhereAgreementsSaySo() {
    restrict("wessex");
    terms =
        new ReleaseTerms(
            terms.implicit(),
            terms.ceiling(),
            Set.of(),
            true,
            Set.of(),
            terms.telling(),
            Optional.empty());
    assertThat(search(region("london"), region("wessex")))
        .contains("Observation/o1", "Observation/o2");
  }

  @Test
  void noticesAreSaidWhoeverThePatientIs() {
    terms =
        new ReleaseTerms(
            terms.implicit(),
            terms.ceiling(),
            Set.of(),
            false,
            Set.of(),
            terms.telling(),
            Optional.of("This region may hold more than it shares."));
    assertThat(search(region("london"))).contains("1 entry. This region may hold more");
    answers.put("london", new PeerAnswer.NotMatched());
    assertThat(search(region("london"))).contains("it may share. This region may hold more");
  }

  @Test
  void aReadOfWhatIsWithheldFindsNothing() {
    answers.put("london", reading(labelled(observation("london", "o1", "Patient/p1"))));
    assertThat(read("london", "Observation", "o1", region("london"))).isEqualTo(new NotFound());
    answers.put("london", reading(entries(observation("london", "o1", "Patient/p1")).getFirst()));
    assertThat(read("london", "Observation", "o1", region("london"))).isInstanceOf(Found.class);
    answers.put("register of london", registered("deny"));
    assertThat(read("london", "Observation", "o1", registers("london", Order.BESIDE)))
        .isEqualTo(new NotFound());
  }

  @Test
  void aReadWhereConsentIsUnknownDoesNotTellWhatThereIs() {
    answers.put("register of london", new PeerAnswer.Missed(new Miss.TimedOut()));
    List<FederatedAnswer> told = new ArrayList<>();
    for (PeerAnswer answer :
        List.of(
            reading(entries(observation("london", "o1", "Patient/p1")).getFirst()),
            new PeerAnswer.Answered(entries(patient("london", "p1", ADA)), Map.of()),
            new PeerAnswer.NotMatched(),
            new PeerAnswer.Objected())) {
      answers.put("london", answer);
      told.add(read("london", "Observation", "o1", registers("london", Order.BESIDE)));
    }
    assertThat(told).containsOnly(told.getFirst());
    assertThat(failure(told.getFirst())).isEqualTo(Failure.CONSENT_UNKNOWN);
    assertThat(failure(document("london", registers("london", Order.BESIDE))))
        .isEqualTo(Failure.CONSENT_UNKNOWN);
  }

  @Test
  void aListIsReadWithWhatItLists() {
    answers.put("london", new PeerAnswer.Answered(entries(patient("london", "p1", ADA)), Map.of()));
    read("london", "List", "l1", region("london"));
    PeerQuestion.Search search = (PeerQuestion.Search) asked.getFirst();
    assertThat(search.types()).containsExactly("List");
    assertThat(search.filters()).containsExactly(new Parameter("_id", "l1"));
    assertThat(search.results().inclusions())
        .contains(Inclusion.of("List", "item"), Inclusion.of("Composition", "entry"));
  }

  @Test
  void aDocumentIsWithheldWithAnyPointerToIt() {
    Entry shown = entries(pointer("d1")).getFirst();
    answers.put("london", pointing(List.of(), shown));
    assertThat(document("london", region("london")))
        .isInstanceOf(FederatedAnswer.FoundDocument.class);
    answers.put("london", pointing(List.of(), shown, labelled(pointer("d2"))));
    assertThat(document("london", region("london"))).isEqualTo(new NotFound());
  }

  @Test
  void aDocumentIsNotGivenWhilePointersToItMayBeUnread() {
    Entry shown = entries(pointer("d1")).getFirst();
    answers.put("london", pointing(List.of(new Gap(Gap.Kind.LIMIT, "more pages")), shown));
    assertThat(failure(document("london", region("london")))).isEqualTo(Failure.FAILED);
    answers.put("london", pointing(List.of(new Gap(Gap.Kind.PEER_WARNING, "a warning")), shown));
    assertThat(document("london", region("london")))
        .isInstanceOf(FederatedAnswer.FoundDocument.class);
  }

  private static boolean says(Consents consents, String id) {
    return switch (consents) {
      case Consents.Known known ->
          known.entries().stream().anyMatch(entry -> entry.id().equals(Optional.of(id)));
      case Consents.Unknown _ -> id.equals("odd");
    };
  }

  private String unknownEverywhere() {
    Map<String, PeerAnswer> before = Map.copyOf(answers);
    answers.put("london", new PeerAnswer.NotMatched());
    answers.put("wessex", new PeerAnswer.NotMatched());
    String unknown = search(region("london"), region("wessex"));
    answers.putAll(before);
    return unknown;
  }

  private void restrict(String region) {
    answers.put(
        region,
        new PeerAnswer.Answered(
            List.of(labelled(patient(region, "p1", ADA))),
            ((PeerAnswer.Answered) answers.get(region)).types()));
  }

  private static Entry labelled(String entry) {
    return Given.labelled(entries(entry).getFirst(), Confidentiality.R);
  }

  private static PeerAnswer.Answered registered(String... ids) {
    return new PeerAnswer.Answered(List.of(), Map.of(), Optional.of(consents(ids)));
  }

  private static PeerAnswer.Answered holding(String entry, String... ids) {
    TypeAnswer found = new TypeAnswer.Read(entry.isEmpty() ? List.of() : entries(entry), List.of());
    return new PeerAnswer.Answered(
        entries(patient("london", "p1", ADA)),
        Map.of("Observation", found),
        Optional.of(consents(ids)));
  }

  private static TypeAnswer consents(String... ids) {
    String[] consents =
        Arrays.stream(ids)
            .map(
                id ->
                    Given.entry(
                        "london",
                        "{\"resourceType\":\"Consent\",\"id\":\"%s\",\"patient\":{\"identifier\":{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9000000009\"}}}"
                            .formatted(id),
                        "Consent/" + id))
            .toArray(String[]::new);
    return new TypeAnswer.Read(entries(consents), List.of());
  }

  private static PeerAnswer reading(Entry entry) {
    return new PeerAnswer.Answered(
        entries(patient("london", "p1", ADA)),
        Map.of(entry.type(), new TypeAnswer.Read(List.of(entry), List.of())));
  }

  private static String pointer(String id) {
    return Given.entry(
        "london",
        "{\"resourceType\":\"DocumentReference\",\"id\":\"%s\",\"subject\":{\"reference\":\"Patient/p1\"},\"content\":[{\"attachment\":{\"url\":\"Binary/b1\"}}]}"
            .formatted(id),
        "DocumentReference/" + id);
  }

  private static PeerAnswer pointing(List<Gap> gaps, Entry... pointers) {
    return new PeerAnswer.Answered(
        entries(patient("london", "p1", ADA)),
        Map.of("DocumentReference", new TypeAnswer.Read(List.of(pointers), gaps)));
  }

  private static Region registers(String id, Order order) {
    return registers(region(id), order);
  }

  private static Region registers(Region region, Order order) {
    Region.Answers answers = region("register").answers().orElseThrow();
    return with(region, new ConsentSource(order, Optional.of(answers)));
  }

  private static Region with(Region region, ConsentSource source) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        region.answers(),
        Optional.of(source),
        Optional.empty());
  }

  private ReleaseTerms telling(Telling telling) {
    return new ReleaseTerms(
        terms.implicit(), terms.ceiling(), Set.of(), false, Set.of(), telling, Optional.empty());
  }

  private List<String> names() {
    return asked.stream().map(DiscretionTest::name).toList();
  }

  private static String name(PeerQuestion question) {
    String id = question.region().id().value();
    return question instanceof PeerQuestion.Consents ? "register of " + id : id;
  }

  private CompletionStage<PeerAnswer> answer(PeerQuestion question) {
    asked.add(question);
    PeerAnswer answer = answers.get(name(question));
    return answer == null
        ? new CompletableFuture<>()
        : CompletableFuture.completedFuture(
            question instanceof PeerQuestion.Document
                ? new PeerAnswer.Document(
                    OpenDocument.held("text/plain", Slice.of("A")), Optional.empty())
                : answer);
  }

  private FederatedAnswer federate(Region... regions) {
    return federation(regions).search(call(), query("Observation"), Wishes.NONE);
  }

  private View view(Region... regions) {
    asked.clear();
    return (View) federate(regions);
  }

  private String search(Region... regions) {
    return text(view(regions));
  }

  private FederatedAnswer read(String region, String type, String id, Region... regions) {
    asked.clear();
    return federation(regions).read(call(), ADA, new RegionId(region), type, id);
  }

  private FederatedAnswer document(String region, Region... regions) {
    return read(region, "Binary", "b1", regions);
  }

  private Federation federation(Region... regions) {
    List<Region> all = new ArrayList<>(List.of(regions));
    if (all.stream().noneMatch(region -> region.id().value().equals("hwe"))) {
      all.addFirst(Given.asker(CERTIFICATE));
    }
    List<Agreement> agreements =
        all.stream()
            .filter(region -> region.answers().isPresent())
            .map(region -> Given.agreement(region.id().value(), types()))
            .map(this::underTerms)
            .toList();
    Regions inForce = new Regions(1, "hash", Given.gateway(), all, agreements, List.of());
    return new Federation(
        () -> inForce,
        OptOuts.Unknown::new,
        (question, _) -> answer(question),
        new UnreadAudit(),
        "https://gateway.example",
        () -> NOON,
        new Quality(NOON),
        PageRing.tokens(),
        RULES);
  }

  private static List<String> types() {
    return Stream.concat(Given.TYPES.stream(), Stream.of("List")).toList();
  }

  private Agreement underTerms(Agreement a) {
    return new Agreement(
        a.id(),
        a.releases(),
        a.to(),
        a.organisations(),
        a.purposes(),
        a.roles(),
        a.types(),
        a.relationship(),
        a.breakGlass(),
        a.from(),
        a.until(),
        terms);
  }

  private static Call call() {
    return new Call(
        Given.requester(Thumbprints.x5tS256(CERTIFICATE)),
        "request-1",
        "127.0.0.1",
        Traceparent.fresh());
  }

  private static Failure failure(FederatedAnswer answer) {
    assertThat(answer).isInstanceOf(Unanswered.class);
    return ((Unanswered) answer).failure();
  }

  private static String text(View view) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      view.bundle().writeTo(out);
      return out.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
