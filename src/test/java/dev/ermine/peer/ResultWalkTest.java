package dev.ermine.peer;

import static dev.ermine.peer.Asking.NUMBER;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.isLookup;
import static dev.ermine.peer.Asking.knowing;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.federation.PeerQuestion.Consulting;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.ResultParameters.Sort;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What each search says of the order of its matches, and of what comes with them. */
@Timeout(60)
class ResultWalkTest {

  private static final String TOKEN = NhsNumber.SYSTEM + "|" + NUMBER.value();
  private static final Inclusion SEEN_IN =
      new Inclusion(true, "Observation", "encounter", Optional.of("Encounter"));

  private final Asking asking = new Asking();

  @AfterEach
  void close() {
    asking.close();
  }

  @Test
  void eachTypeIsSortedByTheKeysThatItHasAndNothingIsCounted() throws IOException {
    ResultParameters results =
        new ResultParameters(
            List.of(
                new Sort("date", true),
                new Sort("death-date", false),
                new Sort("_lastUpdated", true)),
            OptionalInt.of(5),
            List.of());

    assertThat(bodies(results, "Flag", "Condition", "Encounter"))
        .containsExactlyInAnyOrder(
            "Patient identifier=" + TOKEN,
            "Flag patient=p1&_sort=-date,-_lastUpdated",
            "Condition patient=p1&_sort=-_lastUpdated",
            "Encounter patient=p1&_sort=-date,-_lastUpdated");
  }

  @Test
  void whatIsToComeWithATypeIsAskedForWithThatType() throws IOException {
    ResultParameters results =
        ResultParameters.of(
            List.of(),
            List.of(
                Inclusion.of("Encounter", "location"),
                SEEN_IN,
                new Inclusion(true, "List", "item", Optional.empty()),
                new Inclusion(true, "Observation", "focus", Optional.of("Flag"))));

    assertThat(bodies(results, "Encounter", "Flag"))
        .containsExactlyInAnyOrder(
            "Patient identifier=" + TOKEN,
            "Encounter patient=p1&_include=Encounter:location"
                + "&_revinclude=Observation:encounter:Encounter&_revinclude=List:item",
            "Flag patient=p1&_revinclude=List:item&_revinclude=Observation:focus:Flag");
  }

  @Test
  void whatIsToComeWithThePatientIsNotAskedForWithWhoTheyAre() throws IOException {
    ResultParameters results =
        ResultParameters.of(
            List.of(), List.of(new Inclusion(true, "Flag", "patient", Optional.empty())));

    assertThat(bodies(results, "Patient"))
        .containsExactly(
            "Patient identifier=" + TOKEN,
            "Patient identifier=" + TOKEN + "&_revinclude=Flag:patient");
  }

  /** Who objects is not asked for entries: by no way round either. */
  @Test
  void whatIsToComeWithThePatientWaitsForTheirConsents() throws IOException {
    ResultParameters results =
        ResultParameters.of(
            List.of(), List.of(new Inclusion(true, "Flag", "patient", Optional.empty())));
    try (EvilPeer peer =
        knowing(request -> ok(isLookup(request) ? searchset(patient("p1")) : searchset()))) {
      PeerQuestion.Search search =
          Asking.search(answers(peer.base()), List.of(), results, "Patient");
      PeerAnswer answer =
          asking.ask(
              new PeerQuestion.Search(
                  search.region(),
                  search.gateway(),
                  search.call(),
                  search.patient(),
                  search.types(),
                  search.filters(),
                  search.results(),
                  new Consulting.InRecord(Optional.of(_ -> false))));

      assertThat(answer)
          .isInstanceOfSatisfying(
              PeerAnswer.Answered.class, it -> assertThat(it.types()).isEqualTo(Map.of()));
      assertThat(peer.requests())
          .extracting(ResultWalkTest::asked)
          .noneMatch(it -> it.contains("_revinclude"));
    }
  }

  private List<String> bodies(ResultParameters results, String... types) throws IOException {
    try (EvilPeer peer = knowing(request -> ok(searchset()))) {
      asking.ask(Asking.search(answers(peer.base()), List.of(), results, types));
      return peer.requests().stream().map(ResultWalkTest::asked).toList();
    }
  }

  private static String asked(Request request) {
    return request.target().replaceAll("/fhir/|/_search", "")
        + " "
        + URLDecoder.decode(request.body(), StandardCharsets.UTF_8);
  }
}
