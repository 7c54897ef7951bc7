package dev.ermine.peer;

import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.condition;
import static dev.ermine.peer.Asking.entries;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.failing;
import static dev.ermine.peer.Asking.isLookup;
import static dev.ermine.peer.Asking.knowing;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.outcome;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.response;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Page after page, and what is said of those that are missing. */
@Timeout(60)
class PagingTest {

  private static final Gap AWAY =
      new Gap(Gap.Kind.BAD_NEXT, "its next page leads away from its base");
  private static final Gap BACK =
      new Gap(Gap.Kind.BAD_NEXT, "its next page leads back to one already read");

  private final Asking asking = new Asking();

  @AfterEach
  void close() {
    asking.close();
  }

  @Test
  void followsPagesInOrder() throws Exception {
    try (EvilPeer peer =
        knowing(
            request ->
                ok(
                    switch (request.target()) {
                      case "/fhir/Condition/_search" -> page("/fhir?page=2", condition("c1"));
                      case "/fhir?page=2" -> page("?page=3", condition("c2"));
                      default -> searchset(condition("c3"));
                    }))) {
      assertThat(ask(peer))
          .isEqualTo(read(List.of(), condition("c1"), condition("c2"), condition("c3")));
      assertThat(peer.requests().subList(2, 4))
          .allSatisfy(
              request -> {
                assertThat(request.line()).startsWith("GET ");
                assertThat(request.header("Authorization")).isEqualTo("Bearer a.test.token");
              });
    }
  }

