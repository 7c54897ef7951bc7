package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.audit.AuditUnavailableException;
import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.fhir.Issue;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Untrusted;
import io.vertx.core.MultiMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalsTest {

  @ParameterizedTest
  @CsvSource({
    "NO_CERTIFICATE, 401, login",
    "TOKEN_REPLAYED, 401, login",
    "REGION_NOT_ACTIVE, 403, forbidden",
    "PURPOSE_MISSING, 403, forbidden",
    "LOOP, 508, business-rule",
    "REPLAY_CACHE_FULL, 503, transient"
  })
  void saysWhyCredentialsAreRefused(Reason reason, int status, String code) {
    Reply reply = Refusals.of(new Untrusted(reason, Optional.empty()));
    assertThat(reply.status()).isEqualTo(status);
    assertThat(outcome(reply).at("/issue/0/code").asText()).isEqualTo(code);
    assertThat(outcome(reply).at("/issue/0/details/text").asText()).isEqualTo(reason.mend());
    assertThat(reply.headers().containsKey("WWW-Authenticate")).isEqualTo(status == 401);
    assertThat(reply.headers().containsKey("Retry-After")).isEqualTo(status == 503);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void tellsNobodyWhichPartOfATokenWasRight(Reason reason) {
    if (reason.name().startsWith("TOKEN_")) {
      Reply reply = Refusals.of(new Untrusted(reason, Optional.empty()));
      Reply other = Refusals.of(new Untrusted(Reason.TOKEN_SIGNATURE, Optional.empty()));
      assertThat(outcome(reply)).isEqualTo(outcome(other));
      assertThat(reply.headers()).isEqualTo(other.headers());
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void saysEveryFaultAsAnOutcome(Fault fault) {
    Reply reply = Refusals.of(fault);
    assertThat(reply.status()).isEqualTo(fault.status());
    assertThat(reply.contentType()).isEqualTo("application/fhir+json;charset=UTF-8");
    assertThat(outcome(reply).at("/resourceType").asText()).isEqualTo("OperationOutcome");
    assertThat(outcome(reply).at("/issue/0/severity").asText()).isEqualTo("error");
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void passesTheAccountOnWithTheStatusOfTheFailure(Failure failure) {
    Reply reply =
        Refusals.of(
            new Unanswered(
                failure,
                List.of(Issue.error(Issue.Code.TIMEOUT, "london did not answer in time")),
                Optional.empty(),
                Optional.of(Duration.ofMillis(1200))));
    assertThat(reply.status()).isEqualTo(failure.status());
    assertThat(reply.headers()).containsEntry("Retry-After", "2");
    assertThat(outcome(reply).at("/issue/0/details/text").asText())
        .isEqualTo("london did not answer in time");
  }

  @Test
  void tellsNothingOfAnException() {
    Throwable failure = new IllegalStateException("9000000009");
    MultiMap signed = MultiMap.caseInsensitiveMultiMap();
    assertThat(Failures.faultOf(failure, signed)).isEqualTo(Fault.INTERNAL);
    assertThat(Failures.faultOf(new AuditUnavailableException("x", failure), signed))
        .isEqualTo(Fault.AUDIT_UNAVAILABLE);
  }

  @Test
  void aLostConnectionIsNoFailureToBeLogged() {
    List<LogRecord> logged = new ArrayList<>();
    Handler kept =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            logged.add(line);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger log = Logger.getLogger(Failures.class.getName());
    log.addHandler(kept);
    try {
      MultiMap signed = MultiMap.caseInsensitiveMultiMap();
      Failures.faultOf(new IOException("connection reset"), signed);
      assertThat(logged).isEmpty();
      Failures.faultOf(new UncheckedIOException(new IOException("disk full")), signed);
      assertThat(logged).hasSize(1);
    } finally {
      log.removeHandler(kept);
    }
  }

  private static JsonNode outcome(Reply reply) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      reply.body().writeTo(bytes);
      return new ObjectMapper().readTree(bytes.toByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
