package dev.ermine.federation;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.ANOTHER;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.answered;
import static dev.ermine.testing.Given.observation;
import static dev.ermine.testing.Given.query;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.audit.AuditUnavailableException;
import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.Duplicates;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.document.Content;
import dev.ermine.merge.document.DocumentLink;
import dev.ermine.merge.document.Extent;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.merge.quality.Flaw;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.Agreement;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.testing.PageRing;
import dev.ermine.testing.SelfSigned;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Thumbprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FederationTest {

  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(NOON.minusSeconds(60), NOON.plusSeconds(3600));
  private static final String GATEWAY = "https://gateway.example";
  private static final FederatedAnswer NOT_FOUND = new FederatedAnswer.NotFound();

  private final AtomicReference<Regions> live = new AtomicReference<>();
  private final Map<String, PeerAnswer> answers = new ConcurrentHashMap<>();
  private final List<String> events = java.util.Collections.synchronizedList(new ArrayList<>());
  private final List<String> called = new ArrayList<>();
  private final Trail trail = new Trail();
  private final Quality quality = new Quality(NOON);

  FederationTest() {
    inForce(region("london"), region("wessex"));
    answers.put("london", answered("london", observation("london", "o1", "Patient/p1")));
    answers.put("wessex", new PeerAnswer.NotMatched());
  }

  @Test
  void answersWithWhatTheRegionsShareAndAccountsForEach() throws IOException {
    View view = (View) ask(Wishes.NONE);
    assertThat(view.tally().known()).isEqualTo(2);
    assertThat(view.tally().asked()).isEqualTo(2);
    assertThat(view.tally().answered()).isEqualTo(2);
    assertThat(view.tally().allAnswered()).isTrue();
    assertThat(json(view.bundle()).at("/total").asInt()).isEqualTo(1);
  }

  @Test
  void summarisesWhatASearchWouldFindAndAuditsItAsOne() throws IOException {
    Peer peer =
        (question, _) ->
            CompletableFuture.completedFuture(answers.get(question.region().id().value()));
    FederatedAnswer answer =
        federation(peer).summary(call(), ADA, Wishes.NONE, section -> "<div>" + section + "</div>");
    View view = (View) answer;
    assertThat(json(view.bundle()).at("/type").asText()).isEqualTo("document");
    assertThat(json(view.bundle()).at("/entry/0/resource/resourceType").asText())
        .isEqualTo("Composition");
    assertThat(view.from()).containsExactly(new RegionId("london"));
    assertThat(events).startsWith("intend").endsWith("record 200 [london/Observation/o1]");
  }

  @Test
  void intentIsDurableBeforeAnyPeerIsAskedAndOutcomeBeforeTheAnswerLeaves() {
    ask(Wishes.NONE);
    assertThat(events.getFirst()).isEqualTo("intend");
    assertThat(events.getLast()).isEqualTo("record 200 [london/Observation/o1]");
    assertThat(events).contains("ask london", "ask wessex").hasSize(4);
  }

  @Test
  void countsWhatRegionsGetWrongInWhatTheyAnswer() {
    answers.put(
        "london",
        answered(
            "london",
            observation("london", "o1", "Patient/p1"),
            observation("london", "o2", "Patient/p1").replace("\"status\":\"final\",", "")));
    ask(Wishes.NONE);
    ask(Wishes.NONE);
    RegionId london = new RegionId("london");
    assertThat(quality.seen(london)).isEqualTo(4);
    assertThat(quality.flawed(london, Flaw.MISSING_STATUS)).isEqualTo(2);
    assertThat(quality.flawed(london, Flaw.MISSING_CODE)).isZero();
    assertThat(quality.seen(new RegionId("wessex"))).isZero();
  }

  @Test
  void noAuditNoQuestion() {
    trail.failIntent = true;
    assertThatThrownBy(() -> ask(Wishes.NONE)).isInstanceOf(AuditUnavailableException.class);
    assertThat(events).isEmpty();
  }

  @Test
  void thatTheGlassIsBrokenIsDurableBeforeAnyPeerIsAsked() {
    breakable("R8000");
    breakGlass(Given.breaker(thumbprint(), ADA));
    assertThat(events.subList(0, 2))
        .containsExactly("intend", "override {london=[DSA-london], wessex=[DSA-wessex]}");
    assertThat(events).contains("ask london", "ask wessex").hasSize(5);
  }

  @Test
  void noAuditOfBrokenGlassNoQuestion() {
    breakable("R8000");
    trail.failOverride = true;
    assertThatThrownBy(() -> breakGlass(Given.breaker(thumbprint(), ADA)))
        .isInstanceOf(AuditUnavailableException.class);
    assertThatThrownBy(
            () ->
                federation()
                    .read(
                        call(Given.breaker(thumbprint(), ADA)),
                        ADA,
                        new RegionId("london"),
                        "Observation",
                        "o1"))
        .isInstanceOf(AuditUnavailableException.class);
    assertThat(events).containsExactly("intend", "intend");
  }

  @Test
  void whoMayNotBreakTheGlassAsksNobody() {
    breakable("R8001");
    assertThat(failure(breakGlass(Given.breaker(thumbprint(), ADA))))
        .isEqualTo(Failure.NO_AGREEMENT);
    assertThat(events).containsExactly("refuse NO_AGREEMENT 403");
  }

  @Test
  void saysWhatIsWantingWhereItIsStepUpAlone() {
    breakable("R8000");
    Unanswered refusal = (Unanswered) breakGlass(unproven(Given.breaker(thumbprint(), ADA)));
    assertThat(refusal.failure().status()).isEqualTo(403);
    assertThat(refusal.issues().getFirst().text()).contains("authenticate");
    assertThat(refusal.issues().get(1).diagnostics()).contains("rules: DSA-london#step-up");
  }

  private void breakable(String role) {
    live.set(
        new Regions(
            1,
            "hash",
            Given.gateway(),
            live.get().regions(),
            List.of(Given.breakable("london", role), Given.breakable("wessex", role)),
            List.of()));
  }

  private FederatedAnswer breakGlass(Requester requester) {
    Peer peer =
        (question, _) -> {
          events.add("ask " + question.region().id());
          return CompletableFuture.completedFuture(new PeerAnswer.NotMatched());
        };
    return federation(peer).search(call(requester), query("Observation"), Wishes.NONE);
  }

  private static Call call(Requester requester) {
    return new Call(requester, "request-1", "127.0.0.1", Traceparent.fresh());
  }

  /** The same, of whose authentication nothing is said. */
  private static Requester unproven(Requester requester) {
    return new Requester(
        requester.region(),
        requester.issuer(),
        requester.subject(),
        requester.organisation(),
        requester.userId(),
        requester.name(),
        requester.roles(),
        requester.purposes(),
        requester.reason(),
        requester.breakGlassReason(),
        requester.relationship(),
        requester.patient(),
        requester.practitioner(),
        requester.hops(),
        requester.tokenId(),
        requester.certificate(),
        requester.expires(),
        requester.scope());
  }

  @Test
  void noAuditNoData() {
    trail.failOutcome = true;
    assertThatThrownBy(() -> ask(Wishes.NONE)).isInstanceOf(AuditUnavailableException.class);
  }

  @Test
  void aRegionWithoutAgreementIsNotAskedAndTheAccountNamesTheRule() throws IOException {
    Regions regions =
        new Regions(
            1,
            "hash",
            Given.gateway(),
            List.of(Given.asker(CERTIFICATE), region("london"), region("wessex")),
            List.of(
                Given.agreement("london", Given.TYPES),
                Given.agreement("wessex", List.of("Condition"))),
            List.of());
    live.set(regions);
    JsonNode issues = json(((View) ask(Wishes.NONE)).bundle()).at("/entry/2/resource/issue");
    assertThat(issues.at("/3/details/coding/0/code").asText()).isEqualTo("not-asked");
    assertThat(issues.at("/3/diagnostics").asText()).isEqualTo("rules: DSA-wessex#type");
    assertThat(events).doesNotContain("ask wessex");
  }

  @Test
  void whereNoAgreementCoversTheQuestionItIsForbiddenAndAudited() {
    live.set(
        new Regions(
            1, "hash", Given.gateway(), live.get().regions(), List.<Agreement>of(), List.of()));
    assertThat(failure(ask(Wishes.NONE))).isEqualTo(Failure.NO_AGREEMENT);
    assertThat(events).containsExactly("refuse NO_AGREEMENT 403");
  }

  @Test
  void aTokenForOnePatientServesNoOther() {
    FederatedAnswer answer =
        federation()
            .search(
                new Call(
                    Given.requester(thumbprint(), Optional.of(ANOTHER)),
                    "request-1",
                    "127.0.0.1",
                    Traceparent.fresh()),
                query("Observation"),
                Wishes.NONE);
    assertThat(failure(answer)).isEqualTo(Failure.OTHER_PATIENT);
    assertThat(events).containsExactly("refuse OTHER_PATIENT 403");
  }

  @Test
  void anUnknownRegionInAWishIsAFault() {
    Wishes wishes =
        new Wishes(
            Optional.of(List.of("atlantis")),
            new Wishes.Require.Nothing(),
            Optional.empty(),
            Duplicates.SHOW);
    Unanswered unanswered = (Unanswered) ask(wishes);
    assertThat(unanswered.failure()).isEqualTo(Failure.UNKNOWN_REGION);
    assertThat(unanswered.issues().getFirst().text()).contains("`london`", "`wessex`");
  }

  @Test
  void aWishNarrowsTheRegions() {
    View view =
        (View)
            ask(
                new Wishes(
                    Optional.of(List.of("london")),
                    new Wishes.Require.Nothing(),
                    Optional.empty(),
                    Duplicates.SHOW));
    assertThat(events).contains("ask london").doesNotContain("ask wessex");
    assertThat(view.tally().asked()).isEqualTo(1);
    assertThat(view.tally().agreed()).isEqualTo(2);
  }

  @Test
  void whenAllFailTheQueryFailsAndNeverLooksEmpty() {
    both(new PeerAnswer.Miss.TimedOut());
    assertThat(failure(ask(Wishes.NONE))).isEqualTo(Failure.TIMED_OUT);
    both(new PeerAnswer.Miss.Throttled(Optional.empty()));
    assertThat(failure(ask(Wishes.NONE))).isEqualTo(Failure.THROTTLED);
    both(new PeerAnswer.Miss.Failing("500"));
    assertThat(failure(ask(Wishes.NONE))).isEqualTo(Failure.FAILED);
    answers.put("wessex", new PeerAnswer.Missed(new PeerAnswer.Miss.TimedOut()));
    assertThat(failure(ask(Wishes.NONE))).isEqualTo(Failure.FAILED);
    answers.put("wessex", new PeerAnswer.Missed(new PeerAnswer.Miss.Refused()));
    assertThat(ask(Wishes.NONE)).isInstanceOf(View.class);
  }

  @Test
  void aRequiredRegionThatIsNotHeardFailsTheQueryWithItsAccount() {
    answers.put("wessex", new PeerAnswer.Missed(new PeerAnswer.Miss.TimedOut()));
    assertThat(ask(Wishes.NONE)).isInstanceOf(View.class);
    Wishes all =
        new Wishes(Optional.empty(), new Wishes.Require.All(), Optional.empty(), Duplicates.SHOW);
    Unanswered unanswered = (Unanswered) ask(all);
    assertThat(unanswered.failure()).isEqualTo(Failure.REQUIRED_MISSING);
    assertThat(unanswered.issues()).hasSize(3);
    assertThat(events.getLast()).isEqualTo("record 504 []");
    Wishes london =
        new Wishes(
            Optional.empty(),
            new Wishes.Require.These(List.of("london")),
            Optional.empty(),
            Duplicates.SHOW);
    assertThat(ask(london)).isInstanceOf(View.class);
  }

  @Test
  void aSuspendedRegionIsNotAskedAndAllAnsweredIsFalse() {
    inForce(region("london"), suspended("wessex"));
    View view = (View) ask(Wishes.NONE);
    assertThat(events).doesNotContain("ask wessex");
    assertThat(view.tally().allAnswered()).isFalse();
  }

  @Test
  void whatARegionSaidBeforeItWasSuspendedIsNotDisclosed() throws IOException {
    answers.put("wessex", answered("wessex", observation("wessex", "o2", "Patient/p1")));
    Regions after = Given.regions(CERTIFICATE, region("london"), suspended("wessex"));
    View view = (View) ask(Wishes.NONE, () -> live.set(after));
    assertThat(json(view.bundle()).toString()).doesNotContain("regions/wessex/fhir/Observation");
    assertThat(view.tally().allAnswered()).isFalse();
  }

  @Test
  void nothingLeavesWhenTrustEndsBetweenAuditAndAnswer() {
    trail.afterOutcome =
        () -> live.set(Given.regions(CERTIFICATE, suspended("london"), region("wessex")));
    assertThat(failure(ask(Wishes.NONE))).isEqualTo(Failure.TRUST_CHANGED);
    inForce(region("london"), region("wessex"));
    X509Certificate other = SelfSigned.certificate(NOON, NOON.plusSeconds(60));
    trail.afterOutcome = () -> live.set(Given.regions(other, region("london"), region("wessex")));
    assertThat(failure(ask(Wishes.NONE))).isEqualTo(Failure.TRUST_CHANGED);
  }

  @Test
  void nothingLeavesForAnAskerSuspendedMeanwhile() {
    Regions before = live.get();
    List<Region> after = new ArrayList<>(before.regions());
    Region asker = after.getFirst();
    after.set(
        0,
        new Region(
            asker.id(),
            asker.name(),
            asker.organisation(),
            Region.Status.SUSPENDED,
            Optional.of("Under review."),
            asker.asks(),
            asker.answers()));
    trail.afterOutcome =
        () ->
            live.set(
                new Regions(2, "next", before.gateway(), after, before.agreements(), List.of()));
    assertThat(failure(ask(Wishes.NONE))).isEqualTo(Failure.TRUST_CHANGED);
  }

  @Test
  void theOrderOfArrivalNeverChangesTheBundle() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Region[] regions = new Region[6];
    for (int i = 0; i < regions.length; i++) {
      regions[i] = region("r" + i);
      answers.put("r" + i, answered("r" + i, observation("r" + i, "o" + i, "Patient/p1")));
    }
    live.set(Given.regions(CERTIFICATE, regions));
    String first = json(((View) ask(Wishes.NONE)).bundle()).toString();
    for (int round = 0; round < 10; round++) {
      Peer jittery =
          (question, _) -> {
            CompletableFuture<PeerAnswer> later = new CompletableFuture<>();
            return later.completeOnTimeout(
                answers.get(question.region().id().value()),
                random.nextInt(20),
                TimeUnit.MILLISECONDS);
          };
      FederatedAnswer again = federation(jittery).search(call(), query("Observation"), Wishes.NONE);
      assertThat(json(((View) again).bundle()).toString()).as("seed %d", seed).isEqualTo(first);
    }
  }

  @Test
  void readsAResourceOfThePatientAndNoOther() throws IOException {
    FederatedAnswer found =
        read("Observation", "o1", answered("london", observation("london", "o1", "Patient/p1")));
    assertThat(json(((FederatedAnswer.Found) found).content()).at("/id").asText()).isEqualTo("o1");
    assertThat(
            read(
                "Observation", "o1", answered("london", observation("london", "o1", "Patient/p2"))))
        .isEqualTo(new FederatedAnswer.NotFound());
    assertThat(
            read(
                "Observation", "o2", answered("london", observation("london", "o1", "Patient/p1"))))
        .isEqualTo(new FederatedAnswer.NotFound());
    assertThat(read("Observation", "o1", new PeerAnswer.NotMatched()))
        .isEqualTo(new FederatedAnswer.NotFound());
    assertThat(
            failure(
                read("Observation", "o1", new PeerAnswer.Missed(new PeerAnswer.Miss.TimedOut()))))
        .isEqualTo(Failure.TIMED_OUT);
    assertThat(events)
        .contains("record 200 [london/Observation/o1]", "record 404 []", "record 504 []");
  }

  @Test
  void readsByAgreementAloneWhatIsNoPatientsRecord() {
    String medication =
        Given.entry("london", "{\"resourceType\":\"Medication\",\"id\":\"m1\"}", "Medication/m1");
    PeerAnswer.Answered answer =
        new PeerAnswer.Answered(
            Given.entries(Given.patient("london", "p1", ADA)),
            Map.of(
                "Medication",
                new PeerAnswer.TypeAnswer.Read(Given.entries(medication), List.of())));
    assertThat(read("Medication", "m1", answer)).isInstanceOf(FederatedAnswer.Found.class);
    assertThat(read("Medication", "m2", answer)).isEqualTo(new FederatedAnswer.NotFound());
  }

  @Test
  void aDocumentNeedsAPointerThatIsDisclosed() throws IOException {
    assertThat(document("Patient/p1", "https://london.example/fhir/Binary/b1", Optional.empty()))
        .isInstanceOf(FederatedAnswer.FoundDocument.class);
    assertThat(document("Patient/p1", "Binary/b1", Optional.of("Patient/p1")))
        .isInstanceOf(FederatedAnswer.FoundDocument.class);
    assertThat(document("Patient/p1", "Binary/b2", Optional.empty()))
        .isEqualTo(new FederatedAnswer.NotFound());
    assertThat(document("Patient/p2", "Binary/b1", Optional.empty()))
        .isEqualTo(new FederatedAnswer.NotFound());
    assertThat(document("Group/1", "Binary/b1", Optional.empty()))
        .isEqualTo(new FederatedAnswer.NotFound());
    assertThat(document("Patient/p1", "Binary/b1", Optional.of("Patient/p2")))
        .isEqualTo(new FederatedAnswer.NotFound());
  }

  @Test
  void aDocumentNeedsEveryPointerToItDisclosed() {
    String shown = pointer("d1", "Patient/p1", "Binary/b1");
    String setAside = pointer("d2", "Group/1", "Binary/b1");
    assertThat(document(Optional.empty(), shown)).isInstanceOf(FederatedAnswer.FoundDocument.class);
    assertThat(document(Optional.empty(), shown, setAside))
        .isEqualTo(new FederatedAnswer.NotFound());
  }

  @Test
  void aBinaryOfAnothersSecurityContextIsNotThere() {
    String inFhir =
        "{\"resourceType\":\"Binary\",\"id\":\"b1\",\"contentType\":\"text/plain\",\"data\":\"QQ==\"%s}";
    String context = ",\"securityContext\":{\"reference\":\"%s\"}";
    assertThat(binary(inFhir.formatted(""))).isInstanceOf(FederatedAnswer.Found.class);
    assertThat(binary(inFhir.formatted(context.formatted("Patient/p1"))))
        .isInstanceOf(FederatedAnswer.Found.class);
    assertThat(binary(inFhir.formatted(context.formatted("DocumentReference/d1"))))
        .isInstanceOf(FederatedAnswer.Found.class);
    assertThat(binary(inFhir.formatted(context.formatted("Patient/p2"))))
        .isEqualTo(new FederatedAnswer.NotFound());
    assertThat(binary("{\"resourceType\":\"Patient\",\"id\":\"p2\"}"))
        .isEqualTo(new FederatedAnswer.NotFound());
  }

  @Test
  void anAttachmentIsReadByExactlyTheUrlThatItsRegionGave() {
    String url = "https://docs.london.example/store/für.pdf?v=1";
    String d1 = pointer("d1", "Patient/p1", url);
    assertThat(attachment(url, d1)).isInstanceOf(FederatedAnswer.FoundDocument.class);
    assertThat(called).containsExactly("https://docs.london.example/store/f%C3%BCr.pdf?v=1");
    assertThat(events).contains("record 200 [london/documents/" + segment(url) + "]");
    assertThat(attachment(url, pointer("d1", "Patient/p2", url))).isEqualTo(NOT_FOUND);
    assertThat(attachment(url, d1, pointer("d2", "Group/1", url + "#page=2"))).isEqualTo(NOT_FOUND);
    assertThat(attachment(url)).isEqualTo(NOT_FOUND);
    assertThat(called).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/store/1.pdf",
        "https://docs.london.example@evil.example/store/1.pdf",
        "https://docs.london.example/store/../1.pdf",
        "https://docs.london.example/store//evil.example/1.pdf",
        "//evil.example/store/1.pdf",
        "https://docs.london.example:444/store/1.pdf",
        "https://docs.london.example/store/1.pdf#a",
        "http://docs.london.example/store/1.pdf",
        "https://127.0.0.1/store/1.pdf",
        "https://docs.wessex.example/store/1.pdf",
        "https://docs.london.example/storeevil/1.pdf",
        "https://london.example/fhirevil/1.pdf",
        "https://docs.london.example/store/1.PDF",
        "https://docs.london.example/store/%31.pdf",
        "file:///etc/passwd",
        ""
      })
  void nothingElseIsEverCalled(String url) {
    String given = pointer("d1", "Patient/p1", "https://docs.london.example/store/1.pdf");
    assertThat(attachment(url, given)).isEqualTo(NOT_FOUND);
    assertThat(called).isEmpty();
    if (!url.startsWith("https://docs.london.example/store/")) {
      assertThat(attachment(url, given, pointer("d2", "Patient/p1", url))).isEqualTo(NOT_FOUND);
      assertThat(called).isEmpty();
    }
  }

  @Test
  void aUrlOfEightKilobytesIsNotCalledEither() {
    String url = "https://docs.london.example/store/" + "a".repeat(8_192);
    assertThat(attachment(url, pointer("d1", "Patient/p2", url))).isEqualTo(NOT_FOUND);
    assertThat(called).isEmpty();
  }

  @Test
  void aDocumentThatDoesNotLeaveIsLetGoOf() {
    List<OpenDocument.Ending> endings = new ArrayList<>();
    assertThat(
            document(
                open(endings, Optional.of("Patient/p2")), pointer("d1", "Patient/p1", "Binary/b1")))
        .isEqualTo(NOT_FOUND);
    assertThat(endings).containsExactly(OpenDocument.Ending.ABANDONED);
  }

  @Test
  void aDocumentThatCannotBeAuditedIsLetGoOf() {
    List<OpenDocument.Ending> endings = new ArrayList<>();
    trail.failOutcome = true;
    assertThatThrownBy(
            () ->
                document(open(endings, Optional.empty()), pointer("d1", "Patient/p1", "Binary/b1")))
        .isInstanceOf(AuditUnavailableException.class);
    assertThat(endings).containsExactly(OpenDocument.Ending.ABANDONED);
  }

  @Test
  void aDocumentIsLetGoOfWhereTrustEndsBeforeItLeaves() {
    List<OpenDocument.Ending> endings = new ArrayList<>();
    trail.afterOutcome = () -> inForce(suspended("london"), region("wessex"));
    FederatedAnswer answer =
        document(open(endings, Optional.empty()), pointer("d1", "Patient/p1", "Binary/b1"));
    assertThat(failure(answer)).isEqualTo(Failure.TRUST_CHANGED);
    assertThat(endings).containsExactly(OpenDocument.Ending.ABANDONED);
  }

  private static PeerAnswer.Document open(
      List<OpenDocument.Ending> endings, Optional<String> context) {
    return new PeerAnswer.Document(
        new OpenDocument(
            "application/pdf",
            new Extent.Whole(4),
            new java.io.ByteArrayInputStream(new byte[4]),
            endings::add),
        context);
  }

  private FederatedAnswer attachment(String url, String... pointers) {
    return federation(
            pointing(
                new PeerAnswer.Document(
                    OpenDocument.held("application/pdf", Slice.of("%PDF")), Optional.empty()),
                pointers))
        .read(
            call(),
            ADA,
            new RegionId("london"),
            new ReadItem.Attachment(url, DocumentWish.AS_IT_IS));
  }

  private static String segment(String url) {
    return DocumentLink.segment(url).orElseThrow();
  }

  private FederatedAnswer binary(String resource) {
    return document(
        new PeerAnswer.Document(new Content.Wrapped(Slice.of(resource)), Optional.empty()),
        pointer("d1", "Patient/p1", "Binary/b1"));
  }

  private FederatedAnswer document(String subject, String url, Optional<String> context) {
    return document(context, pointer("d1", subject, url));
  }

  private static String pointer(String id, String subject, String url) {
    return Given.entry(
        "london",
        "{\"resourceType\":\"DocumentReference\",\"id\":\"%s\",\"subject\":{\"reference\":\"%s\"},\"content\":[{\"attachment\":{\"url\":\"%s\"}}]}"
            .formatted(id, subject, url),
        "DocumentReference/" + id);
  }

  private FederatedAnswer document(Optional<String> context, String... pointers) {
    return document(
        new PeerAnswer.Document(OpenDocument.held("application/pdf", Slice.of("%PDF")), context),
        pointers);
  }

  private FederatedAnswer document(PeerAnswer.Document document, String... pointers) {
    return federation(pointing(document, pointers))
        .read(call(), ADA, new RegionId("london"), "Binary", "b1");
  }

  private Peer pointing(PeerAnswer.Document document, String... pointers) {
    Map<String, PeerAnswer.TypeAnswer> found =
        Map.of(
            "DocumentReference",
            new PeerAnswer.TypeAnswer.Read(Given.entries(pointers), List.of()));
    return (question, _) -> {
      if (question instanceof PeerQuestion.Document asked) {
        if (asked.at() instanceof PeerQuestion.Document.At.Address(var url)) {
          called.add(url.toString());
        }
        return CompletableFuture.completedFuture(document);
      }
      return CompletableFuture.completedFuture(
          new PeerAnswer.Answered(Given.entries(Given.patient("london", "p1", ADA)), found));
    };
  }

  private FederatedAnswer read(String type, String id, PeerAnswer answer) {
    return federation((_, _) -> CompletableFuture.completedFuture(answer))
        .read(call(), ADA, new RegionId("london"), type, id);
  }

  private void both(PeerAnswer.Miss miss) {
    answers.put("london", new PeerAnswer.Missed(miss));
    answers.put("wessex", new PeerAnswer.Missed(miss));
  }

  private void inForce(Region... regions) {
    live.set(Given.regions(CERTIFICATE, regions));
  }

  private static Region suspended(String id) {
    return region(id, Region.Status.SUSPENDED, Duration.ofMillis(400));
  }

  private static String thumbprint() {
    return Thumbprints.x5tS256(CERTIFICATE);
  }

  private static Call call() {
    return new Call(Given.requester(thumbprint()), "request-1", "127.0.0.1", Traceparent.fresh());
  }

  private FederatedAnswer ask(Wishes wishes) {
    return ask(wishes, () -> {});
  }

  private FederatedAnswer ask(Wishes wishes, Runnable whileAsked) {
    Peer peer =
        (question, _) -> {
          String id = question.region().id().value();
          events.add("ask " + id);
          whileAsked.run();
          return CompletableFuture.completedFuture(answers.get(id));
        };
    return federation(peer).search(call(), query("Observation"), wishes);
  }

  private Federation federation() {
    return federation((_, _) -> CompletableFuture.completedFuture(new PeerAnswer.NotMatched()));
  }

  private Federation federation(Peer peer) {
    return new Federation(
        live::get,
        OptOuts.Unknown::new,
        peer,
        trail,
        GATEWAY,
        () -> NOON,
        quality,
        PageRing.tokens());
  }

  private static Failure failure(FederatedAnswer answer) {
    assertThat(answer).isInstanceOf(Unanswered.class);
    return ((Unanswered) answer).failure();
  }

  private static JsonNode json(Gather gather) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    gather.writeTo(out);
    return new ObjectMapper().readTree(out.toByteArray());
  }

  /** An audit trail that remembers what it was told, and fails when it shall. */
  private final class Trail implements AuditTrail {
    private boolean failIntent;
    private boolean failOverride;
    private boolean failOutcome;
    private Runnable afterOutcome = () -> {};

    @Override
    public void intend(AuditRecord.Intent intent) {
      if (failIntent) {
        throw new AuditUnavailableException("disk full", new IOException("no space"));
      }
      events.add("intend");
    }

    @Override
    public void override(AuditRecord.GlassBroken broken) {
      if (failOverride) {
        throw new AuditUnavailableException("disk full", new IOException("no space"));
      }
      events.add("override " + broken.asked());
    }

    @Override
    public void tell(AuditRecord.Told told) {
      throw new AssertionError("no query is a notice");
    }

    @Override
    public void record(AuditRecord.Outcome outcome) {
      if (failOutcome) {
        throw new AuditUnavailableException("disk full", new IOException("no space"));
      }
      events.add("record " + outcome.status() + " " + outcome.released());
      afterOutcome.run();
    }

    @Override
    public void issue(AuditRecord.Issue issue) {
      events.add("issue " + issue.requester());
    }

    @Override
    public void refuse(AuditRecord.Refusal refusal) {
      events.add("refuse " + refusal.reason() + " " + refusal.status());
    }

    @Override
    public void act(AuditRecord.Act act) {
      throw new AssertionError("no query is an officer's act");
    }
  }
}