  @Test
  void stopsWhereAPageLeadsToItself() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(page("/fhir/Condition/_search", condition("c1"))))) {
      assertThat(ask(peer)).isEqualTo(read(List.of(BACK), condition("c1")));
    }
  }

  @Test
  void stopsWhereTwoPagesLeadToEachOther() throws Exception {
    try (EvilPeer peer =
        knowing(
            request ->
                ok(
                    request.target().equals("/fhir?page=a")
                        ? page("/fhir/x/../?page=b", condition("a"))
                        : page("/fhir?page=a", condition("b"))))) {
      PeerAnswer answer = ask(peer);
      assertThat(answer)
          .isEqualTo(read(List.of(BACK), condition("b"), condition("a"), condition("b")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/fhir?page=2",
        "http://localhost/fhir?page=2",
        "https://user@localhost/fhir?page=2",
        "/fhir/../admin",
        "/fhir/%2e%2e/admin"
      })
  void goesNowhereElse(String next) throws Exception {
    try (EvilPeer peer = knowing(request -> ok(page(next, condition("c1"))))) {
      assertThat(ask(peer)).isEqualTo(read(List.of(AWAY), condition("c1")));
      assertThat(peer.requests()).hasSize(2);
    }
  }

  @Test
  void stopsAtItsPages() throws Exception {
    try (EvilPeer peer =
        knowing(
            request -> {
              int page = request.target().contains("=") ? number(request) : 1;
              return ok(page("/fhir?page=" + (page + 1), condition("c" + page)));
            })) {
      Gap limit =
          new Gap(
              Gap.Kind.LIMIT,
              "it has more pages of its own than its limit allows, and no page of this answer has"
                  + " the rest");
      String[] five =
          IntStream.rangeClosed(1, 5).mapToObj(i -> condition("c" + i)).toArray(String[]::new);
      assertThat(ask(peer)).isEqualTo(read(List.of(limit), five));
      assertThat(peer.requests()).hasSize(6);
    }
  }

  @Test
  void stopsAtItsEntries() throws Exception {
    String[] many = IntStream.range(0, 60).mapToObj(i -> condition("c" + i)).toArray(String[]::new);
    try (EvilPeer peer = knowing(request -> ok(page("/fhir?page=2", many)))) {
      Gap limit =
          new Gap(
              Gap.Kind.LIMIT,
              "it has more entries than its limit allows, and no page of this answer has the rest");
      String[] kept = java.util.Arrays.copyOf(many, 50);
      assertThat(ask(peer)).isEqualTo(read(List.of(limit), kept));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"500 Oh", "404 Not Found", "401 Unauthorized", "302 Found", "200 OK"})
  void keepsWhatWasReadBeforeABrokenPage(String status) throws Exception {
    try (EvilPeer peer =
        knowing(
            request ->
                request.target().contains("page")
                    ? response(status, "<html>")
                    : ok(page("/fhir?page=2", condition("c1"))))) {
      Gap broken = new Gap(Gap.Kind.BROKEN_PAGE, "a later page of its own could not be read");
      assertThat(ask(peer)).isEqualTo(read(List.of(broken), condition("c1")));
    }
  }

  @Test
  void keepsWhatWasReadBeforeALatePage() throws Exception {
    try (EvilPeer peer =
        evil(
            line -> {
              for (Request request = line.next(); request != null; request = line.next()) {
                if (request.target().contains("page")) {
                  line.awaitClose();
                }
                line.write(
                    ok(
                        isLookup(request)
                            ? searchset(patient("p1"))
                            : page("/fhir?page=2", condition("c1"))));
              }
            })) {
      Gap late = new Gap(Gap.Kind.TIMED_OUT, "later pages of its own did not come in time");
      assertThat(asking.ask(search(answers(peer.base()), "Condition"), Duration.ofSeconds(2)))
          .isEqualTo(read(List.of(late), condition("c1")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "warning, informational, confidential-items, the region left out items that it does not share",
    "warning, suppressed, x, the region left out items that it does not share",
    "warning, timeout, x, a source of the region did not answer it in time",
    "error, incomplete, x, the region said that its answer is incomplete",
    "warning, other, DROP TABLE, the region warned that its answer may lack something"
  })
  void passesItsWarningsOnInOurWords(String severity, String code, String detail, String words)
      throws Exception {
    String[] resources = {condition("c1"), outcome(severity, code, detail)};
    try (EvilPeer peer = knowing(request -> ok(searchset(resources)))) {
      assertThat(ask(peer))
          .isEqualTo(read(List.of(new Gap(Gap.Kind.PEER_WARNING, words)), condition("c1")));
    }
  }

  @Test
  void anErrorWithoutEntriesIsNoEmptyAnswer() throws Exception {
    String error = searchset(outcome("error", "exception", "x"));
    Miss failed = failing("it reported an error in place of entries");
    try (EvilPeer type = knowing(request -> ok(error));
        EvilPeer lookup = answering(request -> ok(error))) {
      assertThat(ask(type))
          .isEqualTo(
              new PeerAnswer.Answered(
                  entries(patient("p1")), Map.of("Condition", new TypeAnswer.Unread(failed))));
      assertThat(ask(lookup)).isEqualTo(missed(failed));
    }
  }

  @Test
  void nobodyInASearchNotReadWholeIsNotNobody() throws Exception {
    try (EvilPeer slow = answering(request -> ok(searchset(outcome("warning", "timeout", "x"))));
        EvilPeer silent =
            answering(request -> ok(searchset(outcome("warning", "suppressed", "x"))))) {
      assertThat(ask(slow)).isEqualTo(missed(failing("its search for the patient was incomplete")));
      assertThat(ask(silent)).isEqualTo(new PeerAnswer.NotMatched());
    }
  }

  private PeerAnswer ask(EvilPeer peer) {
    return asking.ask(search(answers(peer.base()), "Condition"));
  }

  private static int number(Request request) {
    return Integer.parseInt(request.target().substring(request.target().indexOf('=') + 1));
  }

  private static String page(String next, String... resources) {
    return searchset(Optional.of(next), resources);
  }

  private static PeerAnswer read(List<Gap> gaps, String... resources) {
    return new PeerAnswer.Answered(
        entries(patient("p1")), Map.of("Condition", new TypeAnswer.Read(entries(resources), gaps)));
  }
}
