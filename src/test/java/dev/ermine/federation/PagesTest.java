package dev.ermine.federation;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.ANOTHER;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.observation;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.audit.AuditRecord;
import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.Duplicates;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.testing.PageRing;
import dev.ermine.testing.SelfSigned;
import dev.ermine.testing.UnreadAudit;
import dev.ermine.trust.PageTokens;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Thumbprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {

  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(NOON.minusSeconds(60), NOON.plusSeconds(3600));
  private static final String LATE = "https://ermine.dev/rel/late-arrivals";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AtomicReference<Regions> live =
      new AtomicReference<>(
          Given.regions(CERTIFICATE, region("essex"), region("london"), region("wessex")));
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final Map<String, PeerAnswer> answers = new ConcurrentHashMap<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> refusals = new ArrayList<>();
  private final List<String> released = new ArrayList<>();
  private final PageTokens tokens = PageRing.tokens();
  private final Federation one = gateway();
  private final Federation other = gateway();

  PagesTest() {
    holds("essex", 3);
    holds("london", 5);
    holds("wessex", 2);
  }

  private void holds(String region, int entries) {
    answers.put(
        region,
        Given.answered(
            region,
            IntStream.range(0, entries)
                .mapToObj(i -> observation(region, "o" + i, "Patient/p1"))
                .toArray(String[]::new)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 10, 50})
  void pagesOfAnySizeOverAnyGatewayConcatenateToTheWhole(int size) {
    JsonNode whole = view(one.search(call(), query(OptionalInt.empty()), Wishes.NONE));
    List<String> pages = new ArrayList<>();
    int asks = 0;
    Optional<JsonNode> page = Optional.of(view(one.search(call(), query(size), Wishes.NONE)));
    while (page.isPresent()) {
      JsonNode shown = page.get();
      assertThat(matches(shown)).hasSizeLessThanOrEqualTo(size);
      assertThat(shown.at("/total").asInt()).isEqualTo(10);
      pages.addAll(matches(shown));
      asks++;
      page = next(asks % 2 == 0 ? one : other, shown);
    }
    assertThat(pages).isEqualTo(matches(whole)).hasSize(10);
    assertThat(asks).isEqualTo(Math.ceilDiv(10, size));
    assertThat(link(whole, "next")).isEmpty();
  }

  @Test
  void aLaterPageIsItselfWhereItsLinkLeads() {
    JsonNode first = view(one.search(call(), query(4), Wishes.NONE));
    String next = link(first, "next").orElseThrow();
    assertThat(next).startsWith("https://gateway.example/fhir?_page_token=");
    assertThat(link(next(one, first).orElseThrow(), "self")).contains(next);
  }

  @Test
  void auditTellsOfEachPageWhatItShows() {
    JsonNode first = view(one.search(call(), query(4), Wishes.NONE));
    assertThat(released)
        .containsExactly(
            "essex/Observation/o0",
            "essex/Observation/o1",
            "essex/Observation/o2",
            "london/Observation/o0");
    released.clear();
    next(one, first);
    assertThat(released)
        .containsExactly(
            "london/Observation/o1",
            "london/Observation/o2",
            "london/Observation/o3",
            "london/Observation/o4");
  }

  @Test
  void whatIsMissingOnPageOneStaysMissingAndIsNotAskedAgain() {
    answers.put("london", new PeerAnswer.Missed(new Miss.TimedOut()));
    JsonNode first = view(one.search(call(), query(3), Wishes.NONE));
    holds("london", 5);
    asked.clear();
    JsonNode second = next(one, first).orElseThrow();
    assertThat(asked).containsExactlyInAnyOrder("essex", "wessex");
    assertThat(matches(second)).containsExactly("wessex/o0", "wessex/o1");
    assertThat(statuses(second)).containsEntry("london", "timed-out");
    assertThat(text(second, "london")).contains("left out of them");
    assertThat(second.has("total")).isFalse();
    assertThat(link(second, LATE)).isPresent();
  }

  @Test
  void whatIsLostOnTheWayIsLeftOutOfTheRest() {
    JsonNode first = view(one.search(call(), query(4), Wishes.NONE));
    answers.put("london", new PeerAnswer.Missed(new Miss.Failing("it broke")));
    JsonNode second = next(one, first).orElseThrow();
    assertThat(matches(second)).containsExactly("wessex/o0", "wessex/o1");
    assertThat(statuses(second)).containsEntry("london", "failing");
    assertThat(matches(lateOf(second))).isEmpty();
    holds("london", 5);
    assertThat(matches(lateOf(second)))
        .containsExactly("london/o0", "london/o1", "london/o2", "london/o3");
  }

  @Test
  void howARegionWasMissingIsSaidOnEveryPageAfterIt() {
    answers.put("london", new PeerAnswer.Missed(new Miss.Failing("it broke")));
    JsonNode first = view(one.search(call(), query(2), Wishes.NONE));
    holds("london", 5);
    JsonNode second = next(one, first).orElseThrow();
    JsonNode third = next(other, second).orElseThrow();
    assertThat(matches(third)).containsExactly("wessex/o1");
    assertThat(statuses(second)).containsEntry("london", "failing");
    assertThat(statuses(third)).containsEntry("london", "failing");
  }

  @Test
  void whatHasChangedSincePageOneIsSaid() {
    JsonNode first = view(one.search(call(), query(4), Wishes.NONE));
    holds("essex", 4);
    JsonNode second = next(one, first).orElseThrow();
    assertThat(statuses(second))
        .containsEntry("essex", "part-answered")
        .containsEntry("london", "answered");
    assertThat(text(second, "essex")).contains("has changed since the first page");
    JsonNode third = next(one, second).orElseThrow();
    assertThat(statuses(third)).containsEntry("essex", "part-answered");
  }

  @Test
  void whatComesLateIsHadByItsLinkAndNothingElse() {
    answers.put("wessex", new PeerAnswer.Missed(new Miss.TimedOut()));
    JsonNode first = view(one.search(call(), query(OptionalInt.empty()), Wishes.NONE));
    holds("wessex", 2);
    asked.clear();
    JsonNode late = lateOf(first);
    assertThat(asked).containsExactlyInAnyOrder("essex", "london", "wessex");
    assertThat(matches(late)).containsExactly("wessex/o0", "wessex/o1");
    assertThat(statuses(late)).containsEntry("wessex", "answered");
    assertThat(link(late, LATE)).isEmpty();
    assertThat(released)
        .endsWith("wessex/Observation/o0", "wessex/Observation/o1")
        .doesNotContain("wessex/Observation/o2");
  }

  @Test
  void whatIsLateOnceMoreHasALinkOnceMore() {
    answers.put("wessex", new PeerAnswer.Missed(new Miss.TimedOut()));
    answers.put("london", new PeerAnswer.Missed(new Miss.Unreachable("no route")));
    JsonNode first = view(one.search(call(), query(OptionalInt.empty()), Wishes.NONE));
    holds("london", 1);
    JsonNode late = lateOf(first);
    assertThat(matches(late)).containsExactly("london/o0");
    holds("wessex", 1);
    assertThat(matches(lateOf(late))).containsExactly("wessex/o0");
  }

  @Test
  void aTypeThatIsMissingComesLateWithoutTheOthers() {
    Map<String, PeerAnswer.TypeAnswer> types = new LinkedHashMap<>();
    PeerAnswer.Answered whole = (PeerAnswer.Answered) answers.get("london");
    types.put("Observation", whole.types().get("Observation"));
    types.put("Condition", new PeerAnswer.TypeAnswer.Unread(new Miss.TimedOut()));
    answers.put("london", new PeerAnswer.Answered(whole.patients(), types));
    FhirQuery query = Given.query("Observation", "Condition");
    JsonNode first = view(one.search(call(), query, Wishes.NONE));
    types.put(
        "Condition", new PeerAnswer.TypeAnswer.Read(Given.entries(condition("c1")), List.of()));
    answers.put("london", new PeerAnswer.Answered(whole.patients(), types));
    assertThat(matches(lateOf(first))).containsExactly("london/c1");
  }

  @Test
  void pagesOfWhatComesLateConcatenateToo() {
    answers.put("london", new PeerAnswer.Missed(new Miss.TimedOut()));
    JsonNode first = view(one.search(call(), query(2), Wishes.NONE));
    holds("london", 5);
    List<String> late = new ArrayList<>();
    Optional<JsonNode> page = Optional.of(lateOf(first));
    while (page.isPresent()) {
      late.addAll(matches(page.get()));
      page = next(other, page.get());
    }
    assertThat(late)
        .containsExactly("london/o0", "london/o1", "london/o2", "london/o3", "london/o4");
  }

  @Test
  void whereAllAreHeardNothingIsLate() {
    assertThat(link(view(one.search(call(), query(2), Wishes.NONE)), LATE)).isEmpty();
  }

  @Test
  void whoCountsHasNoLinks() {
    answers.put("london", new PeerAnswer.Missed(new Miss.TimedOut()));
    FhirQuery count = new FhirQuery(List.of("Observation"), false, ADA, List.of(), true, List.of());
    JsonNode shown = view(one.search(call(), count, Wishes.NONE));
    assertThat(shown.at("/link")).hasSize(1);
  }

  @Test
  void wishesHoldForAllPages() {
    Wishes wishes =
        new Wishes(
            Optional.of(List.of("london", "wessex")),
            new Wishes.Require.These(List.of("london")),
            Optional.empty(),
            Duplicates.FOLD);
    JsonNode first = view(one.search(call(), query(1), wishes));
    asked.clear();
    JsonNode second = next(one, first).orElseThrow();
    assertThat(asked).containsExactlyInAnyOrder("london", "wessex");
    assertThat(statuses(second)).containsEntry("essex", "not-asked");
    answers.put("london", new PeerAnswer.Missed(new Miss.TimedOut()));
    assertThat(failure(onward(call(), second, "next"))).isEqualTo(Failure.REQUIRED_MISSING);
  }

  @Test
  void nobodyElseGoesOnNorForAnythingElse() {
    JsonNode first = view(one.search(call(), query(4), Wishes.NONE));
    asked.clear();
    for (Requester stranger : strangers()) {
      assertThat(failure(onward(call(stranger), first, "next"))).isEqualTo(Failure.PAGE_OF_ANOTHER);
    }
    assertThat(asked).isEmpty();
    assertThat(refusals).hasSize(5).allMatch("PAGE_OF_ANOTHER 403"::equals);
  }

  private static List<Requester> strangers() {
    Requester asker = asker(Optional.empty());
    List<Coding> nurse = List.of(new Coding(asker.roles().getFirst().system(), "R8001"));
    List<PurposeOfUse> emergency = List.of(new PurposeOfUse("ETREAT"));
    List<PurposeOfUse> both = List.of(new PurposeOfUse("TREAT"), new PurposeOfUse("ETREAT"));
    return List.of(
        like(asker, "another", asker.userId(), asker.roles(), asker.purposes()),
        like(asker, asker.subject(), Optional.empty(), asker.roles(), asker.purposes()),
        like(asker, asker.subject(), asker.userId(), nurse, asker.purposes()),
        like(asker, asker.subject(), asker.userId(), asker.roles(), emergency),
        like(asker, asker.subject(), asker.userId(), asker.roles(), both));
  }

  @Test
  void aTokenOfAnotherPatientGoesOnWithNobodysPages() {
    JsonNode first = view(one.search(call(), query(4), Wishes.NONE));
    asked.clear();
    assertThat(failure(onward(call(asker(Optional.of(ANOTHER))), first, "next")))
        .isEqualTo(Failure.OTHER_PATIENT);
    assertThat(asked).isEmpty();
    assertThat(onward(call(asker(Optional.of(ADA))), first, "next")).isInstanceOf(View.class);
  }

  @Test
  void changedTrustEndsASequence() {
    JsonNode first = view(one.search(call(), query(4), Wishes.NONE));
    Regions before = live.get();
    live.set(
        new Regions(
            2, "another", before.gateway(), before.regions(), before.agreements(), List.of()));
    asked.clear();
    assertThat(failure(onward(call(), first, "next"))).isEqualTo(Failure.PAGE_OUTDATED);
    assertThat(asked).isEmpty();
    assertThat(refusals).containsExactly("PAGE_OUTDATED 410");
  }

  @Test
  void aLinkIsGoodForAQuarterOfAnHour() {
    JsonNode first = view(one.search(call(), query(4), Wishes.NONE));
    now.set(NOON.plus(PageTokens.LIFETIME).minusSeconds(1));
    assertThat(onward(call(), first, "next")).isInstanceOf(View.class);
    now.set(NOON.plus(PageTokens.LIFETIME));
    assertThat(failure(onward(call(), first, "next"))).isEqualTo(Failure.PAGE_GONE);
    assertThat(refusals).containsExactly("PAGE_GONE 410");
  }

  @Test
  void whatIsNoTokenOfOursIsGone() {
    for (String token : List.of("", "x", "e30", "eyJhbGciOiJkaXIifQ....")) {
      assertThat(failure(one.goOn(call(), token, Optional.empty()))).isEqualTo(Failure.PAGE_GONE);
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void aTokenOverFortyTwoRegionsIsOfTwoThousandCharacters() {
    Region[] regions =
        IntStream.range(0, 42).mapToObj(i -> region("region-" + i)).toArray(Region[]::new);
    for (Region region : regions) {
      holds(region.id().value(), 2);
    }
    answers.put("region-7", new PeerAnswer.Missed(new Miss.TimedOut()));
    live.set(Given.regions(CERTIFICATE, regions));
    List<ResultParameters.Sort> sort =
        List.of(
            new ResultParameters.Sort("date", true),
            new ResultParameters.Sort("_lastUpdated", true));
    FhirQuery query =
        new FhirQuery(
            List.of("Observation"),
            false,
            ADA,
            List.of(new Parameter("category", "laboratory"), new Parameter("date", "ge2020-01-01")),
            new ResultParameters(sort, OptionalInt.of(50), List.of()),
            false,
            List.of());
    JsonNode first = view(one.search(call(), query, Wishes.NONE));
    for (String relation : List.of("next", LATE)) {
      assertThat(token(link(first, relation).orElseThrow())).hasSizeLessThanOrEqualTo(2048);
    }
    assertThat(matches(next(other, first).orElseThrow())).hasSize(32);
  }

  @Test
  void whatAnotherVersionSealedIsGone() {
    String token =
        token(link(view(one.search(call(), query(4), Wishes.NONE)), "next").orElseThrow());
    Map<String, Object> claims =
        new LinkedHashMap<>(((PageTokens.Opened.Content) tokens.open(token, NOON)).claims());
    claims.remove("query");
    String other = tokens.seal(claims, NOON.plusSeconds(60)).orElseThrow();
    assertThat(failure(one.goOn(call(), other, Optional.empty()))).isEqualTo(Failure.PAGE_GONE);
  }

  @Test
  void whatCannotBeCarriedOnIsRefusedBeforeAnyoneIsAsked() {
    List<Parameter> filters = List.of(new Parameter("code", "x".repeat(7000)));
    FhirQuery query =
        new FhirQuery(
            List.of("Observation"),
            false,
            ADA,
            filters,
            results(OptionalInt.of(2)),
            false,
            List.of());
    assertThat(failure(one.search(call(), query, Wishes.NONE))).isEqualTo(Failure.TOO_LONG_TO_PAGE);
    assertThat(asked).isEmpty();
    assertThat(refusals).containsExactly("TOO_LONG_TO_PAGE 400");
  }

  private Federation gateway() {
    return new Federation(
        live::get,
        OptOuts.Unknown::new,
        (question, _) -> {
          asked.add(question.region().id().value());
          return CompletableFuture.completedFuture(answers.get(question.region().id().value()));
        },
        new UnreadAudit() {
          @Override
          public void refuse(AuditRecord.Refusal refusal) {
            refusals.add(refusal.reason() + " " + refusal.status());
          }

          @Override
          public void record(AuditRecord.Outcome outcome) {
            released.addAll(outcome.released());
          }
        },
        "https://gateway.example",
        now::get,
        new Quality(NOON),
        tokens);
  }

  private static FhirQuery query(int count) {
    return query(OptionalInt.of(count));
  }

  private static FhirQuery query(OptionalInt count) {
    return new FhirQuery(
        List.of("Observation"), false, ADA, List.of(), results(count), false, List.of());
  }

  private static ResultParameters results(OptionalInt count) {
    return new ResultParameters(List.of(), count, List.of());
  }

  private static String condition(String id) {
    return observation("london", id, "Patient/p1").replace("Observation", "Condition");
  }

  private Optional<JsonNode> next(Federation gateway, JsonNode page) {
    return link(page, "next").map(url -> view(gateway.goOn(call(), token(url), Optional.empty())));
  }

  private JsonNode lateOf(JsonNode page) {
    return view(onward(call(), page, LATE));
  }

  private FederatedAnswer onward(Call call, JsonNode page, String relation) {
    return other.goOn(
        call, token(link(page, relation).orElseThrow()), Optional.of(Duration.ofMillis(700)));
  }

  private static String token(String url) {
    return url.substring(url.indexOf('=') + 1);
  }

  private static Call call() {
    return call(asker(Optional.empty()));
  }

  private static Call call(Requester requester) {
    return new Call(requester, "request-1", "127.0.0.1", Traceparent.fresh());
  }

  private static Requester asker(Optional<NhsNumber> patient) {
    return Given.requester(Thumbprints.x5tS256(CERTIFICATE), patient);
  }

  private static Requester like(
      Requester asker,
      String subject,
      Optional<String> userId,
      List<Coding> roles,
      List<PurposeOfUse> purposes) {
    return new Requester(
        asker.region(),
        asker.issuer(),
        subject,
        asker.organisation(),
        userId,
        asker.name(),
        roles,
        purposes,
        asker.reason(),
        asker.breakGlassReason(),
        asker.relationship(),
        asker.patient(),
        asker.practitioner(),
        asker.hops(),
        asker.tokenId(),
        asker.certificate(),
        asker.expires(),
        asker.scope());
  }

  private static JsonNode view(FederatedAnswer answer) {
    assertThat(answer).isInstanceOf(View.class);
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ((View) answer).bundle().writeTo(out);
      return JSON.readTree(out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Failure failure(FederatedAnswer answer) {
    assertThat(answer).isInstanceOf(Unanswered.class);
    return ((Unanswered) answer).failure();
  }

  private static Optional<String> link(JsonNode bundle, String relation) {
    return bundle
        .at("/link")
        .valueStream()
        .filter(it -> it.path("relation").asText().equals(relation))
        .map(it -> it.path("url").asText())
        .findFirst();
  }

  /** {@code region/id} of each match, in order. */
  private static List<String> matches(JsonNode bundle) {
    return entries(bundle)
        .filter(entry -> entry.at("/search/mode").asText().equals("match"))
        .map(entry -> entry.path("fullUrl").asText().split("/", -1))
        .map(url -> url[4] + "/" + url[7])
        .toList();
  }

  private static Stream<JsonNode> entries(JsonNode bundle) {
    return bundle.at("/entry").valueStream();
  }

  private static Stream<JsonNode> lines(JsonNode bundle) {
    return entries(bundle)
        .filter(entry -> entry.at("/search/mode").asText().equals("outcome"))
        .flatMap(entry -> entry.at("/resource/issue").valueStream())
        .filter(issue -> issue.at("/details/coding/1/system").asText().endsWith("/region"));
  }

  private static Map<String, String> statuses(JsonNode bundle) {
    Map<String, String> statuses = new LinkedHashMap<>();
    lines(bundle)
        .forEach(
            line ->
                statuses.put(
                    line.at("/details/coding/1/code").asText(),
                    line.at("/details/coding/0/code").asText()));
    return statuses;
  }

  private static String text(JsonNode bundle, String region) {
    return lines(bundle)
        .filter(line -> line.at("/details/coding/1/code").asText().equals(region))
        .map(line -> line.at("/details/text").asText())
        .findFirst()
        .orElseThrow();
  }
}
