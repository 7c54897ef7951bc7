package dev.ermine.peer;

import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.condition;
import static dev.ermine.peer.Asking.entries;
import static dev.ermine.peer.Asking.isLookup;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.outcome;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.response;
import static dev.ermine.peer.Asking.searchset;
import static dev.ermine.peer.Asking.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.federation.PeerQuestion.Consulting;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Lookup;
import dev.ermine.region.Region.Search;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConsentWalkTest {

  private static final String CONSENT =
      """
      {"resourceType":"Consent","id":"c1","patient":{"reference":"Patient/p1"}}""";
  private static final String NAMED = "&_include=Consent:actor&_include=Consent:data";

  private static Asking asking;

  @BeforeAll
  static void start() {
    asking = new Asking();
  }

  @AfterAll
  static void stop() {
    asking.close();
  }

  @Test
  void asksARecordForItsConsentsWithoutTheQuerysFilters() throws Exception {
    try (EvilPeer peer = answering(ConsentWalkTest::holding)) {
      List<Parameter> filters = List.of(new Parameter("code", "73211009"));
      PeerQuestion question =
          search(answers(peer.base()), filters, new Consulting.InRecord(Optional.empty()));
      PeerAnswer.Answered answer = (PeerAnswer.Answered) asking.ask(question);
      assertThat(answer.consents()).contains(read(CONSENT));
      assertThat(answer.types().get("Condition"))
          .extracting(type -> ((TypeAnswer.Read) type).unsaid())
          .isEqualTo(filters);
      assertThat(peer.requests())
          .extracting(ConsentWalkTest::asked)
          .contains("/fhir/Consent/_search patient=p1" + NAMED)
          .contains("/fhir/Condition/_search patient=p1&code=73211009");
    }
  }

  @Test
  void asksForNoConsentsWhereThereAreNone() throws Exception {
    try (EvilPeer peer = answering(ConsentWalkTest::holding)) {
      PeerQuestion question = search(answers(peer.base()), List.of(), new Consulting.Nowhere());
      assertThat(asking.ask(question)).isEqualTo(found(Optional.empty()));
      assertThat(peer.requests()).noneMatch(request -> request.target().contains("Consent"));
    }
  }

  @ParameterizedTest
  @EnumSource(Lookup.class)
  void asksForNoEntriesThatConsentsAheadOfThemForbid(Lookup lookup) throws Exception {
    List<PeerAnswer.Answered> known = new ArrayList<>();
    Predicate<PeerAnswer.Answered> closed = each -> !known.add(each);
    try (EvilPeer peer = answering(ConsentWalkTest::holding)) {
      Region.Answers answers = with(answers(peer.base()), lookup, Search.POST, true);
      PeerAnswer.Answered expected =
          new PeerAnswer.Answered(entries(patient("p1")), Map.of(), Optional.of(read(CONSENT)));
      Consulting ahead = new Consulting.InRecord(Optional.of(closed));
      assertThat(asking.ask(search(answers, List.of(), ahead))).isEqualTo(expected);
      assertThat(asking.ask(reading(answers, ahead))).isEqualTo(expected);
      assertThat(known).containsExactly(expected, expected);
      assertThat(peer.requests()).noneMatch(request -> request.target().contains("Condition"));
    }
  }

  @ParameterizedTest
  @EnumSource(Lookup.class)
  void asksForEntriesOnceConsentsAheadOfThemLetIt(Lookup lookup) throws Exception {
    try (EvilPeer peer = answering(ConsentWalkTest::holding)) {
      Region.Answers answers = with(answers(peer.base()), lookup, Search.POST, true);
      Consulting ahead = new Consulting.InRecord(Optional.of(each -> true));
      assertThat(asking.ask(search(answers, List.of(), ahead)))
          .isEqualTo(found(Optional.of(read(CONSENT))));
      List<String> asked = peer.requests().stream().map(ConsentWalkTest::asked).toList();
      assertThat(asked.getLast()).contains("/Condition/");
    }
  }

  @Test
  void readsWithConsentsBesideTheResource() throws Exception {
    try (EvilPeer peer =
        answering(
            request ->
                request.target().equals("/fhir/Condition/1")
                    ? ok(condition("1"))
                    : holding(request))) {
      PeerAnswer answer =
          asking.ask(reading(answers(peer.base()), new Consulting.InRecord(Optional.empty())));
      assertThat(answer)
          .isEqualTo(
              new PeerAnswer.Answered(
                  entries(patient("p1")),
                  Map.of(
                      "Condition",
                      new TypeAnswer.Read(List.of(Asking.alone(condition("1"))), List.of())),
                  Optional.of(read(CONSENT))));
    }
  }

  @Test
  void aRecordThatCannotSearchForConsentsHasNotSaidWhatItHolds() throws Exception {
    try (EvilPeer peer =
        answering(
            request ->
                request.target().contains("Consent")
                    ? response("404 Not Found", "")
                    : holding(request))) {
      PeerQuestion question =
          search(answers(peer.base()), List.of(), new Consulting.InRecord(Optional.empty()));
      assertThat(asking.ask(question))
          .isEqualTo(
              found(
                  Optional.of(
                      new TypeAnswer.Unread(
                          new Miss.Failing("its search of this type is not there")))));
    }
  }

  @Test
  void dissentToldOfItsConsentsIsDissent() throws Exception {
    String refusal = response("403 Forbidden", outcome("error", "forbidden", "NO_PATIENT_CONSENT"));
    try (EvilPeer peer =
        answering(request -> request.target().contains("Consent") ? refusal : holding(request))) {
      PeerQuestion question =
          search(answers(peer.base()), List.of(), new Consulting.InRecord(Optional.empty()));
      assertThat(asking.ask(question)).isEqualTo(new PeerAnswer.Objected());
    }
  }

  @ParameterizedTest
  @EnumSource(Lookup.class)
  void asksARegisterByNumberAlone(Lookup lookup) throws Exception {
    try (EvilPeer peer = answering(request -> ok(searchset(CONSENT, patient("p1"))))) {
      Region.Answers answers = with(answers(peer.base()), lookup, Search.POST, true);
      assertThat(asking.ask(register(answers)))
          .isEqualTo(
              new PeerAnswer.Answered(
                  List.of(entries(CONSENT, patient("p1")).get(1)),
                  Map.of(),
                  Optional.of(read(CONSENT, patient("p1")))));
      String name = lookup == Lookup.IDENTIFIER ? "patient:identifier" : "patient.identifier";
      assertThat(peer.requests())
          .extracting(ConsentWalkTest::asked)
          .containsExactly(
              "/fhir/Consent/_search "
                  + name
                  + "=https://fhir.nhs.uk/Id/nhs-number|9000000009&_include=Consent:patient"
                  + NAMED);
    }
  }

  @Test
  void aRegisterThatRefusesHasNotSaidWhatItHolds() throws Exception {
    for (String refusal :
        List.of(
            response("404 Not Found", ""),
            response("403 Forbidden", outcome("error", "forbidden", "NO_PATIENT_CONSENT")),
            response("500 Oops", ""))) {
      try (EvilPeer peer = answering(request -> refusal)) {
        assertThat(asking.ask(register(answers(peer.base()))))
            .isInstanceOf(PeerAnswer.Missed.class);
      }
    }
  }

  private static String holding(Request request) {
    if (isLookup(request)) {
      return ok(searchset(patient("p1")));
    }
    return ok(searchset(request.target().contains("Consent") ? CONSENT : condition("1")));
  }

  private static PeerQuestion search(
      Region.Answers answers, List<Parameter> filters, Consulting consulting) {
    PeerQuestion.Search search =
        Asking.search(answers, filters, ResultParameters.NONE, "Condition");
    return new PeerQuestion.Search(
        search.region(),
        search.gateway(),
        search.call(),
        search.patient(),
        search.types(),
        search.filters(),
        search.results(),
        consulting);
  }

  private static PeerQuestion reading(Region.Answers answers, Consulting consulting) {
    PeerQuestion.Read read = Asking.read(answers, "Condition", "1");
    return new PeerQuestion.Read(
        read.region(),
        read.gateway(),
        read.call(),
        read.patient(),
        read.type(),
        read.id(),
        consulting);
  }

  private static PeerQuestion register(Region.Answers answers) {
    PeerQuestion.Search search = Asking.search(answers);
    return new PeerQuestion.Consents(
        search.region(), search.gateway(), search.call(), search.patient());
  }

  private static PeerAnswer found(Optional<TypeAnswer> consents) {
    return new PeerAnswer.Answered(
        entries(patient("p1")), Map.of("Condition", read(condition("1"))), consents);
  }

  private static TypeAnswer read(String... resources) {
    return new TypeAnswer.Read(entries(resources), List.of());
  }

  private static String asked(Request request) {
    return request.target() + " " + URLDecoder.decode(request.body(), StandardCharsets.UTF_8);
  }
}
