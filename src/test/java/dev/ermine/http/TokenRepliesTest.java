package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.testing.Given;
import dev.ermine.trust.Grant.Granted;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Trust.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TokenRepliesTest {

  @Test
  void givesATokenForASpanOfSeconds() throws IOException {
    Requester requester = Given.requester("thumbprint");
    Reply reply =
        TokenReplies.of(
            new Granted("a.b.c", requester, "0"), requester.expires().minusSeconds(300));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.contentType()).isEqualTo("application/json");
    assertThat(reply.headers()).containsEntry("Pragma", "no-cache");
    assertThat(json(reply))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"access_token":"a.b.c","token_type":"Bearer","expires_in":300,\
                    "scope":"system/*.rs"}"""));
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN_CERTIFICATE, 401, invalid_client",
    "REGION_NOT_ACTIVE, 400, unauthorized_client",
    "REQUEST_FORM, 400, invalid_request",
    "GRANT_TYPE, 400, unsupported_grant_type",
    "SCOPE, 400, invalid_scope",
    "GRANT_TOO_LARGE, 400, invalid_request",
    "CLIENT_AUTHENTICATION, 401, invalid_client",
    "CLIENT_ID, 401, invalid_client",
    "TOKEN_SIGNATURE, 401, invalid_client",
    "TOKEN_REPLAYED, 401, invalid_client",
    "PURPOSE_MISSING, 400, invalid_request",
    "LOOP, 508, invalid_request",
    "REPLAY_CACHE_FULL, 503, temporarily_unavailable"
  })
  void saysWhyThereIsNoToken(Reason reason, int status, String error) throws IOException {
    Reply reply = TokenReplies.of(reason);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(json(reply).get("error").asText()).isEqualTo(error);
    assertThat(reply.headers().containsKey("WWW-Authenticate")).isEqualTo(status == 401);
    assertThat(reply.headers().containsKey("Retry-After")).isEqualTo(status == 503);
  }

  /** RFC 6749 5.2: visible ASCII but the quotation mark and the backslash. */
  @ParameterizedTest
  @EnumSource(Reason.class)
  void saysWhatToMendInTheLettersThatThereAre(Reason reason) throws IOException {
    assertThat(json(TokenReplies.of(reason)).get("error_description").asText())
        .isNotBlank()
        .matches("[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]+");
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void tellsNobodyWhichPartOfAnAssertionWasRight(Reason reason) throws IOException {
    if (reason.name().startsWith("TOKEN_") || reason == Reason.CLIENT_ID) {
      Reply reply = TokenReplies.of(reason);
      Reply other = TokenReplies.of(Reason.TOKEN_SIGNATURE);
      assertThat(json(reply)).isEqualTo(json(other));
      assertThat(reply.headers()).isEqualTo(other.headers());
      assertThat(json(reply).get("error_description").asText()).contains("client_assertion");
    }
  }

  private static JsonNode json(Reply reply) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    reply.body().writeTo(out);
    return new ObjectMapper().readTree(out.toByteArray());
  }
}
