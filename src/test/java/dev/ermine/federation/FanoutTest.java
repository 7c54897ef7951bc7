package dev.ermine.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.document.Extent;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.region.Region;
import dev.ermine.testing.Given;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FanoutTest {

  private static final PeerAnswer NONE = new PeerAnswer.NotMatched();

  @Test
  void everyQuestionHasOneAnswerWhateverThePeersDo() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<PeerQuestion.Search> questions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      questions.add(question("r" + i, Duration.ofMillis(200)));
    }
    Peer peer = (question, deadline) -> misbehave(random.nextInt(5));
    List<Fanout.Timed> answers =
        new Fanout(peer).ask(questions, Deadline.in(Duration.ofMillis(400)));
    assertThat(answers).as("seed %d", seed).hasSameSizeAs(questions);
    for (int i = 0; i < questions.size(); i++) {
      assertThat(answers.get(i).question()).isSameAs(questions.get(i));
      assertThat(answers.get(i).answer()).isNotNull();
    }
  }

  private static CompletableFuture<PeerAnswer> misbehave(int how) {
    return switch (how) {
      case 0 -> CompletableFuture.completedFuture(NONE);
      case 1 -> CompletableFuture.failedFuture(new IllegalStateException("defect"));
      case 2 -> throw new IllegalStateException("defect");
      case 3 -> new CompletableFuture<>();
      default -> {
        CompletableFuture<PeerAnswer> later = new CompletableFuture<>();
        later.completeOnTimeout(NONE, 30, TimeUnit.MILLISECONDS);
        yield later;
      }
    };
  }

  @Test
  void aPeerThatNeverCompletesIsTimedOutAndCancelled() {
    CompletableFuture<PeerAnswer> never = new CompletableFuture<>();
    List<Fanout.Timed> answers =
        new Fanout((_, _) -> never)
            .ask(
                List.of(question("wessex", Duration.ofSeconds(5))),
                Deadline.in(Duration.ofMillis(200)));
    assertThat(answers.getFirst().answer())
        .isEqualTo(new PeerAnswer.Missed(new PeerAnswer.Miss.TimedOut()));
    assertThat(never).isCancelled();
    assertThat(answers.getFirst().took()).isLessThan(Duration.ofSeconds(2));
  }

  /** It comes between the end of the wait and the word that nobody waits. */
  @Test
  void aDocumentThatComesTooLateIsLetGoOf() {
    List<OpenDocument.Ending> endings = new ArrayList<>();
    CompletableFuture<PeerAnswer> late =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean mayInterruptIfRunning) {
            complete(document(endings));
            return super.cancel(mayInterruptIfRunning);
          }
        };
    List<Fanout.Timed> answers =
        new Fanout((_, _) -> late)
            .ask(
                List.of(question("london", Duration.ofSeconds(5))),
                Deadline.in(Duration.ofMillis(100)));
    assertThat(answers.getFirst().answer())
        .isEqualTo(new PeerAnswer.Missed(new PeerAnswer.Miss.TimedOut()));
    assertThat(late).isCompleted();
    assertThat(endings).containsExactly(OpenDocument.Ending.ABANDONED);
  }

  private static PeerAnswer document(List<OpenDocument.Ending> endings) {
    return new PeerAnswer.Document(
        new OpenDocument(
            "application/pdf",
            new Extent.Whole(1),
            new ByteArrayInputStream(new byte[1]),
            endings::add),
        Optional.empty());
  }

  @Test
  void aPeersDeadlineIsItsBudgetInsideTheOuterDeadline() {
    List<Deadline> given = new ArrayList<>();
    Peer peer =
        (_, deadline) -> {
          given.add(deadline);
          return CompletableFuture.completedFuture(NONE);
        };
    Deadline outer = Deadline.in(Duration.ofSeconds(10));
    new Fanout(peer)
        .ask(
            List.of(
                question("quick", Duration.ofMillis(500)), question("slow", Duration.ofMinutes(1))),
            outer);
    assertThat(given.get(0).left()).isLessThanOrEqualTo(Duration.ofMillis(500));
    assertThat(given.get(1).nanoTime()).isLessThan(outer.nanoTime());
  }

  @Test
  void aFailingPeerDoesNotTakeTheOthersDown() {
    Map<String, PeerAnswer> said = Map.of("london", NONE);
    Peer peer =
        (question, _) -> {
          PeerAnswer answer = said.get(question.region().id().value());
          if (answer == null) {
            throw new IllegalStateException("defect");
          }
          return CompletableFuture.completedFuture(answer);
        };
    List<Fanout.Timed> answers =
        new Fanout(peer)
            .ask(
                List.of(
                    question("broken", Duration.ofMillis(200)),
                    question("london", Duration.ofMillis(200))),
                Deadline.in(Duration.ofSeconds(1)));
    assertThat(answers.get(0).answer()).isInstanceOf(PeerAnswer.Missed.class);
    assertThat(answers.get(1).answer()).isEqualTo(NONE);
  }

  private static PeerQuestion.Search question(String id, Duration budget) {
    return new PeerQuestion.Search(
        Given.region(id, Region.Status.ACTIVE, budget),
        Given.gateway(),
        new Call(Given.requester("thumbprint"), "request-1", "127.0.0.1", Traceparent.fresh()),
        Given.ADA,
        List.of("Observation"),
        List.of(),
        ResultParameters.NONE,
        new PeerQuestion.Consulting.Nowhere());
  }
}
