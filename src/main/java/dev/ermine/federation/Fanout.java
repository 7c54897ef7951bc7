package dev.ermine.federation;

import dev.ermine.merge.PeerAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

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

  /** An answer, and how long it took. */
  record Timed(PeerQuestion question, PeerAnswer answer, Duration took) {}

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
   * @param asked the peer's own future: to cancel it resets its exchange
   * @param answer completes with it, once the end is noted
   */
  private record Asked(
      PeerQuestion question,
      long started,
      CompletableFuture<PeerAnswer> asked,
      CompletableFuture<PeerAnswer> answer,
      AtomicLong ended) {}

  private Asked start(PeerQuestion question, Deadline inner) {
    Duration budget = question.region().answers().orElseThrow().budget();
    Deadline deadline = Deadline.in(budget).orEarlier(inner);
    long started = System.nanoTime();
    AtomicLong ended = new AtomicLong();
    CompletableFuture<PeerAnswer> asked = ask(question, deadline);
    CompletableFuture<PeerAnswer> answer =
        asked.whenComplete((_, _) -> ended.set(System.nanoTime()));
    return new Asked(question, started, asked, answer, ended);
  }

  private CompletableFuture<PeerAnswer> ask(PeerQuestion question, Deadline deadline) {
    try {
      return peer.ask(question, deadline).toCompletableFuture();
    } catch (RuntimeException _) {
      return CompletableFuture.completedFuture(defect());
    }
  }

  private static Timed join(Asked call, Deadline inner) {
    PeerAnswer answer = answer(call, inner);
    long ended = call.ended().get() == 0 ? System.nanoTime() : call.ended().get();
    return new Timed(call.question(), answer, Duration.ofNanos(ended - call.started()));
  }

  private static PeerAnswer answer(Asked call, Deadline inner) {
    try {
      return call.answer().get(inner.left().plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return timedOut(call);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return timedOut(call);
    } catch (ExecutionException | CancellationException _) {
      return defect();
    }
  }

  private static PeerAnswer timedOut(Asked call) {
    call.asked().cancel(true);
    return new PeerAnswer.Missed(new PeerAnswer.Miss.TimedOut());
  }

  private static PeerAnswer defect() {
    return new PeerAnswer.Missed(new PeerAnswer.Miss.Failing("the gateway could not ask it"));
  }
}
