package dev.ermine.app;

import dev.ermine.federation.Deadline;
import dev.ermine.federation.Peer;
import dev.ermine.federation.PeerQuestion;
import dev.ermine.merge.PeerAnswer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A peer whose answers are timed, and remembered as the last word of their region; not those of a
 * register of objections, which says nothing of the record. An answer that is there at once is none
 * of the region's: it was spared the question.
 */
final class MeteredPeer implements Peer {

  private final Peer peer;
  private final RegionMeters meters;
  private final LastWords words;

  MeteredPeer(Peer peer, RegionMeters meters, LastWords words) {
    this.peer = peer;
    this.meters = meters;
    this.words = words;
  }

  /** The peer's own stage: to cancel it must reset its exchange. */
  @Override
  public CompletionStage<PeerAnswer> ask(PeerQuestion question, Deadline deadline) {
    long began = System.nanoTime();
    CompletionStage<PeerAnswer> answer = peer.ask(question, deadline);
    if (answer.toCompletableFuture().isDone()) {
      return answer;
    }
    var _ =
        answer.whenComplete(
            (heard, cancelled) -> {
              meters.asked(question.region().id(), Duration.ofNanos(System.nanoTime() - began));
              if (!(question instanceof PeerQuestion.Consents)) {
                words.note(question.region().id(), heard == null ? LastWords.CANCELLED : heard);
              }
            });
    return answer;
  }
}
