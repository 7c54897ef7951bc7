package dev.ermine.trace;

import dev.ermine.federation.Traceparent;
import dev.ermine.merge.Status;
import io.opentelemetry.api.trace.StatusCode;

/** One piece of work in a trace, from its beginning to its end. */
public final class Span {

  /** A server's fault begins at this status: what is refused is refused rightly. */
  static final int SERVER_ERRORS = 500;

  /** To a client, every refusal is a fault. */
  static final int ALL_ERRORS = 400;

  private final io.opentelemetry.api.trace.Span recorded;
  private final Traceparent trace;
  private final int errorsFrom;

  Span(io.opentelemetry.api.trace.Span recorded, Traceparent trace, int errorsFrom) {
    this.recorded = recorded;
    this.trace = trace;
    this.errorsFrom = errorsFrom;
  }

  /** Its own place in the trace: the parent of what is done for it. */
  public Traceparent trace() {
    return trace;
  }

  /** It ends with an HTTP response. */
  public void end(int status) {
    recorded.setAttribute("http.response.status_code", status);
    if (status >= errorsFrom) {
      fail(Integer.toString(status));
    }
    recorded.end();
  }

  /** It ends with what may be said of a region. */
  public void end(Status status) {
    recorded.setAttribute("ermine.status", status.code());
    if (status.missing()) {
      fail(status.code());
    }
    recorded.end();
  }

  /** It ends with no response: whoever asked has gone away. */
  public void abandon() {
    fail("abandoned");
    recorded.end();
  }

  private void fail(String type) {
    recorded.setAttribute("error.type", type);
    recorded.setStatus(StatusCode.ERROR);
  }
}
