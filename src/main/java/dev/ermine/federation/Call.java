package dev.ermine.federation;

import dev.ermine.trust.Requester;

/**
 * One request of a proven asker.
 *
 * @param id its {@code X-Request-Id}
 * @param client the network address that it came from
 * @param trace its place in a trace
 */
public record Call(Requester requester, String id, String client, Traceparent trace) {}
