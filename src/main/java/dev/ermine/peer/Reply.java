package dev.ermine.peer;

import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer.Miss;
import java.util.Optional;

/** What came of one HTTP request: a whole response, the head of one, or none. */
sealed interface Reply {

  /** A response, with the few headers that are looked at. None is ever copied on. */
  record Response(
      int status,
      Optional<String> contentType,
      Optional<String> retryAfter,
      Optional<String> securityContext,
      Slice body)
      implements Reply {

    /** Whether the region has no capacity left for us, and does not merely fail. */
    boolean throttles() {
      return status == 429 || (status == 503 && retryAfter.isPresent());
    }

    /** The status alone: headers and body are the peer's. */
    @Override
    public String toString() {
      return "Response[" + status + "]";
    }
  }

  /** A response whose body is still to come: it is read, or closed, by whoever has this. */
  record Opened(
      int status,
      Optional<String> contentType,
      Optional<String> contentRange,
      Optional<String> securityContext,
      DocumentBytes body)
      implements Reply {

    /** The status alone: headers and body are the peer's. */
    @Override
    public String toString() {
      return "Opened[" + status + "]";
    }
  }

  /**
   * No response.
   *
   * @param stale whether it failed on a kept-alive connection, before anything of a response came
   */
  record Failed(Miss miss, boolean stale) implements Reply {
    Failed(Miss miss) {
      this(miss, false);
    }
  }
}
