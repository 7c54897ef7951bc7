package dev.ermine.federation;

import dev.ermine.trust.Requester;

/**
 * One request of a proven asker.
 *
 * @param id its {@code X-Request-Id}
 * @param client the network address that it came from
 * @param trace its place in a trace
 * @param room where what regions send for it is held
 */
public record Call(Requester requester, String id, String client, Traceparent trace, Room room) {

  /** A request that may hold whatever there is. */
  public Call(Requester requester, String id, String client, Traceparent trace) {
    this(requester, id, client, trace, Room.BOUNDLESS);
  }
}
