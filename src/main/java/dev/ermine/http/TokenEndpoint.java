package dev.ermine.http;

import dev.ermine.fhir.Parameter;
import dev.ermine.trust.Grant.Granted;
import dev.ermine.trust.TokenGrants;
import dev.ermine.trust.Trust.Untrusted;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/**
 * Where access tokens are to be had. What is decided is in the audit trail before it is told.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.2">RFC 6749, 3.2: token
 *     endpoint</a>
 */
@Path("/")
@Singleton
@RunOnVirtualThread
public class TokenEndpoint {

  private final TokenGrants grants;
  private final AuditedGrants tokens;
  private final AuditedRefusals refusals;
  private final Drain drain;

  TokenEndpoint(TokenGrants grants, AuditedGrants tokens, AuditedRefusals refusals, Drain drain) {
    this.grants = grants;
    this.tokens = tokens;
    this.refusals = refusals;
    this.drain = drain;
  }

  @POST
  @Path("oauth2/token")
  public Response token(@Context RoutingContext wire) {
    return drain
        .during(() -> Admitted.of(wire).answered(this::answer))
        .orElseGet(() -> Refusals.of(Fault.STOPPING))
        .toResponse();
  }

  private Reply answer(Admitted admitted) {
    return switch (grants.grant(admitted.chain(), form(admitted))) {
      case Untrusted untrusted ->
          refusals.refuse(
              untrusted,
              TokenReplies.of(untrusted.reason()),
              admitted.requestId(),
              admitted.client(),
              admitted.address().template());
      case Granted granted -> tokens.give(granted, admitted.requestId(), admitted.client());
    };
  }

  /**
   * The parameters of the body, which has to be a form and to stand for itself: nothing of a client
   * belongs into a URL, and it authenticates in one way alone.
   */
  private static Optional<List<Parameter>> form(Admitted admitted) {
    boolean alone =
        Media.isForm(admitted.headers().get("content-type"))
            && !admitted.headers().contains("content-encoding")
            && !admitted.headers().contains("authorization")
            && admitted.query().length == 0;
    return alone && FormText.parse(admitted.body()) instanceof FormText.Parsed.Parameters form
        ? Optional.of(form.list())
        : Optional.empty();
  }
}
