package dev.ermine.http;

import jakarta.ws.rs.core.Response;

/** What leaves in answer to a request. */
sealed interface Outgoing permits Reply, DocumentReply {

  Response toResponse();
}
