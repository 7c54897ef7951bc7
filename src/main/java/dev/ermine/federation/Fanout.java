package dev.ermine.federation;

import dev.ermine.federation.PeerQuestion.Consulting;
import dev.ermine.merge.PeerAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Asks all regions at once and waits for the slowest, but never past the deadline.
 *
 * <p>INVARIANT: one answer per question, in the order of the questions, whatever the peers do.
 */
final class Fanout {

  /** What a peer's own deadline leaves for joining, merging and audit. */
  private static final Duration RESERVE = Duration.ofMillis(50);

  /** A peer completes by its deadline; this long it may take until we see it. */
  private static final Duration GRACE = Duration.ofMillis(20);

  private final Peer peer;

  Fanout(Peer peer) {
    this.peer = peer;
  }

  /**
   * An answer, and how long it took.
   *
   * @param register what the region's register of objections said, where it was asked
   */
  record Timed(
      PeerQuestion question, PeerAnswer answer, Optional<PeerAnswer> register, Duration took) {

    /** Of a region that was asked of its patients' decisions alone, wherever it keeps them. */
    Timed ofDecisions() {
      return new Timed(question, answer, Optional.of(answer), took);
    }
  }

  /**
   * What is asked beside the regions whose entries are.
   *
   * @param asker the asker's own region of what the patient decided
   * @param demographics the Personal Demographics Service of who the patient is
   */
  record Beside(Optional<PeerQuestion> asker, Optional<PeerQuestion> demographics) {}

  /**
   * What everybody said.
   *
   * @param asker what the asker's own region said of the patient's decisions, where it was asked
   * @param demographics what the Personal Demographics Service said, where it was asked
   */
  record Answers(
      List<Timed> regions, Optional<PeerAnswer> asker, Optional<PeerAnswer> demographics) {

    /** Where nobody is asked. */
    static final Answers NONE = new Answers(List.of(), Optional.empty(), Optional.empty());

    Answers {
      regions = List.copyOf(regions);
    }
  }

  /** The same, with those questions beside them: they begin with the others and end with them. */
  Answers ask(List<? extends PeerQuestion> questions, Beside beside, Deadline outer) {
    List<PeerQuestion> all = new ArrayList<>(questions);
    beside.asker().ifPresent(all::add);
    beside.demographics().ifPresent(all::add);
    List<Timed> said = ask(all, outer);
    Iterator<Timed> others = said.subList(questions.size(), said.size()).iterator();
    return new Answers(
        said.subList(0, questions.size()),
        beside.asker().map(_ -> others.next().answer()),
        beside.demographics().map(_ -> others.next().answer()));
  }

  /** One answer per question: each within its region's budget, all within {@code outer}. */
  List<Timed> ask(List<? extends PeerQuestion> questions, Deadline outer) {
    Deadline inner = new Deadline(outer.nanoTime() - RESERVE.toNanos());
    List<Asked> calls = new ArrayList<>();
    for (PeerQuestion question : questions) {
      calls.add(start(question, inner));
    }
    return calls.stream().map(call -> join(call, inner)).toList();
  }

  /**
   * A question under way.
   *
   * @param record to cancel it resets the exchanges with the region's record
   * @param noted completes with it, once the end is noted
   * @param register to cancel it resets the exchanges with the region's register
   */
  private record Asked(
      PeerQuestion question,
      long started,
      CompletableFuture<PeerAnswer> record,
      CompletableFuture<PeerAnswer> noted,
      Optional<CompletableFuture<PeerAnswer>> register,
      AtomicLong ended) {}

  private Asked start(PeerQuestion question, Deadline inner) {
    Duration budget = question.region().answers().orElseThrow().budget();
    Deadline deadline = Deadline.in(budget).orEarlier(inner);
    long started = System.nanoTime();
    AtomicLong ended = new AtomicLong();
    Optional<CompletableFuture<PeerAnswer>> register =
        question.consulting() instanceof Consulting.InRegister(PeerQuestion.Consents of, _)
            ? Optional.of(ask(of, deadline))
            : Optional.empty();
    CompletableFuture<PeerAnswer> record = record(question, register, deadline);
    CompletableFuture<PeerAnswer> noted =
        record.whenComplete((_, _) -> ended.set(System.nanoTime()));
    return new Asked(question, started, record, noted, register, ended);
  }

  private CompletableFuture<PeerAnswer> record(
      PeerQuestion question, Optional<CompletableFuture<PeerAnswer>> register, Deadline deadline) {
    return register.isPresent()
            && question.consulting() instanceof Consulting.InRegister(_, var ahead)
            && ahead.isPresent()
        ? after(register.get(), ahead.get(), question, deadline)
        : ask(question, deadline);
  }

  /** Asks a record once its register has spoken; for entries, only where that lets it. */
  private CompletableFuture<PeerAnswer> after(
      CompletableFuture<PeerAnswer> register,
      Predicate<PeerAnswer.Answered> ahead,
      PeerQuestion question,
      Deadline deadline) {
    CompletableFuture<PeerAnswer> answer = new CompletableFuture<>();
    var _ =
        register.whenCompleteAsync(
            (said, _) -> {
              boolean open = said instanceof PeerAnswer.Answered known && ahead.test(known);
              if (!answer.isDone()) {
                pass(ask(open ? question : question.ofPatientAlone(), deadline), answer);
              }
            },
            Thread::startVirtualThread);
    return answer;
  }

  /** What becomes of {@code asked} becomes of {@code answer}; to cancel one cancels the other. */
  private static void pass(
      CompletableFuture<PeerAnswer> asked, CompletableFuture<PeerAnswer> answer) {
    var _ = asked.whenComplete((said, _) -> answer.complete(said == null ? defect() : said));
    var _ = answer.whenComplete((_, _) -> asked.cancel(true));
  }

  private CompletableFuture<PeerAnswer> ask(PeerQuestion question, Deadline deadline) {
    try {
      return peer.ask(question, deadline).toCompletableFuture();
    } catch (RuntimeException _) {
      return CompletableFuture.completedFuture(defect());
    }
  }

  private static Timed join(Asked call, Deadline inner) {
    PeerAnswer answer = answer(call.noted(), call.record(), inner);
    Optional<PeerAnswer> register = call.register().map(said -> answer(said, said, inner));
    long ended = call.ended().get() == 0 ? System.nanoTime() : call.ended().get();
    return new Timed(call.question(), answer, register, Duration.ofNanos(ended - call.started()));
  }

  private static PeerAnswer answer(
      CompletableFuture<PeerAnswer> answer, CompletableFuture<PeerAnswer> asked, Deadline inner) {
    try {
      return answer.get(inner.left().plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return timedOut(asked);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return timedOut(asked);
    } catch (ExecutionException | CancellationException _) {
      return defect();
    }
  }

  private static PeerAnswer timedOut(CompletableFuture<PeerAnswer> asked) {
    asked.cancel(true);
    // It may have come just now, and then nobody else lets go of it.
    var _ = asked.thenAccept(PeerAnswer::abandon);
    return new PeerAnswer.Missed(new PeerAnswer.Miss.TimedOut());
  }

  private static PeerAnswer defect() {
    return new PeerAnswer.Missed(new PeerAnswer.Miss.Failing("the gateway could not ask it"));
  }
}
