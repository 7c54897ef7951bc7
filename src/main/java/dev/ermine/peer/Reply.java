package dev.ermine.peer;

import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer.Miss;
import java.util.Optional;

/** What came of one HTTP request: a whole response, or none. */
sealed interface Reply {

  /** A response, with the few headers that are looked at. None is ever copied on. */
  record Response(
      int status,
      Optional<String> contentType,
      Optional<String> retryAfter,
      Optional<String> securityContext,
      Slice body)
      implements Reply {

    /** The status alone: headers and body are the peer's. */
    @Override
    public String toString() {
      return "Response[" + status + "]";
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
