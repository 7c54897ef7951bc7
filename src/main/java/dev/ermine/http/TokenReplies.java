package dev.ermine.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.trust.Grant.Granted;
import dev.ermine.trust.Trust.Kind;
import dev.ermine.trust.Trust.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What the token endpoint answers, as OAuth writes it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5">RFC 6749, 5: issuing an access
 *     token</a>
 */
final class TokenReplies {

  private static final String RETRY = "1";

  private TokenReplies() {}

  static Reply of(Granted granted, Instant now) {
    ObjectNode token = JsonNodeFactory.instance.objectNode();
    token.put("access_token", granted.token());
    token.put("token_type", "Bearer");
    token.put("expires_in", Duration.between(now, granted.requester().expires()).toSeconds());
    token.put("scope", granted.requester().scope().text());
    return Reply.json(200, headers(), token);
  }

  static Reply of(Reason reason) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("error", error(reason));
    error.put("error_description", reason.mendRequest());
    Map<String, String> headers = headers();
    switch (reason.kind()) {
      // HTTP wants a challenge, and knows none for assertions.
      case UNAUTHENTICATED -> headers.put("WWW-Authenticate", "Bearer");
      case OVERLOADED -> headers.put("Retry-After", RETRY);
      case MALFORMED, FORBIDDEN, LOOP -> {}
    }
    return Reply.json(status(reason.kind()), headers, error);
  }

  private static int status(Kind kind) {
    return kind == Kind.FORBIDDEN ? 400 : Refusals.status(kind);
  }

  private static String error(Reason reason) {
    return switch (reason) {
      case REGION_NOT_ACTIVE -> "unauthorized_client";
      case GRANT_TYPE -> "unsupported_grant_type";
      case SCOPE -> "invalid_scope";
      default ->
          switch (reason.kind()) {
            case UNAUTHENTICATED -> "invalid_client";
            case MALFORMED, FORBIDDEN, LOOP -> "invalid_request";
            case OVERLOADED -> "temporarily_unavailable";
          };
    };
  }

  private static Map<String, String> headers() {
    return new HashMap<>(Map.of("Pragma", "no-cache"));
  }
}
