package dev.ermine.peer;

import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.peer.ControlClient.Outcome;
import dev.ermine.region.Region.Token.Endpoint;
import dev.ermine.trust.GrantedToken;
import dev.ermine.trust.GrantedTokens;
import dev.ermine.trust.Granting;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * The regions' token endpoints: a client assertion in, an access token or our word for why not out.
 *
 * @see <a href="https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html#request-1">SMART
 *     Backend Services: obtain access token</a>
 */
public final class TokenEndpoints implements GrantedTokens.Exchange<Miss> {

  private static final int MAX_BYTES = 32 * 1024;
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /**
   * What an endpoint says when it refuses us, and not our request.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, 5.2: error
   *     response</a>
   */
  private static final Set<String> REFUSALS =
      Set.of(
          "invalid_client",
          "unauthorized_client",
          "invalid_grant",
          "invalid_scope",
          "access_denied");

  private final ControlClient client;
  private final InstantSource clock;

  /**
   * @param clock for {@code Retry-After} dates alone
   */
  public TokenEndpoints(ControlClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Granting<Miss>> exchange(Endpoint endpoint, String assertion) {
    return client
        .exchange(
            new ControlClient.Request(
                endpoint.url(),
                "application/json",
                Optional.of(new ControlClient.Request.Content(FORM, form(endpoint, assertion))),
                endpoint.anchors(),
                MAX_BYTES,
                endpoint.timeout()))
        .thenApply(this::grant);
  }

  private static String form(Endpoint endpoint, String assertion) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "client_credentials");
    form.put("scope", String.join(" ", endpoint.scopes()));
    form.put("client_assertion_type", ASSERTION_TYPE);
    form.put("client_assertion", assertion);
    return form.entrySet().stream()
        .map(field -> field.getKey() + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Granting<Miss> grant(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answer answer when answer.status() == 200 ->
          GrantedToken.read(answer.body())
              .<Granting<Miss>>map(Granting.Granted::new)
              .orElseGet(() -> failing("granted nothing that is a token"));
      case Outcome.Answer answer -> new Granting.Denied<>(miss(answer));
      case Outcome.Missed(Miss miss) -> new Granting.Denied<>(miss);
    };
  }

  private Miss miss(Outcome.Answer answer) {
    int status = answer.status();
    boolean isThrottling = status == 429 || (status == 503 && answer.retryAfter().isPresent());
    if (isThrottling) {
      return new Miss.Throttled(RetryAfter.parse(answer.retryAfter(), clock.instant()));
    }
    boolean isRefusal =
        status == 401
            || status == 403
            || (status == 400
                && GrantedToken.error(answer.body()).filter(REFUSALS::contains).isPresent());
    return isRefusal
        ? new Miss.Refused()
        : new Miss.Failing("its token endpoint answered with status " + status);
  }

  private static Granting<Miss> failing(String what) {
    return new Granting.Denied<>(new Miss.Failing("its token endpoint " + what));
  }
}
