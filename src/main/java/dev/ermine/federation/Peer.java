package dev.ermine.federation;

import dev.ermine.merge.PeerAnswer;
import java.util.concurrent.CompletionStage;

/**
 * A region that can be asked, behind whatever protocol it speaks.
 *
 * <p>The stage completes exactly once, normally, by the deadline: whatever goes wrong is an answer.
 * Cancelling its future resets the exchange. It may complete on any thread.
 */
@FunctionalInterface
public interface Peer {

  /** Asks the question's region. */
  CompletionStage<PeerAnswer> ask(PeerQuestion question, Deadline deadline);
}
