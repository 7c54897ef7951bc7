package dev.ermine.http;

import static java.util.Map.entry;

import dev.ermine.audit.AuditUnavailableException;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * What must not happen, told in fixed words: the body has nothing of the exception, whose message
 * may hold a patient's data.
 */
public final class Failures {

  private static final Logger LOG = Logger.getLogger(Failures.class);

  @ServerExceptionMapper
  public Response toResponse(Throwable failure, RoutingContext wire) {
    return Refusals.of(faultOf(failure, wire.response().headers())).toResponse();
  }

  /**
   * The fault that a failure is.
   *
   * @param signed the response's headers: what the door has put there says which request it was
   */
  static Fault faultOf(Throwable failure, MultiMap signed) {
    return switch (failure) {
      case AuditUnavailableException e -> logged(e, signed, Fault.AUDIT_UNAVAILABLE);
      case WebApplicationException e -> webFault(e, signed);
      // Only a connection is read from and written to here: it was lost, or cut. Nobody is left to
      // be told, and nothing has failed.
      case IOException _ -> Fault.INTERNAL;
      default -> logged(failure, signed, Fault.INTERNAL);
    };
  }

  private static Fault webFault(WebApplicationException failure, MultiMap signed) {
    return switch (failure.getResponse().getStatus()) {
      case 400 -> Fault.HTTP_MALFORMED;
      case 404 -> Fault.UNKNOWN_ADDRESS;
      case 405 -> Fault.METHOD;
      case 406 -> Fault.NOT_ACCEPTABLE;
      case 413 -> Fault.BODY_TOO_LARGE;
      case 415 -> Fault.MEDIA_TYPE;
      default -> logged(failure, signed, Fault.INTERNAL);
    };
  }

  private static Fault logged(Throwable failure, MultiMap signed, Fault fault) {
    LOG.errorf(
        failure,
        "a request failed",
        entry("requestId", String.valueOf(signed.get("X-Request-Id"))),
        entry("traceparent", String.valueOf(signed.get("traceparent"))));
    return fault;
  }
}
